"""Drawing whole images: now, with the next seed, keeping and discarding it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.whole.controller import SurroundController, TranslateController
from cxr_studio.ui.whole.trial import WholeImageController

NOTHING = "Redraw the image first."
WORDS = "surround", "context", "pix2pix", "whole image", "background"
"""Under which the palette finds them."""


def surround_actions(surrounding: SurroundController) -> tuple[Action, ...]:
    """Rows that draw around a box."""
    return (
        Action(
            "inpaint.surround",
            "Redraw around the box",
            "Keep the bounding box of the mask and draw everything around it.",
            surrounding.run,
            keys=("Ctrl+B",),
            group="surround",
            when=lambda: surrounding.refusal,
            also=WORDS,
        ),
        Action(
            "inpaint.surround-another",
            "Other surroundings",
            "Draw around the box with the next seed.",
            surrounding.another,
            keys=("Ctrl+Shift+B",),
            group="surround",
            when=lambda: surrounding.another_refusal,
            also=WORDS,
        ),
    )


def translate_actions(translating: TranslateController) -> tuple[Action, ...]:
    """Rows that translate or repair."""
    return (
        Action(
            "inpaint.translate",
            "Translate the image",
            "Draw the chosen finding, or repair the image without a mask.",
            translating.run,
            keys=("Ctrl+R",),
            group="surround",
            when=lambda: translating.refusal,
            also=("translate", "stargan", "repair", "convert", "whole image"),
        ),
    )


def trial_actions(controllers: Sequence[WholeImageController[Any]]) -> tuple[Action, ...]:
    """Rows about what is on trial, whichever of the roles has drawn it."""

    def on_trial() -> str:
        return "" if any(each.result is not None for each in controllers) else NOTHING

    def accept() -> bool:
        return any(each.accept() for each in controllers)

    def discard() -> None:
        for each in controllers:
            if each.result is not None:
                each.drop()

    return (
        Action(
            "inpaint.whole-accept",
            "Accept redrawn image",
            "Keep what was drawn as an edit.",
            accept,
            keys=("Ctrl+Return", "Ctrl+Enter"),
            group="surround",
            when=on_trial,
            also=("keep", *WORDS),
        ),
        Action(
            "inpaint.whole-discard",
            "Discard redrawn image",
            "Put the image back; the mask stays.",
            discard,
            keys=("Ctrl+Backspace",),
            group="surround",
            when=on_trial,
            also=("reject", *WORDS),
        ),
    )
