"""What a reader has given so far in one trial, and whether it is enough; free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from cxr_studio.studies.protocol_parts import AnswerForm as Asked
from cxr_studio.studies.trial_view import Mark


@dataclass
class GivenAnswer:
    """The answer as it grows.

    Attributes:
        asked: What the protocol asks for.
        choice: One of the two answers, None until there is one.
        decision_ns: Monotonic time of the key-down or click of the choice.
        key: Key or button of the choice.
        pause_ns: Time paused before the choice.
        confidence: 1 to the protocol's steps, None until given.
        mark: Where it is, if marked.
        first_input_ns: First input of any kind.
    """

    asked: Asked
    choice: str | None = None
    decision_ns: int = 0
    key: str = ""
    pause_ns: int = 0
    confidence: int | None = None
    mark: Mark | None = field(default=None)
    first_input_ns: int | None = None

    @property
    def complete(self) -> bool:
        """Everything that must be given is."""
        return self.choice is not None and (not self.asked.confidence or self.confidence is not None)

    @property
    def goes_by_itself(self) -> bool:
        """A complete answer needs no Enter: nothing optional (a mark) can still come."""
        return not self.asked.mark

    @property
    def begun(self) -> bool:
        """Something has been given that can be taken back."""
        return self.choice is not None or self.confidence is not None or self.mark is not None

    def choose(self, choice: str, key: str, ns: int, *, paused: int) -> None:
        """Take a side; the last one counts."""
        self.choice, self.key, self.decision_ns, self.pause_ns = choice, key, ns, paused

    def touch(self, ns: int) -> None:
        """Some input came."""
        if self.first_input_ns is None:
            self.first_input_ns = ns

    def clear(self) -> None:
        """Take back what was given in this trial and not yet confirmed."""
        self.choice = self.confidence = self.mark = None
        self.key, self.decision_ns, self.pause_ns = "", 0, 0
