"""Benchmarks on a quiet machine, and with ``--busy`` beside a second process that keeps a core at work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

AT_WORK = "import numpy as np\na = np.random.default_rng(0).random((400, 400))\nwhile True: a @ a"
"""What the other process does: products of matrices on one thread, until it is stopped."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--busy", action="store_true", help="benchmarks beside a second process that loads the machine")


@pytest.fixture(scope="session", autouse=True)
def beside(request: pytest.FixtureRequest) -> Iterator[None]:
    """The other process, where it is asked for."""
    if not request.config.getoption("--busy", default=False):
        yield
        return
    print("\nBeside another process that keeps a core at work:")
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    other = subprocess.Popen([sys.executable, "-c", AT_WORK], env=one_thread)
    try:
        yield
    finally:
        other.kill()
        other.wait()
