"""The role "surround": a box stays as it is, bit for bit, and everything around it is drawn."""

from __future__ import annotations

from dataclasses import replace

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.roles import Drawing, Needs, RoleRules, Run
from cxr_studio.masks.boxes import clip, is_empty
from cxr_studio.networks.card import Role
from cxr_studio.surround.options import SurroundOptions, SurroundRequest


class SurroundRules:
    """See ``RoleRules``."""

    role = Role.SURROUND
    needs = Needs.BOX
    options = SurroundOptions
    default = ""
    built_in: tuple[GeneratorFacts, ...] = ()

    def forms(self, facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
        """A checkpoint as it is."""
        return (facts,)

    def prepared(self, request: SurroundRequest) -> SurroundRequest:
        """The box, cut to the image.

        Raises:
            GeneratorError: it lies outside the image, or covers all of it.
        """
        height, width = request.image.shape
        box = clip(request.box, (height, width))
        if is_empty(box):
            raise GeneratorError("the box lies outside the image", remedy="Draw it on the image")
        if box == (0, 0, height, width):
            raise GeneratorError("the box covers the whole image", remedy="Leave some of the image around it")
        return replace(request, region=box)

    def draw(self, request: SurroundRequest, generator: GeneratorFacts, run: Run) -> Drawing:
        """Draw everything but the box."""
        from cxr_studio.surround.drawing import drawn

        return drawn(request, generator, run)

    def preview(self, request: SurroundRequest, generator: GeneratorFacts) -> None:
        """The whole image comes at once."""

    def rehearse(self, generator: GeneratorFacts, device: str) -> None:
        """Draw nothing once."""
        from cxr_studio.surround.drawing import rehearse

        rehearse(generator, device)


SURROUND: RoleRules = SurroundRules()
