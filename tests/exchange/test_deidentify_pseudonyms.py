"""The owner's table of pseudonyms."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.exchange.deidentify_pseudonyms import key_of, open_pseudonyms, refuse_beside


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "owner" / "pseudonyms.csv"


def test_a_patient_is_the_same_in_every_run_and_another_under_another_key(table: Path, tmp_path: Path) -> None:
    first = open_pseudonyms(table).of('Müller, "Anna"\n12')
    assert open_pseudonyms(table).of('Müller, "Anna"\n12') == first
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3  # the patient's own line break is one
    assert -4015 <= first.days <= -365
    other = open_pseudonyms(tmp_path / "other.csv").of('Müller, "Anna"\n12')
    assert other.name != first.name


def test_two_writers_lose_nothing(table: Path) -> None:
    one, two = open_pseudonyms(table), open_pseudonyms(table)
    names = [one.of("A").name, two.of("B").name, one.of("C").name, two.of("A").name]
    assert names[0] == names[3]
    again = open_pseudonyms(table)
    assert [again.of(p).name for p in "ABC"] == names[:3]


def test_the_owner_may_choose_a_pseudonym(table: Path) -> None:
    mark = open_pseudonyms(table).mark
    with table.open("a", encoding="utf-8") as stream:
        stream.write(f"MRN-1,STUDY-007,-400,{mark}")  # without a line break at its end
    chosen = open_pseudonyms(table)
    assert (chosen.of("MRN-1").name, chosen.of("MRN-1").days) == ("STUDY-007", -400)
    chosen.of("MRN-2")
    assert open_pseudonyms(table).of("MRN-1").name == "STUDY-007"


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_only_the_owner_may_read_them(table: Path) -> None:
    open_pseudonyms(table).of("A")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (table, key_of(table))] == [0o600, 0o600]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda table: key_of(table).unlink(), "key of this table .* is missing"),
        (lambda table: key_of(table).write_text("xyz"), "key cannot be read"),
        (lambda table: key_of(table).write_text("00"), "too short"),
        (lambda table: key_of(table).write_text("00" * 32), "written with another key"),
        (lambda table: table.write_text("a,b\n1,2\n"), "no table of pseudonyms"),
        (lambda table: table.write_bytes(b"\xff\xfe"), "cannot be read"),
        (lambda table: table.write_text(table.read_text() + "X,Y\n"), "line 3"),
    ],
)
def test_what_is_wrong_is_a_sentence(spoil, words: str, table: Path) -> None:
    open_pseudonyms(table).of("A")
    spoil(table)
    with pytest.raises(ReadError, match=words):
        open_pseudonyms(table)


def test_it_does_not_lie_among_the_results(tmp_path: Path) -> None:
    refuse_beside(tmp_path / "owner.csv", tmp_path / "out")
    with pytest.raises(StudioError, match="lead back to the patients"):
        refuse_beside(tmp_path / "out" / "deep" / "owner.csv", tmp_path / "out")


def test_a_full_disk_leaves_no_half_a_line(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pseudonyms = open_pseudonyms(table)
    before, write = table.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, line: write(handle, line[:5]))
    with pytest.raises(WriteError, match="disk is full"):
        pseudonyms.of("A")
    assert table.read_bytes() == before
