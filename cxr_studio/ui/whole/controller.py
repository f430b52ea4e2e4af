"""The two roles that draw whole images: around a box that stays, and another finding or a repair."""

from __future__ import annotations

from cxr_studio.generation.request import Region
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, bounding_box
from cxr_studio.networks.card import Role
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.translate.options import TranslateOptions
from cxr_studio.ui.whole.trial import WholeImageController

NO_GENERATOR = "There is no generator of surroundings."
NO_TRANSLATOR = "There is no generator that translates."
NO_BOX = "Paint over what is to stay first: its bounding box is kept."
NO_MASK = "Paint a mask first, or let the whole image change."


class SurroundController(WholeImageController[SurroundOptions]):
    """Keeps the bounding box of the painted mask; see ``WholeImageController``."""

    role = Role.SURROUND
    kind = SurroundOptions
    no_generator = NO_GENERATOR

    @property
    def box(self) -> Box | None:
        """What is to stay: the bounding box of the painted mask."""
        session = self._workspace.session
        return None if session is None else bounding_box(session.mask)

    def _missing(self, session: Session) -> str:
        return "" if session.mask.any() else NO_BOX

    def _region(self, session: Session) -> Region:
        return bounding_box(session.mask)


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

    def take_generator(self, name: str) -> None:
        """Take another generator; its findings are others."""
        self.set_options(TranslateOptions(name, self.options.seed, feather=self.options.feather))

    def set_masked(self, masked: bool) -> None:
        """Let only what lies inside the mask change, or the whole image."""
        self.masked = masked
        self.changed.emit()

    def _missing(self, session: Session) -> str:
        return NO_MASK if self.masked and not session.mask.any() else ""

    def _region(self, session: Session) -> Region:
        return session.mask if self.masked else None
