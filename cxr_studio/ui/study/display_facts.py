"""What is known of the monitor that a study is shown on, and what speaks against it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtGui import QScreen

from cxr_studio.ui.study.gsdf import wanted_luminances


@dataclass(frozen=True)
class Monitor:
    """A monitor.

    Attributes:
        name: Of the window system.
        model: Maker and model, "" if not told.
        serial: Serial number, "" if not told.
        width, height: Device pixels.
        scale: The operating system's scale factor.
        refresh_hz: Frames a second.
    """

    name: str
    model: str
    serial: str
    width: int
    height: int
    scale: float
    refresh_hz: float


@dataclass(frozen=True)
class DisplayCheck:
    """What the reader's display check found.

    Attributes:
        monitor: The monitor that the window is on.
        chosen: Name of the one that was chosen.
        pane: Width and height that an image has, device pixels.
        image: Width and height of the study's images.
        least, most, ambient: Luminance of black and of white and of the room's light on the screen, cd/m²; 0 where not
            measured.
        squares_seen: The reader sees both squares in all patches.
    """

    monitor: Monitor
    chosen: str
    pane: tuple[int, int]
    image: tuple[int, int]
    least: float = 0.0
    most: float = 0.0
    ambient: float = 0.0
    squares_seen: bool = False

    @property
    def measured(self) -> bool:
        """Black and white have been measured and make sense."""
        return 0 < self.least < self.most

    @property
    def ratio(self) -> float | None:
        """Luminance ratio with the room's light."""
        return (self.most + self.ambient) / (self.least + self.ambient) if self.measured else None

    @property
    def native(self) -> bool:
        """Every image pixel has a pixel of the screen."""
        return self.image[0] <= self.pane[0] and self.image[1] <= self.pane[1]

    def warnings(self) -> tuple[str, ...]:
        """What speaks against this display, a sentence each."""
        found = []
        if self.monitor.name != self.chosen:
            found.append(f"The window is on the monitor {self.monitor.name}, not on {self.chosen}.")
        if self.monitor.scale != 1:
            found.append(
                f"This monitor is scaled to {round(100 * self.monitor.scale)} %. Images are still drawn pixel for "
                "pixel, but set 100 % if you can."
            )
        if not self.native:
            image, pane = "{} × {}".format(*self.image), "{} × {}".format(*self.pane)
            found.append(
                f"The images have {image} pixels, and there is room for {pane}: they are shown smaller. "
                "Zoom in to see every pixel, or use a larger monitor."
            )
        if 0 < self.most <= self.least:
            found.append("White must be brighter than black.")
        return tuple(found)

    def body(self) -> dict[str, Any]:
        """Plain values for the log."""
        wanted = wanted_luminances(self.least, self.most, ambient=self.ambient) if self.measured else ()
        return {
            **asdict(self),
            "pane": list(self.pane),
            "image": list(self.image),
            "native": self.native,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "gsdf_cd_m2": [round(light, 4) for light in wanted],
            "warnings": list(self.warnings()),
        }


def screen_name(screen: QScreen) -> str:
    """Name of a screen, its model where the window system names none."""
    return screen.name() or screen.model() or "of this computer"


def monitor_of(screen: QScreen) -> Monitor:
    """Facts of a screen."""
    size, ratio = screen.size(), screen.devicePixelRatio()
    model = " ".join(word for word in (screen.manufacturer(), screen.model()) if word)
    return Monitor(
        screen_name(screen),
        model,
        screen.serialNumber(),
        round(size.width() * ratio),
        round(size.height() * ratio),
        round(ratio, 4),
        round(screen.refreshRate(), 3),
    )
