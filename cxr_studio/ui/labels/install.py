"""Export of labels and masks from the window: one action, one dialog."""

from __future__ import annotations

from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk


def install(desk: Desk, documents: DocumentController) -> None:
    """Declare the action."""
    desk.actions.add(
        Action(
            "file.export-labels",
            "Export labels and masks…",
            "Write the nodules that you placed for a detector: COCO, YOLO, Pascal VOC, NODE21, with images and masks.",
            lambda: open_dialog(desk, documents),
            icon="export",
            keys=("Ctrl+Shift+L",),
            group="save",
            when=lambda: "" if documents.ring.paths else "Open a folder of radiographs first.",
            also=("coco", "yolo", "voc", "node21", "annotations", "boxes", "detector", "masks", "dataset"),
        )
    )


def open_dialog(desk: Desk, documents: DocumentController) -> None:
    """Show the dialog; the window stays free to work in."""
    from cxr_studio.ui.jobs.job_dialog import JobDialog, offer_folder
    from cxr_studio.ui.labels.controller import LabelsController, Project
    from cxr_studio.ui.labels.form import LabelsForm

    ring, session = documents.ring, desk.workspace.session
    source = None if session is None else session.radiograph.source.path
    folder = ring.paths[0].parent
    form = LabelsForm(desk.workspace.name, len(ring.paths), folder.with_name(f"{folder.name}-labels"))
    dialog = JobDialog("Export labels and masks", form, start="Export", parent=desk.parent)
    project = Project(tuple(ring.paths), source, documents.keep, documents.keeping.sessions)
    controller = LabelsController(project, desk.background, dialog, dialog)
    controller.exported.connect(lambda out: offer_folder(dialog, out))
    dialog.started.connect(lambda: controller.export(form.wanted, form.folder, whole=form.whole))
    dialog.cancelled.connect(controller.job.cancel)
    dialog.resize(560, dialog.sizeHint().height())
    dialog.show()
