"""The two roles that draw whole images: around a box that stays, and another finding or a repair."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal, Slot

from cxr_studio.generation.request import Region
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, bounding_box, cut
from cxr_studio.networks.card import Role
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.translate.options import TranslateOptions
from cxr_studio.ui.whole.trial import WholeImageController

NO_GENERATOR = "There is no generator of surroundings."
NO_TRANSLATOR = "There is no generator that translates."
NO_BOX = "Paint over what is to stay, or load boxes: a bounding box is kept."
READY = "The outlined box, {width} × {height} px, stays as it is."
NO_MASK = "Paint a mask first, or let the whole image change."
DRAWS, TAKES = "{label} will be drawn {where}.", "Healthy tissue will be drawn {where}."
WHERE = {True: "inside the mask", False: "into the whole image"}


CHANGE = 0.02
"""Share of the grey range from which a pixel counts as changed; smaller changes are hardly seen."""
CHANGED = "It changed {share:.1f} % of the pixels by more than {change:.0f} % of the grey range: see the difference."


def changed_share(session: Session, result: Result) -> float:
    """Share of the radiograph's pixels that an answer changes by more than ``CHANGE``."""
    low, high = session.unit
    changed = 0
    for patch in result.patches:
        before, after = (
            session.radiograph.grey.decode(each) for each in (session.composite[cut(patch.box)], patch.stored)
        )
        changed += int(np.count_nonzero(np.abs(after - before) > CHANGE * (high - low)))
    return changed / session.composite.size


class SurroundController(WholeImageController[SurroundOptions]):
    """Keeps a box of a list, or the bounding box of the painted mask; see ``WholeImageController``.

    Signals:
        box_changed: Another box of a list is kept.

    Attributes:
        listed: The box of a list, until something is painted.
    """

    role = Role.SURROUND
    kind = SurroundOptions
    no_generator = NO_GENERATOR
    listed: Box | None = None
    box_changed = Signal()

    @property
    def box(self) -> Box | None:
        """What is to stay."""
        session = self._workspace.session
        return None if session is None else self._kept(session)

    def take_box(self, box: Box | None) -> None:
        """Keep a box of a list; None for the painted mask's."""
        if box != self.listed:
            self.listed = box
            self.drop()
            self.box_changed.emit()

    @Slot()
    def _opened(self) -> None:
        self.listed = None
        super()._opened()

    @Slot()
    def _settled(self) -> None:
        """What is painted is kept from now on."""
        if self._workspace.session is not None and self._workspace.session.mask.any():
            self.listed = None
        super()._settled()

    @property
    def ready(self) -> str:
        """How large the box is."""
        box = self.box
        return "" if box is None else READY.format(width=box[3] - box[1], height=box[2] - box[0])

    def _missing(self, session: Session) -> str:
        return NO_BOX if self._kept(session) is None else ""

    def _region(self, session: Session) -> Region:
        return self._kept(session)

    def _kept(self, session: Session) -> Box | None:
        return self.listed or bounding_box(session.mask)


class TranslateController(WholeImageController[TranslateOptions]):
    """Draws another finding, or repairs; see ``WholeImageController``.

    Attributes:
        masked: Whether only what lies inside the painted mask may change.
    """

    role = Role.TRANSLATE
    kind = TranslateOptions
    no_generator = NO_TRANSLATOR
    masked = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The findings that the chosen generator can draw."""
        facts = self.facts
        return facts.card.labels if facts is not None and facts.card is not None else ()

    @property
    def words(self) -> str:
        """What is on trial, or what to do first."""
        session, result = self._workspace.session, self.result
        if session is None or result is None:
            return super().words
        share = 100 * changed_share(session, result)
        return " ".join(part for part in (CHANGED.format(share=share, change=100 * CHANGE), result.message) if part)

    @property
    def ready(self) -> str:
        """What would be drawn where; nothing of a generator that repairs."""
        if not self.labels:
            return ""
        wanted = " and ".join(self.options.labels)
        where = WHERE[self.masked]
        return DRAWS.format(label=wanted, where=where) if wanted else TAKES.format(where=where)

    def take_label(self, label: str) -> None:
        """Ask for another finding, "" for healthy; what is on trial, or asked for, is drawn again with it."""
        again = self.result is not None or self.under_way
        self.set_options(replace(self.options, labels=(label,) if label else ()))
        if again:
            self.run()

    def take_generator(self, name: str) -> None:
        """Take another generator; its findings are others."""
        if name != self.options.generator and any(facts.name == name for facts in self.generators):
            self.set_options(replace(self.options, generator=name, labels=()))

    def set_masked(self, masked: bool) -> None:
        """Let only what lies inside the mask change, or the whole image."""
        self.masked = masked
        self.changed.emit()

    def _titled(self, generator: str, result: Result) -> str:
        """With the finding that was drawn."""
        labels = result.provenance.options.get("labels")
        wanted = " and ".join(map(str, labels)) if isinstance(labels, list | tuple) else ""
        with_labels = bool(result.provenance.card.get("labels"))
        return f"{generator}: {wanted or 'healthy'}" if with_labels else generator

    def _missing(self, session: Session) -> str:
        return NO_MASK if self.masked and not session.mask.any() else ""

    def _region(self, session: Session) -> Region:
        return session.mask if self.masked else None
