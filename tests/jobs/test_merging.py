"""Parts joined are the whole; what is missing, doubled, of another job or unfinished is refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_studio.errors import StudioError
from cxr_studio.jobs.merging import merge
from cxr_studio.jobs.parts import Part, read_part
from cxr_studio.jobs.running import Running, run
from tests.jobs.squares import Squares, contents


def part(folder: Path, text: str, **changes: object) -> Path:
    wanted = replace(read_part(text), words=("augment", "in", "--part", text))
    run(Squares(folder, **changes), Running(part=wanted))  # type: ignore[arg-type]
    return folder


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    return [part(tmp_path / f"p{k}", f"{k}/3") for k in (1, 2, 3)]


def test_parts_joined_are_one_run_byte_for_byte(three: list[Path], tmp_path: Path) -> None:
    run(Squares(tmp_path / "whole"))
    merged = merge(three[::-1], tmp_path / "joined")
    assert (merged.command, merged.count, merged.faults) == ("augment", 20, ())
    assert merged.words == ("augment", "in", "--part", "3/3")
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    (tmp_path / "joined" / "squares" / "004.txt").unlink()
    assert merge(three, tmp_path / "joined").count == 20
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert run(Squares(tmp_path / "joined")).made == 0


def test_copies_where_the_disk_knows_no_links(three, tmp_path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links")

    monkeypatch.setattr("os.link", refuse)
    merge(three, tmp_path / "joined")
    run(Squares(tmp_path / "whole"))
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")


def test_what_could_not_be_made_is_passed_on(tmp_path: Path) -> None:
    parts = [part(tmp_path / f"p{k}", f"{k}/2", bad=(4,)) for k in (1, 2)]
    merged = merge(parts, tmp_path / "joined")
    assert (merged.count, merged.faults) == (19, ("4.txt: this number is bad.",))


def test_shares_are_all_items_once() -> None:
    shares = [Part(k, 7).share(range(100)) for k in range(1, 8)]
    assert [index for share in shares for index in share] == list(range(100))
    assert {len(share) for share in shares} == {14, 15}
    assert [len(Part(k, 3).share(range(2))) for k in (1, 2, 3)] == [0, 1, 1]


@pytest.mark.parametrize("text", ["0/4", "5/4", "2", "a/b", "/", "-1/3", "1/1000000"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(StudioError, match="no part of a job"):
        read_part(text)


def test_missing_doubled_and_unfinished_parts_are_refused(three: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "joined"
    with pytest.raises(StudioError, match="Part 2 of 3 is missing"):
        merge([three[0], three[2]], out)
    with pytest.raises(StudioError, match="Parts 1, 3 of 3 are missing"):
        merge([three[1]], out)
    part(tmp_path / "twin", "2/3")
    with pytest.raises(StudioError, match="twin: it is part 2 of 3, and so is p2"):
        merge([*three, tmp_path / "twin"], out)
    next((three[1] / "squares").iterdir()).unlink()
    with pytest.raises(StudioError, match=r"p2: part 2 of 3 is not finished, 1 of 7 items are missing\. Run its"):
        merge(three, out)
    assert not out.exists()


def test_parts_of_other_jobs_are_refused(three: list[Path], tmp_path: Path) -> None:
    other = part(tmp_path / "other", "2/3", seed=5)
    with pytest.raises(StudioError, match=r"other: the part has other options \(seed\) than p1"):
        merge([three[0], other, three[2]], tmp_path / "joined")
    with pytest.raises(StudioError, match="holds no part of a job"):
        merge([three[0], tmp_path], tmp_path / "joined")
    half = part(tmp_path / "half", "1/2")
    with pytest.raises(StudioError, match="one of 2 parts"):
        merge([*three, half], tmp_path / "joined")


def test_the_place_of_the_whole_is_its_own(three: list[Path], tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="cannot take the whole"):
        merge(three, three[0])
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(StudioError, match="holds other files"):
        merge(three, tmp_path / "full")
    run(Squares(tmp_path / "done", seed=9))
    with pytest.raises(StudioError, match="holds another job"):
        merge(three, tmp_path / "done")


def test_a_folder_holds_one_part(three: list[Path], tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"p1: the folder holds part 1 of 3 of a job\. Choose another folder for"):
        part(three[0], "2/3")
    with pytest.raises(StudioError, match=r"or give --part 1/3"):
        run(Squares(three[0]))
    run(Squares(tmp_path / "whole"))
    with pytest.raises(StudioError, match="holds a whole job"):
        part(tmp_path / "whole", "1/3")
