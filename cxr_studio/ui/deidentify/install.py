"""De-identification in the window."""

from __future__ import annotations

from cxr_studio.ui.deidentify.controller import DeidentifyController
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk

ALSO = ("anonymise", "anonymize", "de-identify", "privacy", "patient", "name", "pseudonym")


def install(desk: Desk) -> DeidentifyController:
    """Declare the actions."""
    controller = DeidentifyController(desk.workspace, desk.background, desk.dialogs, desk.parent)
    controller.told.connect(desk.tell)
    controller.warned.connect(desk.warn)
    opened = needs_image(desk.workspace)
    desk.actions.add(
        Action(
            "file.export-deidentified",
            "Export de-identified image…",
            "Write the inpainted image without its patient: names, identifiers and dates go, pixels stay.",
            controller.export_with_dialog,
            icon="export",
            keys=("Ctrl+Alt+N",),
            group="save",
            when=opened,
            also=(*ALSO, "write", "dicom"),
        ),
        Action(
            "edit.select-burned-in",
            "Select burned-in text",
            "Add what looks like text or a marker in the pixels to the mask, to fill it.",
            controller.select_text,
            icon="select",
            keys=("Ctrl+Alt+T",),
            group="mask",
            when=opened,
            also=(*ALSO, "burned-in annotation", "letters"),
        ),
    )
    return controller
