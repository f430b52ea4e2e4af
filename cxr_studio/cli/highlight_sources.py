"""Which healthy radiographs ``cxr-studio highlight`` learns from."""

from __future__ import annotations

import argparse
from pathlib import Path

from cxr_studio.errors import ReadError


def learned_from(options: argparse.Namespace) -> list[Path]:
    """The radiographs that ``--learn``, ``--without`` and ``--count`` name.

    Raises:
        ReadError: there are none.
    """
    from cxr_studio.datasets.patients import known_patients
    from cxr_studio.quality.highlighting.export import sources

    patients = known_patients(options.learn, options.patients)
    known = {patients.of_file(path) for path in sources(options.without)} if options.without else set()
    paths = [path for path in sources(options.learn) if patients.of_file(path) not in known]
    if not paths:
        raise ReadError("every patient of the folder stands in the other one too", file=options.learn)
    return paths[-(options.count or 0) :]
