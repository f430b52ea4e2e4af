"""Lists of boxes: as the NIH published its own, and with named columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_studio.datasets.box_list import ListedBox, read_box_list
from cxr_studio.errors import ReadError

PUBLISHED = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00013118_008.png,Atelectasis,225.08,547.02,86.78,79.19,,,\n"
NAMED = "image,finding,x,y,width,height\n00013118_008.png,Atelectasis,225.08,547.02,86.78,79.19\n"


@pytest.mark.parametrize("text", [PUBLISHED, "\ufeff" + NAMED, NAMED.replace("width,height", "w,h")])
def test_both_ways_to_write_a_list(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    found = read_box_list(tmp_path / "list.csv")
    assert found == [ListedBox("00013118_008.png", "Atelectasis", 225.08, 547.02, 86.78, 79.19)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("image,x,y,width,height\n", "no column finding"),
        (NAMED.replace("86.78", "0"), "line 2"),
        (NAMED.replace("86.78", "wide"), "line 2"),
        (NAMED + "a.png,Mass,1\n", "line 3"),
        (NAMED.partition("\n")[0], "empty"),
        ("", "no column image"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(ReadError, match=fault):
        read_box_list(tmp_path / "list.csv")


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be read"):
        read_box_list(tmp_path / "none.csv")
