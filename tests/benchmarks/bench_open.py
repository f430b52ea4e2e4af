"""Opening a 3000 × 3000 JPEG 2000 DICOM beside its bare decode."""

import time
from pathlib import Path
from statistics import median

import pytest

from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.reading import read_radiograph
from tests.benchmarks.measure import large_image, tell

pytestmark = pytest.mark.benchmark
RUNS = 5


def written(folder: Path) -> tuple[Path, bytes]:
    import pydicom
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import JPEG2000Lossless, generate_uid

    image = large_image()
    header = pydicom.Dataset()
    header.file_meta = FileMetaDataset()
    header.file_meta.MediaStorageSOPClassUID = header.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID = generate_uid()
    header.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    header.Modality, header.PhotometricInterpretation, header.SamplesPerPixel = "DX", "MONOCHROME2", 1
    header.Rows, header.Columns = image.shape
    header.BitsAllocated = header.BitsStored = 16
    header.HighBit, header.PixelRepresentation = 15, 0
    header.PixelData = image.tobytes()
    header.compress(JPEG2000Lossless)
    path = folder / "large.dcm"
    header.save_as(path, enforce_file_format=True)
    return path, next(pydicom.encaps.generate_frames(header.PixelData, number_of_frames=1))


def test_open_jpeg_2000(tmp_path: Path) -> None:
    import openjpeg

    path, frame = written(tmp_path)
    decode, opened = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        openjpeg.decode(frame)
        decode.append(time.perf_counter() - started)
        started = time.perf_counter()
        radiograph = read_radiograph(path)
        radiograph.grey.display_table(default_window(radiograph))
        opened.append(time.perf_counter() - started)
    rows = [("bare OpenJPEG decode", median(decode), "s"), ("read_radiograph and its window", median(opened), "s")]
    tell("Opening a 3000 × 3000 JPEG 2000 DICOM, 16 bits (target: 1.2 ×)", rows, base="bare OpenJPEG decode")
