"""Files of the models folder that are not offered: said below every list of generators, with the reason of each."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtWidgets import QWidget

from cxr_studio.resources import user_models
from cxr_studio.roles import refused
from cxr_studio.ui.fill.generator_chooser import GeneratorChooser
from cxr_studio.ui.shell.action import Action

TITLE = "Models that are not offered"
ALL_OFFERED = "Every file in the models folder is offered."


class RefusedFiles:
    """What is wrong with them, looked up once.

    Args:
        parent: What a page is shown over.
    """

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    @cached_property
    def sentences(self) -> list[str]:
        """Why files are not offered, a sentence each."""
        return [str(fault) for fault in refused()]

    def say_in(self, *choosers: GeneratorChooser) -> None:
        """Say so in lists of generators."""
        for chooser in choosers:
            chooser.set_refused(self.sentences)
            chooser.refused_wanted.connect(lambda: self.show())  # a signal holds no method's owner

    def show(self) -> None:
        """Show the sentences."""
        from cxr_studio.ui.shell.text_dialog import show_text

        show_text(self._parent, TITLE, "\n\n".join([*self.sentences, f"The models folder is {user_models()}."]))

    def action(self) -> Action:
        """The row that shows them."""
        return Action(
            "help.refused",
            f"{TITLE}…",
            "Why files in the models folder are not offered.",
            self.show,
            when=lambda: "" if self.sentences else ALL_OFFERED,
            also=("checkpoint", "onnx", "card"),
        )
