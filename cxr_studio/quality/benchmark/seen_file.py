"""What one radiograph of a benchmark came to, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.errors import ReadError
from cxr_studio.generation.packing import Arrays, pack, unpack
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.benchmark.figures import Measured
from cxr_studio.quality.benchmark.measuring import Case, Example, Seen


def packed_seen(seen: Seen) -> bytes:
    """Put it into bytes; no number changes."""
    arrays: Arrays = {}
    facts = {
        "cases": [_case(case, f"case.{k}", arrays) for k, case in enumerate(seen.cases)],
        "found": {
            key: [_measured(one, f"found.{m}.{k}", arrays) for k, one in enumerate(measures)]
            for m, (key, measures) in enumerate(seen.found.items())
        },
        "faults": seen.faults,
        "examples": [_example(one, f"example.{k}", arrays) for k, one in enumerate(seen.examples)],
    }
    return pack(arrays, facts)


def read_seen(path: Path) -> Seen:
    """Read what ``packed_seen`` made.

    Raises:
        ReadError: damaged or not there.
    """
    try:
        arrays, facts = unpack(path.read_bytes())
        return Seen(
            [_read_case(one, f"case.{k}", arrays) for k, one in enumerate(facts["cases"])],
            {
                key: [_read_measured(one, f"found.{m}.{k}", arrays) for k, one in enumerate(measures)]
                for m, (key, measures) in enumerate(facts["found"].items())
            },
            {str(title): str(words) for title, words in facts["faults"].items()},
            [_read_example(one, f"example.{k}", arrays) for k, one in enumerate(facts["examples"])],
        )
    except (OSError, ReadError, KeyError, ValueError, TypeError) as fault:
        what = "what was measured is damaged"
        raise ReadError(what, file=path, remedy="Delete it and run the same command") from fault


def _case(case: Case, name: str, arrays: Arrays) -> dict[str, Any]:
    count = _moments(case.moments, name, arrays)
    arrays[f"{name}.vector"] = case.vector
    stated = {"name": case.name, "number": case.number, "patient": case.patient}
    return {**stated, "share": case.share, "healthy": case.healthy, "count": count}


def _read_case(facts: dict[str, Any], name: str, arrays: Arrays) -> Case:
    moments, vector = _read_moments(facts.pop("count"), name, arrays), arrays[f"{name}.vector"]
    return Case(**facts, moments=moments, vector=vector)


def _measured(one: Measured, name: str, arrays: Arrays) -> dict[str, Any]:
    count = _moments(one.moments, name, arrays)
    arrays[f"{name}.vector"] = one.vector
    return {"figures": {key: float(value) for key, value in one.figures.items()}, "count": count}


def _read_measured(facts: dict[str, Any], name: str, arrays: Arrays) -> Measured:
    return Measured(facts["figures"], _read_moments(facts["count"], name, arrays), arrays[f"{name}.vector"])


def _moments(moments: Moments | None, name: str, arrays: Arrays) -> int:
    if moments is None:
        return 0
    arrays[f"{name}.mean"], arrays[f"{name}.scatter"] = moments.mean, moments.scatter
    return int(moments.count)


def _read_moments(count: int, name: str, arrays: Arrays) -> Moments | None:
    if not count:
        return None
    return Moments(int(count), arrays[f"{name}.mean"], arrays[f"{name}.scatter"])


def _example(one: Example, name: str, arrays: Arrays) -> dict[str, Any]:
    arrays[f"{name}.original"], arrays[f"{name}.mask"] = one.original, one.mask.astype(np.uint8)
    for k, drawn in enumerate(one.drawn.values()):
        arrays[f"{name}.drawn.{k}"] = drawn
    return {"name": one.name, "drawn": list(one.drawn)}


def _read_example(facts: dict[str, Any], name: str, arrays: Arrays) -> Example:
    drawn = {str(key): arrays[f"{name}.drawn.{k}"] for k, key in enumerate(facts["drawn"])}
    return Example(str(facts["name"]), arrays[f"{name}.original"], arrays[f"{name}.mask"] > 0, drawn)
