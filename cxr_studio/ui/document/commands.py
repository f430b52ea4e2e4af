"""What can be done with files."""

from __future__ import annotations

from cxr_studio.resources import resource
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.document.exporting import ExportController
from cxr_studio.ui.shell.action import Action, Condition

FIRST, LAST = "No previous radiograph.", "No further radiograph."
NO_FOLDER = "No folder is open."


def actions(documents: DocumentController, exports: ExportController, opened: Condition) -> tuple[Action, ...]:
    """The rows of the File menu."""
    return (
        *_opening(documents),
        *_saving(documents, exports, opened),
        *_walking(documents),
        _closing(documents, opened),
    )


def _opening(documents: DocumentController) -> tuple[Action, ...]:
    return (
        Action(
            "file.open",
            "Open…",
            "Open a radiograph or a session.",
            documents.open_with_dialog,
            icon="open",
            keys=("Ctrl+O",),
            group="open",
        ),
        Action(
            "file.open-folder",
            "Open folder…",
            "Show the radiographs of a folder.",
            documents.open_folder_with_dialog,
            icon="open",
            keys=("Ctrl+Shift+O",),
            group="open",
        ),
        Action(
            "file.sample",
            "Open the bundled sample",
            "Open a chest radiograph with large masses.",
            lambda: documents.open([resource("samples", "masses.dcm")]),
            group="open",
        ),
    )


def _saving(documents: DocumentController, exports: ExportController, opened: Condition) -> tuple[Action, ...]:
    return (
        Action(
            "file.save",
            "Save now",
            "Write mask and edits at once. They are kept as you go in any case.",
            documents.save,
            icon="save",
            keys=("Ctrl+S",),
            group="save",
            when=opened,
        ),
        Action(
            "file.save-as",
            "Save a copy of the session…",
            "Write mask, edits and their provenance to another file; your work stays where it is kept.",
            exports.save_copy,
            icon="save",
            keys=("Ctrl+Shift+S",),
            group="save",
            when=opened,
        ),
        Action(
            "file.export",
            "Export image…",
            "Write the inpainted image with its provenance.",
            exports.export_with_dialog,
            icon="export",
            keys=("Ctrl+E",),
            group="save",
            when=opened,
            also=("write", "dicom", "png"),
        ),
    )


def _walking(documents: DocumentController) -> tuple[Action, ...]:
    return (
        Action(
            "file.previous",
            "Previous radiograph",
            "Open the previous file.",
            lambda: documents.step(-1),
            icon="previous",
            keys=("PgUp",),
            group="walk",
            when=_beside(documents, -1, FIRST),
        ),
        Action(
            "file.next",
            "Next radiograph",
            "Open the next file.",
            lambda: documents.step(1),
            icon="next",
            keys=("PgDown",),
            group="walk",
            when=_beside(documents, 1, LAST),
        ),
    )


def _beside(documents: DocumentController, places: int, end: str) -> Condition:
    def why() -> str:
        if documents.ring.beside(places) is not None:
            return ""
        return end if documents.ring.paths else NO_FOLDER

    return why


def _closing(documents: DocumentController, opened: Condition) -> Action:
    return Action(
        "file.close",
        "Close radiograph",
        "Close it; its edits are kept.",
        documents.close,
        icon="close",
        keys=("Ctrl+W",),
        group="close",
        when=opened,
    )
