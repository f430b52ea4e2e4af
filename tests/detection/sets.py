"""Small sets with detections for tests: one worked out by hand, and random ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.datasets.entries import Entry, Finding, Manifest, Rectangle
from cxr_studio.detection.detections import Detection


def box_at(x: float, side: float = 10) -> Rectangle:
    return 0.0, x, side, x + side


def by_hand() -> tuple[Manifest, list[Detection]]:
    """Three images: two nodules, one nodule, none. Falling score: hit, false, hit, false; one nodule is missed."""
    entries = (
        Entry("a.png", "A", findings=(Finding("nodule", box_at(0), 10, 4), Finding("nodule", box_at(50), 12, 5))),
        Entry("b.png", "B", findings=(Finding("nodule", box_at(20), 20, 8),)),
        Entry("c.png", "C"),
    )
    answers = [
        Detection("b.png", box_at(21), 0.7),
        Detection("a.png", box_at(0), 0.9),
        Detection("a.png", box_at(100), 0.6),
        Detection("c.png", box_at(0), 0.8),
    ]
    return Manifest(Path(), entries), answers


def at_random(seed: int, *, images: int = 12, levels: int = 0) -> tuple[Manifest, list[Detection]]:
    """Boxes at random, detections near some of them; ``levels`` rounds scores so that many are equal."""
    rng = np.random.default_rng(seed)
    entries, answers = [], []
    for k in range(images):
        findings = [Finding("nodule", random_box(rng)) for _ in range(int(rng.integers(0, 4)))]
        entries.append(Entry(f"{k}.png", f"P{k // 2}", width=200, height=200, findings=tuple(findings)))
        for _ in range(int(rng.integers(0, 9))):
            box = random_box(rng)
            if findings and rng.random() < 0.6:
                near = findings[int(rng.integers(len(findings)))].box
                y, x = rng.normal(0, 4, 2)
                box = near[0] + y, near[1] + x, near[2] + y, near[3] + x
            score = float(rng.random())
            answers.append(Detection(f"{k}.png", box, round(score * levels) / levels if levels else score))
    return Manifest(Path(), tuple(entries)), answers


def random_box(rng: np.random.Generator) -> Rectangle:
    y, x = rng.uniform(0, 150, 2)
    height, width = rng.uniform(8, 40, 2)
    return float(y), float(x), float(y + height), float(x + width)
