"""Drawing whole images: now, with the next seed, keeping and discarding it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.whole.controller import NO_GENERATOR, SurroundController, TranslateController
from cxr_studio.ui.whole.listed_boxes import ListedBoxesController
from cxr_studio.ui.whole.trial import WholeImageController
from cxr_studio.ui.whole.variations import SurroundingsController

NOTHING = "Redraw the image first."
NO_BOXES = "Load boxes of this radiograph first."
WORDS = "surround", "context", "pix2pix", "whole image", "background"
"""Under which the palette finds them."""
TRANSLATED = "translate", "stargan", "repair", "convert", "whole image"


def surround_actions(
    surrounding: SurroundController,
    variations: SurroundingsController,
    boxes: ListedBoxesController,
    figure: Callable[[], object],
) -> tuple[Action, ...]:
    """Rows that draw around a box."""
    return (
        Action(
            "inpaint.surround",
            "Redraw around the box",
            "Keep the box and draw everything around it with six seeds, side by side.",
            variations.run,
            keys=("Ctrl+B",),
            group="surround",
            when=lambda: surrounding.refusal,
            also=WORDS,
        ),
        Action(
            "inpaint.surround-another",
            "Other surroundings",
            "Draw around the box with the next six seeds.",
            variations.more,
            keys=("Ctrl+Shift+B",),
            group="surround",
            when=lambda: surrounding.another_refusal,
            also=WORDS,
        ),
        Action(
            "inpaint.load-boxes",
            "Load boxes…",
            "Read a CSV of boxes or a COCO file; a box of this radiograph can then be kept.",
            boxes.ask,
            keys=("Ctrl+Shift+I",),
            group="surround",
            when=lambda: NO_GENERATOR if not surrounding.generators else "",
            also=("nih", "annotations", *WORDS),
        ),
        Action(
            "inpaint.next-box",
            "Next box of the list",
            "Keep the next box that was loaded.",
            boxes.next,
            keys=("Ctrl+Alt+B",),
            group="surround",
            when=lambda: "" if boxes.findings else NO_BOXES,
            also=WORDS,
        ),
        Action(
            "inpaint.surround-figure",
            "Export figure of the surroundings…",
            "Write the surroundings side by side, with differences: PNG, TIFF, PDF, SVG.",
            figure,
            keys=("Ctrl+Alt+K",),
            group="surround",
            when=lambda: "" if variations.answers else NOTHING,
            also=("paper", "publication", *WORDS),
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
            also=TRANSLATED,
        ),
        Action(
            "inpaint.translate-another",
            "Other translation",
            "Translate the image with the next seed.",
            translating.another,
            keys=("Ctrl+Alt+R",),
            group="surround",
            when=lambda: translating.another_refusal,
            also=TRANSLATED,
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
