"""Which figures share a plot: each measured one alone, the critic's two together, the losses together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_studio.quality.comparison.curves import Curve
from cxr_studio.quality.comparison.scores import METRICS, metric_of

CRITIC = ("d_real", "d_fake")
VALIDATION = "val_"


@dataclass(frozen=True)
class PlotChoice:
    """One line of the plot's menu.

    Attributes:
        title: With unit and where it comes from.
        names: Figures that are drawn.
        measured: True for the panel's, False for the journal's.
    """

    title: str
    names: tuple[str, ...]
    measured: bool

    def curves(self, curves: Sequence[Curve]) -> list[Curve]:
        """Those that are drawn."""
        return [c for c in curves if c.measured == self.measured and c.metric in self.names]


def plot_choices(curves: Sequence[Curve]) -> list[PlotChoice]:
    """What can be drawn from these curves; the journal's validation first, losses last."""
    said = list(dict.fromkeys(curve.metric for curve in curves if not curve.measured))
    measured = {curve.metric for curve in curves if curve.measured}
    found = [PlotChoice(_titled(name, "journal"), (name,), False) for name in said if name.startswith(VALIDATION)]
    found += [PlotChoice(_titled(m.name, "this panel"), (m.name,), True) for m in METRICS if m.name in measured]
    critic = tuple(name for name in CRITIC if name in said)
    if critic:
        found.append(PlotChoice("D(real) and D(fake) – journal", critic, False))
    losses = tuple(name for name in said if name not in CRITIC and not name.startswith(VALIDATION))
    found += [PlotChoice(_titled(name, "journal"), (name,), False) for name in losses]
    return found


def _titled(name: str, source: str) -> str:
    metric = metric_of(name)
    better = {"higher": "higher is better", "lower": "lower is better", "one": "best at 1", "": ""}[metric.better]
    words = f"{metric.title}, {metric.unit}" if metric.unit else metric.title
    words = words[:1].upper() + words[1:]
    return " – ".join(part for part in (words, source, better) if part)
