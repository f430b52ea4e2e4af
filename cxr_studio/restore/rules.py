"""The role "restore": a mask is filled with healthy tissue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.roles import Drawing, Needs, RoleRules, Run
from cxr_studio.networks.card import Role
from cxr_studio.restore.base import base_of
from cxr_studio.restore.built_in import BUILT_IN
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.settings import DEFAULT_GENERATOR

WITH_DONOR = "-donors"
"""What the name of a checkpoint ends with where it is given a donor."""

LEAST_KNOWN = 0.02
"""Share of an image that must stay unpainted, so that there is something to continue."""


class RestoreRules:
    """See ``RoleRules``."""

    role = Role.RESTORE
    needs = Needs.MASK
    options = FillOptions
    default = DEFAULT_GENERATOR
    built_in = BUILT_IN

    def forms(self, facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
        """A network that can repair a donor is offered with and without one.

        Raises:
            CheckpointError: the generator that it draws into is not there.
        """
        if base_of(facts) is None:
            return (facts,)
        words = "The exemplar generator's donor window, repaired by the network where it does not belong."
        repaired = replace(
            facts, name=facts.name + WITH_DONOR, title=f"{facts.title}, with donors", words=words, donors=True
        )
        return facts, repaired

    def prepared(self, request: FillRequest) -> FillRequest:
        """Leave padding as it is: it is no part of the image.

        Raises:
            GeneratorError: a mask of another size, on padding alone, or over the whole image.
        """
        mask, image = request.mask, request.image
        if mask.shape != image.shape:
            raise GeneratorError("the mask and the image differ in size", remedy="Draw it on this radiograph")
        if image.grey.padding is not None and mask.any():
            mask = mask & ~image.grey.is_padding(image.stored)
            if not mask.any():
                raise GeneratorError("the mask lies in the padding outside the image", remedy="Draw it on the image")
            request = replace(request, region=mask)
        if np.count_nonzero(mask) > (1 - LEAST_KNOWN) * mask.size:
            raise GeneratorError("the mask covers the whole image", remedy="Leave part of it unmasked")
        return request

    def draw(self, request: FillRequest, generator: GeneratorFacts, run: Run) -> Drawing:
        """Fill region by region."""
        from cxr_studio.restore.drawing import drawn

        return drawn(request, generator, run)

    def preview(self, request: FillRequest, generator: GeneratorFacts) -> FillRequest | None:
        """Fill smoothly what takes a while to draw."""
        from cxr_studio.restore.drawing import rough

        return rough(request, generator)

    def rehearse(self, generator: GeneratorFacts, device: str) -> None:
        """Fill one small hole."""
        from cxr_studio.restore.rehearsal import rehearse

        rehearse(generator, device)


RESTORE: RoleRules = RestoreRules()
