"""Whole radiographs drawn by generators of surroundings and of translations, as the program draws them."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import ImageView, view_of
from cxr_studio.generation.result import Result
from cxr_studio.masks.boxes import cut
from cxr_studio.quality.surround_evaluation import Boxed
from cxr_studio.quality.whole_images import Redrawn
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.roles import answer
from cxr_studio.surround.options import SurroundOptions, SurroundRequest
from cxr_studio.translate.options import TranslateOptions, TranslateRequest


@dataclass(frozen=True)
class WholeDrawer:
    """A generator of surroundings or of translations, and where it runs.

    Attributes:
        facts: The generator.
        device: "auto", "cpu", "cuda" or "mps".
    """

    facts: GeneratorFacts
    device: str = "auto"

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels that it can be asked for; none for a blind repair."""
        return self.facts.card.labels if self.facts.card else ()

    def surround(self, case: Boxed, seed: int) -> Redrawn:
        """Draw around a box.

        Raises:
            StudioError: the generator cannot be used, or its answer is not finite.
        """
        image = view_of(case.radiograph)
        request = SurroundRequest(1, image, SurroundOptions(self.facts.name, seed), case.box)
        return _redrawn(image, answer(request, device=self.device))

    def translate(self, radiograph: Radiograph, stored: Stored, seed: int, labels: tuple[str, ...] = ()) -> Redrawn:
        """Give a whole radiograph, and take back what was changed.

        Args:
            radiograph: Its grey scale counts.
            stored: The image that is given.
            seed: Of noise.
            labels: Those that are wanted.

        Raises:
            StudioError: the generator cannot be used, or its answer is not finite.
        """
        image = view_of(radiograph, stored, unit=radiograph.unit_range)
        request = TranslateRequest(1, image, TranslateOptions(self.facts.name, seed, labels))
        return _redrawn(image, answer(request, device=self.device))


def _redrawn(image: ImageView, result: Result) -> Redrawn:
    """The whole image with what was drawn."""
    stored = image.stored.copy()
    for patch in result.patches:
        stored[cut(patch.box)] = patch.stored
    return Redrawn(stored, result.seconds, result.device)
