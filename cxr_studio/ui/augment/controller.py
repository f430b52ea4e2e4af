"""Augmenting a folder from the window: previews, the job, and continuing one that was stopped."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from cxr_studio.augmentation.options import Options, begun_in, plan_of, sources_of
from cxr_studio.augmentation.record import Nodule, Record
from cxr_studio.datasets.manifest import Item
from cxr_studio.datasets.splits import split_notes
from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.augment.auditing import REPORT, audited_set
from cxr_studio.ui.augment.form import Chosen
from cxr_studio.ui.augment.preview import Example, read_example
from cxr_studio.ui.jobs.job import Job, JobView
from cxr_studio.ui.jobs.job_dialog import few
from cxr_studio.ui.shell.background import Background


class AugmentView(JobView, Protocol):
    """What the controller shows itself in."""

    def show_example(self, example: Example, words: str) -> None:
        """Show an image of the set."""

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that starts the job."""

    def open_page(self, page: Path) -> None:
        """Show a report."""


class AugmentController(QObject):
    """Makes a set of augmented images.

    Args:
        background: Runs previews and the job.
        view: Shows them.
    """

    def __init__(self, background: Background, view: AugmentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._view = view
        self._sources: dict[Path, tuple[tuple[Item, ...], str]] = {}
        self._shown = -1
        self._previewing = False
        self.job = Job(background, view, self)

    def looked(self, out: str) -> dict[str, object] | None:
        """Another folder of the set is named: the plan that was begun in it, if any, which can be continued."""
        found = begun_in(Path(out).expanduser()) if out else None
        if found is None:
            self._view.set_start("Make the set")
            return None
        count = int(found.values.get("count", 0))
        left = max(0, count - found.made)
        self._view.set_start("Continue")
        self._view.say(f"{found.made} of {count} images are in this folder; Continue makes the other {left}.")
        return found.values

    def preview(self, chosen: Chosen) -> None:
        """Make the next image of the set and show it; nothing is kept."""
        if self._previewing or self.job.running or not self._complete(chosen.options):
            return
        self._previewing = True
        self._shown = (self._shown + 1) % chosen.options.count
        index = self._shown
        self._view.say("Making a preview…")

        def work(_progress: Progress, _token: CancelToken) -> Example:
            from cxr_studio.augmentation.nodules import make
            from cxr_studio.augmentation.record import IMAGES

            plan = plan_of(chosen.options, self._listed(chosen.options.source)[0])
            with tempfile.TemporaryDirectory(prefix="cxr-preview-") as folder:
                record = make(plan, Path(folder), index)
                return read_example(Path(folder) / IMAGES / record.file, record)

        self._background.run("Making a preview", work, done=self._previewed, failed=self._refused, quiet=True)

    def start(self, chosen: Chosen) -> None:
        """Make the set, or what is missing of it."""
        if not self._complete(chosen.options):
            return

        def work(progress: Progress, token: CancelToken) -> list[str]:
            return self._made(chosen, progress, token)

        def done(sentences: list[str]) -> None:
            self._view.say(*sentences)
            page = chosen.options.out / REPORT
            if chosen.audit and page.is_file():
                self._view.open_page(page)

        self.job.start("Augmenting", work, done=done)

    def cancel(self) -> None:
        """Stop it; what is made stays and can be continued."""
        self.job.cancel()
        self._view.set_start("Continue")
        self._view.say("Stopped. The images that were made stay; Continue makes the rest.")

    def _made(self, chosen: Chosen, progress: Progress, token: CancelToken) -> list[str]:
        from cxr_studio.augmentation.asked import asked_and_drawn, selected_words
        from cxr_studio.augmentation.exporters.formats import write_all
        from cxr_studio.augmentation.job import run
        from cxr_studio.jobs.running import Running

        options = chosen.options
        progress(0.0, "Reading the radiographs")
        sources, note = self._listed(options.source)
        plan = plan_of(options, sources)
        workers = _workers(plan.count)
        running = Running(workers, apart=workers > 1)
        outcome = run(plan, options.out, running, progress=progress, cancel=token)
        written = write_all(outcome.records, options.out, chosen.labels)
        notes = [words for words in (note, selected_words(outcome.records), *asked_and_drawn(outcome.records)) if words]
        notes += split_notes({record.patient: record.split for record in outcome.records})
        first = f"{len(outcome.records)} of {plan.count} images in {options.out}, {outcome.made} made in this run."
        if chosen.audit:
            notes += audited_set(options.out, options.source, progress=_then(progress, token))
        return [first, f"Labels: {', '.join(path.name for path in written)}.", *notes, *few(outcome.faults)]

    def _listed(self, folder: Path) -> tuple[tuple[Item, ...], str]:
        """The radiographs of a folder; hashed once."""
        if folder not in self._sources:
            self._sources[folder] = sources_of(folder)
        return self._sources[folder]

    def _complete(self, options: Options) -> bool:
        for folder, words in ((options.source, "radiographs"), (options.out, "the set")):
            if str(folder) == ".":
                self._view.say(f"Choose the folder of {words} first.")
                return False
        return True

    def _previewed(self, example: Example) -> None:
        self._previewing = False
        self._view.show_example(example, example_words(example.record))
        self._view.say("")

    def _refused(self, fault: Exception) -> None:
        self._previewing = False
        if not isinstance(fault, StudioError):
            raise fault
        self._view.say(str(fault))


def example_words(record: Record) -> str:
    """What an example is: number, radiograph, nodules, and the detector's score where one selected it."""
    nodules = "; ".join(map(_nodule_words, record.nodules))
    words = f"Image {record.index + 1}, from {record.source}: {nodules}"
    return words if record.selected is None else f"{words}. {_draw_words(record.selected)}"


def _nodule_words(nodule: Nodule) -> str:
    """``12.0 mm, smooth, solid, subtlety 4``, as far as it is known."""
    size = f"{nodule.diameter_px:.0f} px" if nodule.diameter_mm is None else f"{nodule.diameter_mm:.1f} mm"
    seen = nodule.measured
    grade = seen.get("subtlety")
    parts = [size, seen.get("margin"), seen.get("density"), f"subtlety {grade}" if grade else ""]
    return ", ".join(str(part) for part in parts if part)


def _draw_words(selected: Mapping[str, object]) -> str:
    """``Score 0.42, draw 2 of 2``: the one that was kept."""
    return (
        f"Score {float(str(selected['score'])):.2f}, draw {int(str(selected['candidate'])) + 1} of {selected['drawn']}"
    )


def _then(progress: Progress, token: CancelToken) -> Progress:
    """The progress of what follows, which can be cancelled too."""

    def step(part: float, words: str) -> None:
        token.raise_if_cancelled()
        progress(part, words)

    return step


def _workers(count: int) -> int:
    """Processes: one core is left to the window."""
    return max(1, min((os.cpu_count() or 1) - 1, count))
