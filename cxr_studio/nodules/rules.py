"""The role "insert": a nodule is drawn where a placement says."""

from __future__ import annotations

from dataclasses import replace

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.roles import Drawing, Needs, RoleRules, Run
from cxr_studio.networks.card import Role
from cxr_studio.nodules.appearance import stated_verdict, verdict_on
from cxr_studio.nodules.built_in import BUILT_IN, SUPERPOSITION
from cxr_studio.nodules.placement import NoduleRequest, Placement


class InsertRules:
    """See ``RoleRules``."""

    role = Role.INSERT
    needs = Needs.POINT
    options = Placement
    default = SUPERPOSITION
    built_in = BUILT_IN

    def forms(self, facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
        """A checkpoint as it is."""
        return (facts,)

    def prepared(self, request: NoduleRequest) -> NoduleRequest:
        """The request as it is.

        Raises:
            GeneratorError: outside the image, or a diameter or contrast out of range.
        """
        request.options.check(request.image.shape)
        return request

    def draw(self, request: NoduleRequest, generator: GeneratorFacts, run: Run) -> Drawing:
        """Draw a nodule, and measure how well it stands out."""
        drawing = _drawn(request, generator, run)
        if drawing.silhouette is None:
            return drawing
        verdict = verdict_on(request.image, drawing.patches, drawing.silhouette)
        return replace(drawing, measured={**drawing.measured, **stated_verdict(verdict)})

    def preview(self, request: NoduleRequest, generator: GeneratorFacts) -> None:
        """A nodule comes at once."""

    def rehearse(self, generator: GeneratorFacts, device: str) -> None:
        """Draw one nodule on nothing."""
        if generator.checkpoint is not None:
            from cxr_studio.nodules.texture_network import rehearse

            rehearse(generator.checkpoint, device)


def _drawn(request: NoduleRequest, generator: GeneratorFacts, run: Run) -> Drawing:
    if generator.checkpoint is None:
        from cxr_studio.nodules.ct_superposition import superpose

        return superpose(request)
    from cxr_studio.nodules.texture import draw

    return draw(request, generator.checkpoint, run.device)


INSERT: RoleRules = InsertRules()
