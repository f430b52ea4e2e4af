"""Progress bars on a terminal; nothing where the output is read by a program."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cxr_studio.events import Progress, silent

Thing = TypeVar("Thing")


def tracked(things: Iterable[Thing], total: int, words: str) -> Iterable[Thing]:
    """Go through things with a bar, the time left included, on stderr."""
    if not sys.stderr.isatty() or total < 2:
        return things
    from rich.console import Console
    from rich.progress import track

    return track(things, total=total, description=words, console=Console(stderr=True))


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress callable that draws a bar while the block runs."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as drawn:
        job = drawn.add_task("", total=1.0)
        yield lambda fraction, words: drawn.update(job, completed=fraction, description=words)
