"""The files of what is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from threading import Lock

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.exchange.deidentify_files import Wanted as Deidentified
from cxr_studio.exchange.deidentify_files import deidentify_files
from cxr_studio.exchange.objects import Kind, objects_beside
from cxr_studio.generation.export import export
from cxr_studio.generation.session import Session
from cxr_studio.ui.archive.parts import IMAGE, Terms

NAME = "inpainted"


class PartFiles:
    """The files of one state of a session, each written once: what was sent before is known by the archive again.

    Args:
        session: The state; nobody changes it.
        folder: Where they go.
        terms: How they are written.

    Attributes:
        burned_in: Places of the de-identified image that look like text or markers.
    """

    def __init__(self, session: Session, folder: Path, terms: Terms) -> None:
        self._session, self._folder, self._terms = session, folder, terms
        self._written: dict[str, Path] = {}
        self._clean: dict[Path, Path] = {}
        self._lock = Lock()
        self.burned_in = 0

    def written(self, keys: Collection[str], progress: Progress, token: CancelToken) -> dict[str, Path]:
        """The files of these parts; what is missing is written. A part that has nothing to say has no file.

        Raises:
            StudioError: one cannot be written.
            Cancelled: between two files.
        """
        with self._lock:  # a call that was cancelled may still be at it
            image = self._folder / f"{NAME}.dcm"
            if IMAGE not in self._written and any(edit.enabled for edit in self._session.edits):
                progress(0.0, "Writing the inpainted radiograph")
                export(self._session, image)
                self._written[IMAGE] = image
            kinds = [kind for kind in Kind if kind in keys and kind not in self._written]
            if kinds:
                wanted = replace(self._terms.wanted, kinds=kinds)
                made = objects_beside(self._session, image, wanted, progress=progress, cancel=token)
                names = {f"{NAME}-{kind}.dcm": kind for kind in kinds}
                self._written.update({names[path.name]: path for path in made if path.name in names})
            found = {key: self._written[key] for key in keys if key in self._written}
            return found if self._terms.without_patient is None else self._deidentified(found)

    def _deidentified(self, found: dict[str, Path]) -> dict[str, Path]:
        """The same parts without the patient.

        Raises:
            StudioError: one cannot be de-identified; none of them is sent.
        """
        asked = self._terms.without_patient
        missing = [path for path in found.values() if path not in self._clean]
        if asked is not None and missing:
            for path, done in deidentify_files(missing, self._folder / "clean", Deidentified(asked)):
                if isinstance(done, StudioError):
                    raise done
                self._clean[path] = done.out
                self.burned_in = max(self.burned_in, len(done.regions))
        return {key: self._clean[path] for key, path in found.items()}
