"""Drawing around a box: now, with the next seed, keeping and discarding it."""

from __future__ import annotations

from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.whole.controller import NOTHING, SurroundController

WORDS = "surround", "context", "pix2pix", "whole image", "background"
"""Under which the palette finds them."""


def surround_actions(surrounding: SurroundController) -> tuple[Action, ...]:
    """The rows of the role."""

    def on_trial() -> str:
        return "" if surrounding.result is not None else NOTHING

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
        Action(
            "inpaint.surround-accept",
            "Accept surroundings",
            "Keep the surroundings as an edit.",
            surrounding.accept,
            keys=("Ctrl+Return", "Ctrl+Enter"),
            group="surround",
            when=on_trial,
            also=("keep", *WORDS),
        ),
        Action(
            "inpaint.surround-discard",
            "Discard surroundings",
            "Put the surroundings back; the mask stays.",
            surrounding.drop,
            keys=("Ctrl+Backspace",),
            group="surround",
            when=on_trial,
            also=("reject", *WORDS),
        ),
    )
