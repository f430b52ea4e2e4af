"""What a role is: the rules that each of the rooms ``restore``, ``nodules``, ``surround`` and ``translate`` states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag
from typing import Any, Protocol

from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Area, Patch, Silhouette
from cxr_studio.networks.card import Role


class Needs(Flag):
    """What a request of a role has to come with."""

    NOTHING = 0
    MASK = 1
    POINT = 2
    BOX = 4
    LABEL = 8


@dataclass(frozen=True)
class Run:
    """How a request is worked on.

    Attributes:
        device: torch's name of the device.
        cancel: Looked at between steps.
        progress: Called between steps.
    """

    device: str = "cpu"
    cancel: CancelToken = field(default_factory=CancelToken)
    progress: Progress = silent


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a role has drawn; ``generation.answering`` makes a result of it.

    Attributes:
        patches: Rectangles of new stored values, the same where they overlap.
        written: The pixels that may differ; no patch differs elsewhere.
        parts: Other networks that had a part, for provenance: name to hash or facts.
        donors: Where copied pixels come from, a JSON object a region.
        kept_sha256: See Provenance.
        silhouette: Of the nodule, where one was drawn.
        message: A sentence that the user has to know, or "".
        measured: Figures of what was drawn, JSON values.
    """

    patches: tuple[Patch, ...]
    written: Area
    parts: Mapping[str, object] = field(default_factory=dict)
    donors: tuple[dict[str, object], ...] = ()
    kept_sha256: str = ""
    silhouette: Silhouette | None = None
    message: str = ""
    measured: Mapping[str, object] = field(default_factory=dict)


class RoleRules(Protocol):
    """One role. Everything that treats roles differently asks here."""

    @property
    def role(self) -> Role:
        """The role."""

    @property
    def needs(self) -> Needs:
        """What every request of it comes with."""

    @property
    def options(self) -> type[Any]:
        """The role's options: a frozen dataclass, see ``generation.options``."""

    @property
    def default(self) -> str:
        """Name of the generator that is offered first, or ""."""

    @property
    def built_in(self) -> tuple[GeneratorFacts, ...]:
        """Generators that need no checkpoint."""

    def forms(self, facts: GeneratorFacts) -> tuple[GeneratorFacts, ...]:
        """A checkpoint of the role as the generators that it is offered as.

        Raises:
            CheckpointError: it cannot be offered; why.
        """

    def prepared(self, request: AnyRequest) -> AnyRequest:
        """The request as it is drawn: padding left out, say.

        Raises:
            GeneratorError: it cannot be drawn; why.
        """

    def draw(self, request: AnyRequest, generator: GeneratorFacts, run: Run) -> Drawing:
        """Draw a prepared request.

        Raises:
            GeneratorError: a broken answer.
            CheckpointError: the weights do not fit.
            Cancelled: through the run's token.
        """

    def preview(self, request: AnyRequest, generator: GeneratorFacts) -> AnyRequest | None:
        """A request that is answered at once and roughly alike, or None where the answer itself comes as soon."""

    def rehearse(self, generator: GeneratorFacts, device: str) -> None:
        """Load the generator and run it once, so that the first request is answered as fast as the next."""
