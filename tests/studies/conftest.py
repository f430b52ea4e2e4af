from pathlib import Path

import pytest

from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
from cxr_studio.studies.statistics.observations import ReadingStudy

EXAMPLE = Path(__file__).parent / "fixtures" / "imrmc_input.imrmc"


@pytest.fixture(scope="session")
def example() -> ReadingStudy:
    """iMRMC's example: five readers, 40 + 40 cases, testA and testB."""
    return read_imrmc(EXAMPLE).study
