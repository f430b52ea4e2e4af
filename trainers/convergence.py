"""Whether a held-out score has stopped improving, and what the rates are then."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from cxr_studio.errors import RecipeError
from trainers.recipe import Convergence


@dataclass
class Watch:
    """Follows a score by a recipe's rule.

    Attributes:
        rule: The recipe's.
        best: Best score so far, the larger the better; -inf before the first.
        waited: Measurements since then, or since the rates dropped.
        drops: How often they have dropped, the last time being the end.
    """

    rule: Convergence
    best: float = -inf
    waited: int = 0
    drops: int = 0

    @property
    def ended(self) -> bool:
        """Whether the score has stopped improving at the last rate too."""
        return self.drops > self.rule.drops

    @property
    def factor(self) -> float:
        """What the recipe's rates are multiplied by."""
        return self.rule.factor ** min(self.drops, self.rule.drops)

    def see(self, scores: dict[str, float]) -> None:
        """Take a measurement."""
        value = self.score(scores)
        if value > self.best:
            self.best, self.waited = value, 0
            return
        self.waited += 1
        if self.waited >= self.rule.patience:
            self.drops, self.waited = self.drops + 1, 0

    def score(self, scores: dict[str, float]) -> float:
        """The score that is followed, the larger the better.

        Raises:
            RecipeError: the system measures no such score.
        """
        if self.rule.score not in scores:
            raise RecipeError(
                f"the recipe has a fault: convergence.score: {self.rule.score!r} is not measured",
                remedy=f"Choose one of {', '.join(scores)}",
            )
        value = scores[self.rule.score]
        return value if self.rule.best == "max" else -value

    def noted(self) -> dict[str, Any]:
        """What a state keeps; ``best`` is left out before the first measurement."""
        return {"waited": self.waited, "drops": self.drops, **({"best": self.best} if self.best > -inf else {})}
