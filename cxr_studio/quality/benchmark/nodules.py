"""Tables I and II of Shen et al.: who draws nodules nearest to simulated ones, on the same patches.

The hole is the silhouette and the truth the patch with the nodule; nothing under the silhouette is seen. A generator
that fills masks draws no nodule, so it fills the silhouette with lung, and a rounded body is added as to the
biharmonic surface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.background import lung_in_patch
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.quality.benchmark.candidates import Candidate
from cxr_studio.quality.benchmark.features import SHIPPED, Features
from cxr_studio.quality.benchmark.figures import Instruments, Measured, measured_of
from cxr_studio.quality.benchmark.measuring import Benchmark, Case, Example, Grey, shown
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.judging import Run, required
from cxr_studio.quality.nodule_evaluation import Drawing, Panel, score
from cxr_studio.quality.nodule_ways import classical_ways, plain, usual_density
from cxr_studio.roles import look_up

FIGURES = {
    "mae_unit": "mae",
    "psnr": "psnr",
    "ssim": "ssim",
    "masked_mae_unit": "masked_mae",
    "masked_psnr": "masked_psnr",
    "masked_ssim": "masked_ssim",
    "grain": "grain",
}
"""Names of the figures → those of a nodule's score."""

AT_ONCE = 8

CELLS = {
    (True, 1): "box, one stage",
    (True, 2): "box, two stages",
    (False, 1): "shape, one stage",
    (False, 2): "shape, two stages",
}
"""Whether the box is hidden instead of the silhouette, and stages → the row of Table II."""


def methods_of(candidates: Sequence[Candidate]) -> tuple[list[Method], list[tuple[str, str]]]:
    """Rows of Table I, and who takes no part and why."""
    rows, left_out = [], list[tuple[str, str]]()
    for one in candidates:
        if one.role not in (Role.INSERT, Role.RESTORE):
            left_out.append((one.title, f"draws no nodule and fills no mask (its role is {one.role.value})"))
        elif one.role is Role.INSERT and one.card is None:
            left_out.append((one.title, "adds CT nodules themselves: of them the patches are made"))
        else:
            rows.append(_row(one, one.title if one.role is Role.INSERT else f"{one.title} + rounded body"))
    return rows, left_out


def cells_of(candidates: Sequence[Candidate]) -> tuple[list[Method], list[tuple[str, str]]]:
    """Rows of Table II that are there, and how those that are not are trained."""
    found: dict[str, Method] = {}
    left_out = []
    for one in (one for one in candidates if one.role is Role.INSERT and one.card is not None):
        cell = cell_of(one.card) if one.card is not None else None
        if cell is None:
            left_out.append((one.title, "is no texture generator with stages and a shape or a box"))
        elif cell in found:
            left_out.append((one.title, f"{cell} is there already: {found[cell].title}"))
        else:
            found[cell] = _row(one, f"{cell}: {one.title}")
    for (box, stages), title in CELLS.items():
        if title not in found:
            changes = f"--set generator.parameters.stages={stages} --set generator.parameters.box={str(box).lower()}"
            left_out.append(
                (title, f"is not there; train it: cxr-studio train resources/recipes/texture-compact.toml {changes}")
            )
    return [found[title] for title in CELLS.values() if title in found], left_out


def reference_of(kind: str, methods: Sequence[Method]) -> str:
    """The row that others are compared with: that of what the paper proposes, "" where it is not there.

    Args:
        kind: "methods": the first that was trained to draw nodules; "ablation": the last cell that is there.
        methods: The rows.
    """
    if kind == "ablation":
        return methods[-1].title if methods else ""
    return next((method.title for method in methods if method.role is Role.INSERT), "")


def cell_of(card: Card) -> str | None:
    """The cell of Table II that a texture generator is; None where its parameters do not say."""
    stages, box = card.parameters.get("stages", 2), card.parameters.get("box", False)
    return CELLS.get((bool(box), stages)) if "texture" in card.architecture else None


def measure_nodules(
    panel: Panel, methods: Sequence[Method], run: Run, *, classical: bool = True, features: Features = SHIPPED
) -> Benchmark:
    """Draw every pair's nodule in every way.

    Raises:
        StudioError: every generator fails.
        Cancelled: through ``run``.
    """
    pairs, places = panel.pairs, shown(len(panel.pairs))
    ways = {_classical(title): draw for title, draw in classical_ways(pairs).items()} if classical else {}
    ways |= {method: _drawing(method, pairs, run.device) for method in methods}
    found, faults = dict[str, list[Measured]](), dict[str, str]()
    examples = {k: Example(f"pair {k + 1}", _picture(pairs[k].real), pairs[k].mask) for k in places}
    for number, (method, draw) in enumerate(ways.items()):
        measured: list[Measured] = []
        try:
            for start in range(0, len(pairs), AT_ONCE):
                run.cancel.raise_if_cancelled()
                part = pairs[start : start + AT_ONCE]
                for k, (drawn, pair) in enumerate(zip(draw(part), part, strict=True), start):
                    measured.append(_measured(drawn, pair, features))
                    if k in places:
                        examples[k].drawn[method.key] = _picture(drawn)
                run.progress((number + len(measured) / len(pairs)) / len(ways), method.title)
        except GeneratorError as fault:
            faults[method.title] = str(fault)
            continue
        found[method.key] = measured
    if not any(method.key in found for method in methods):
        raise StudioError(next(iter(faults.values()), "there is no generator to compare").rstrip("."))
    rows = tuple(method for method in ways if method.key in found)
    cases, names, shown_ones = _cases(panel, features), tuple(FIGURES), tuple(examples.values())
    return Benchmark(rows, cases, found, shown_ones, faults, names, Instruments(features))


def _row(one: Candidate, title: str) -> Method:
    base = Method(one.key, title, one.generator, one.role, grain="match", steps=one.steps)
    return replace(base, key=f"{one.key} {one.budget}".strip(), minutes=one.minutes, budget=one.budget)


def _classical(title: str) -> Method:
    return Method(title, title, "", classical=True)


def _drawing(method: Method, pairs: Sequence[Simulated], device: str) -> Drawing:
    usual = usual_density(pairs)
    facts = look_up(method.generator)
    if facts.role is Role.INSERT:
        return _texture(required(facts), usual, device)
    return lambda part: [_filled(method.generator, pair, usual, device) for pair in part]


def _texture(checkpoint: Checkpoint, usual: float, device: str) -> Drawing:
    return lambda part: plain(checkpoint, part, [usual] * len(part), device=device)


def _filled(generator: str, pair: Simulated, density: float, device: str) -> Plane:
    lung = lung_in_patch(pair.healthy, pair.mask, seed=16, generator=generator, device=device)
    return np.asarray(np.clip(lung + pair.contrast(density), -1, 1), np.float32)


def _measured(drawn: Plane, pair: Simulated, features: Features) -> Measured:
    scored = score(drawn, pair)
    figures: Mapping[str, float] = {name: float(getattr(scored, own)) for name, own in FIGURES.items()}
    return measured_of(figures, features.of(_unit(drawn), pair.mask))


def _unit(plane: Plane) -> Plane:
    return np.asarray(np.clip(plane, -1, 1) / 2 + 0.5, np.float32)


def _cases(panel: Panel, features: Features) -> tuple[Case, ...]:
    found = []
    for k, (pair, patient) in enumerate(zip(panel.pairs, panel.patients, strict=True)):
        true = measured_of({}, features.of(_unit(pair.real), pair.mask))
        found.append(Case(f"pair {k + 1}", k, patient, float(pair.mask.mean()), None, true.moments, true.vector))
    return tuple(found)


def _picture(plane: Plane) -> Grey:
    return np.asarray(np.clip(np.rint((plane + 1) * 127.5), 0, 255), np.uint8)
