"""An archive that notes when its secret is not accepted, so that it is asked for the next time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cxr_studio.errors import SecretRefused
from cxr_studio.events import Progress, never
from cxr_studio.exchange.archive import Answered, Archive, Found, Query, Sent


class Signed:
    """Passes every call on.

    Args:
        archive: Does the work.
        refused: Called, from the working thread, when the archive does not accept the secret.
    """

    def __init__(self, archive: Archive, refused: Callable[[], None]) -> None:
        self._archive = archive
        self._refused = refused

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        """See ``Archive``."""
        with self._noting():
            return self._archive.echo(cancelled=cancelled)

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        """See ``Archive``."""
        with self._noting():
            return self._archive.find(query, cancelled=cancelled)

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """See ``Archive``."""
        with self._noting():
            return self._archive.get(found, folder, progress=progress, cancelled=cancelled)

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        """See ``Archive``."""
        with self._noting():
            return self._archive.send(paths, progress=progress, cancelled=cancelled, again=again)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except SecretRefused:
            self._refused()
            raise
