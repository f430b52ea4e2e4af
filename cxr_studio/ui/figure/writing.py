"""A figure into a file: PNG and TIFF at 300 dots per inch, PDF and SVG with words as words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from cxr_studio.errors import WriteError
from cxr_studio.files import replaced
from cxr_studio.ui.figure.drawing import DPI

Draw = Callable[[QPainter], None]
"""Draws a figure; the painter is in dots."""

NOTE = "CXR Studio. The inpainted image is synthetic where it differs from the original."


def write_figure(path: Path, size: QSize, draw: Draw) -> None:
    """Write the format that the name's ending says.

    Raises:
        WriteError: an ending that is none of .png, .tif, .tiff, .pdf and .svg, or a folder that cannot be written.
    """
    writers = {".png": _write_dots, ".tif": _write_dots, ".tiff": _write_dots, ".pdf": _write_pdf, ".svg": _write_svg}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise WriteError("a figure is written as .png, .tif, .pdf or .svg", file=path, remedy="Choose another ending")
    with replaced(path) as beside:
        write(beside, size, draw)


def figure_image(size: QSize, draw: Draw) -> QImage:
    """The figure as dots, RGB."""
    image = QImage(size, QImage.Format.Format_RGB888)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return image


def _write_dots(path: Path, size: QSize, draw: Draw) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    image = figure_image(size, draw)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    if path.suffix.lower() == ".png":
        fields = PngInfo()
        fields.add_text("Description", NOTE)
        picture.save(path, dpi=(DPI, DPI), pnginfo=fields)
    else:
        picture.save(path, dpi=(DPI, DPI), compression="tiff_lzw", description=NOTE)


def _write_pdf(path: Path, size: QSize, draw: Draw) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(DPI)
    page = QSizeF(size.width() / DPI * 25.4, size.height() / DPI * 25.4)
    layout = QPageLayout(
        QPageSize(page, QPageSize.Unit.Millimeter), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
    )
    writer.setPageLayout(layout)
    writer.setCreator(NOTE)
    painter = QPainter(writer)
    draw(painter)
    painter.end()


def _write_svg(path: Path, size: QSize, draw: Draw) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setResolution(DPI)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setDescription(NOTE)
    painter = QPainter(generator)
    draw(painter)
    painter.end()
