from __future__ import annotations

from pathlib import Path

from cxr_studio.ui.document.folder import FileRing, radiographs_in, radiographs_of


def test_files_come_in_the_order_of_their_numbers(tmp_path: Path):
    for name in ("scan10.png", "scan9.PNG", "scan1.dcm", "notes.txt", ".hidden.png", "EXPORT"):
        (tmp_path / name).touch()
    for name in ("EXPORT", "1.2.840.113619.2.5"):
        (tmp_path / name).write_bytes(bytes(128) + b"DICM")
    (tmp_path / "README").write_text("Notes")
    (tmp_path / "folder.png").mkdir()
    names = [path.name for path in radiographs_in(tmp_path)]
    assert names == ["1.2.840.113619.2.5", "EXPORT", "scan1.dcm", "scan9.PNG", "scan10.png"]


def test_a_missing_folder_is_empty(tmp_path: Path):
    assert radiographs_in(tmp_path / "gone") == []


def test_folders_are_opened_up_and_files_kept(tmp_path: Path):
    (tmp_path / "b.png").touch()
    other = tmp_path / "other.weird"
    assert radiographs_of([other, tmp_path]) == [other, tmp_path / "b.png"]


def test_the_ring_stops_at_its_ends():
    ring = FileRing()
    assert ring.beside(1) is None
    first, second = Path("a"), Path("b")
    ring.set_paths([first, second], second)
    assert ring.beside(1) is None
    assert ring.beside(-1) == first
    ring.place(Path("elsewhere"))
    assert ring.beside(1) == first
