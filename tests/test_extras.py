"""What few need is an extra: without it the rest works, and what needs it says how to install it."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from cxr_studio.errors import StudioError
from cxr_studio.extras import needed
from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
from cxr_studio.studies.exporters.jafroc import as_marks, write_jafroc
from cxr_studio.studies.log import AnswerLog
from tests.studies.conftest import EXAMPLE
from tests.studies.tiny_study import tiny_study

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
CALL = re.compile(r"cxr-studio\[([a-z-]+)\]|needed\(\s*\"[\w.]+\", \"([a-z-]+)\"")


def hide(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """As if it were not installed."""
    monkeypatch.setitem(sys.modules, module, None)


def test_a_workbook_without_openpyxl_is_one_sentence(monkeypatch, tmp_path):
    hide(monkeypatch, "openpyxl")
    with pytest.raises(StudioError) as fault:
        write_jafroc(as_marks(read_imrmc(EXAMPLE).study), tmp_path / "roc.xlsx")
    wanted = "Workbooks (.xlsx) need openpyxl, which is not installed. Run pip install 'cxr-studio[xlsx]'."
    assert str(fault.value) == wanted
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_a_server_without_psycopg_is_one_sentence_and_a_file_needs_none(monkeypatch, tmp_path, scheme):
    hide(monkeypatch, "psycopg")
    bundle, _ = tiny_study(tmp_path)
    with pytest.raises(StudioError, match=r"server need psycopg.*pip install 'cxr-studio\[postgresql\]'"):
        AnswerLog(bundle, f"{scheme}://reader@server/study")
    AnswerLog(bundle).close()


def test_a_module_of_an_extra_is_that_module():
    assert needed("json", "xlsx", "tests").dumps([1]) == "[1]"


def test_every_extra_that_a_sentence_names_exists_and_stands_in_the_table():
    sources = [path for room in ("cxr_studio", "trainers") for path in (ROOT / room).rglob("*.py")]
    named = {name for path in sources for pair in CALL.findall(path.read_text()) for name in pair if name}
    assert {"postgresql", "xlsx", "train", "onnx"} <= named <= set(EXTRAS)
    table = (ROOT / "docs" / "using.md").read_text()
    assert [name for name in EXTRAS if f"| `{name}` |" not in table] == []


def test_what_is_an_extra_is_no_part_of_the_program_and_dev_has_it():
    required = {name(each) for each in PROJECT["dependencies"]}
    for extra in ("dicom-net", "cluster", "pack", "postgresql", "xlsx"):
        packages = {name(each) for each in EXTRAS[extra]}
        assert not packages & required
        assert packages <= {name(each) for each in EXTRAS["dev"]}


def name(requirement: str) -> str:
    """The package of a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0].lower()
