"""Highlighting of many radiographs as a batch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.datasets.manifest import Item, picture_difference
from cxr_studio.datasets.naming import stem_of
from cxr_studio.errors import ReadError
from cxr_studio.generation.precision import Precision, running_in
from cxr_studio.jobs.batch import Batch
from cxr_studio.quality.highlighting.export import Wanted, result_files, write_map
from cxr_studio.quality.highlighting.highlight import highlight
from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Highlighting(Batch):
    """Radiographs in which abnormalities are searched.

    Attributes:
        sources: The radiographs.
        folder: Gets four files for each; see ``export.write_map``.
        search: How they are searched.
        wanted: Which map.
        checkpoint_sha256: Of the generator, "" for one that needs none.
        device: Where it runs.
        precision: Of its network on the processor.
    """

    sources: tuple[Item, ...]
    folder: Path
    search: HighlightOptions
    wanted: Wanted
    checkpoint_sha256: str = ""
    device: str = "auto"
    precision: Precision = "full"

    command: ClassVar[str] = "highlight"
    noun: ClassVar[str] = "radiograph"
    kind: ClassVar[str] = "search"
    hidden: ClassVar[bool] = True

    @property
    def count(self) -> int:
        """Radiographs."""
        return len(self.sources)

    def plan_text(self) -> str:
        """Radiographs and options."""
        stated = {"search": asdict(self.search), "wanted": asdict(self.wanted), "device": self.device}
        stated |= {"checkpoint_sha256": self.checkpoint_sha256, "precision": self.precision}
        listed = [[item.path.name, item.sha256] for item in self.sources]
        return json.dumps({**stated, "sources": listed, "version": program_version()}, indent=1, sort_keys=True) + "\n"

    def make(self, index: int) -> None:
        """Search a radiograph, and write what was found."""
        path = self.sources[index].path
        radiograph = read_radiograph(path)
        with running_in(self.precision):
            found = highlight(radiograph, self.search, device=self.device)
        write_map(self.folder, radiograph, found, stem=stem_of(path), wanted=self.wanted)

    def mark(self, index: int) -> str:
        """Its provenance."""
        return result_files(Path(), stem_of(self.sources[index].path))[-1].as_posix()

    def owns(self, stem: str) -> bool:
        """Whether it is a result of one of the radiographs."""
        return stem in self._stems

    @cached_property
    def _stems(self) -> set[str]:
        return {file.stem for item in self.sources for file in result_files(Path(), stem_of(item.path))}

    def difference(self, kept: dict[str, Any], now: dict[str, Any]) -> str:
        """Which radiographs or options."""
        return picture_difference(kept, now) or super().difference(kept, now)

    def sentence(self, index: int) -> str:
        """What was found in a radiograph that is done.

        Raises:
            ReadError: its provenance is damaged.
        """
        path = self.folder / self.mark(index)
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            return found_words(self.sources[index].path, record)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ReadError("the record is damaged", file=path, remedy="Delete it and run the same command") from fault


def found_words(path: Path, record: dict[str, Any]) -> str:
    """What was found in a radiograph, by what ``write_map`` records of it."""
    spots, notes = len(record["spots"]), " ".join(record["notes"])
    return f"{path.name}: {spots} hot spots in the {record['map']} map above {record['threshold']:g}. {notes}"
