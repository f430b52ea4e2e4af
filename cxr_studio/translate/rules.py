"""The role "translate": the whole radiograph with another finding, or repaired without being told where."""

from __future__ import annotations

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.roles import Drawing, Needs, RoleRules, Run
from cxr_studio.networks.card import Role
from cxr_studio.translate.options import TranslateOptions, TranslateRequest


class TranslateRules:
    """See ``RoleRules``. A mask is allowed; labels are needed where the generator's card has some."""

    role = Role.TRANSLATE
    needs = Needs.NOTHING
    options = TranslateOptions
    default = ""
    built_in: tuple[GeneratorFacts, ...] = ()

    def forms(self, facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
        """A checkpoint as it is."""
        return (facts,)

    def prepared(self, request: TranslateRequest) -> TranslateRequest:
        """The request as it is.

        Raises:
            GeneratorError: a mask of another size, or an empty one.
        """
        if request.region is not None:
            if request.mask.shape != request.image.shape:
                raise GeneratorError("the mask and the image differ in size", remedy="Draw it on this radiograph")
            if not request.mask.any():
                raise GeneratorError("the mask is empty", remedy="Paint an area, or leave the mask out")
        return request

    def draw(self, request: TranslateRequest, generator: GeneratorFacts, run: Run) -> Drawing:
        """Translate the radiograph."""
        from cxr_studio.translate.drawing import drawn

        return drawn(request, generator, run)

    def preview(self, request: TranslateRequest, generator: GeneratorFacts) -> None:
        """The whole image comes at once."""

    def rehearse(self, generator: GeneratorFacts, device: str) -> None:
        """Translate nothing once."""
        from cxr_studio.translate.drawing import rehearse

        rehearse(generator, device)


TRANSLATE: RoleRules = TranslateRules()
