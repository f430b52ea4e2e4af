"""Files that arrive from an archive: each whole or not at all, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from cxr_studio.errors import ArchiveError, Cancelled, StudioError
from cxr_studio.events import Progress
from cxr_studio.exchange.cancelling import Connections, cancellable
from cxr_studio.exchange.persistence import persist
from cxr_studio.files import replaced

UID = re.compile(r"[0-9]+(\.[0-9]+)*")
UID_LENGTH = 64
"""A unique identifier (PS3.5 9.1)."""


def file_name(uid: str) -> str:
    """An identifier of the archive as the name of a file or folder, which it cannot lead out of.

    Raises:
        ArchiveError: it is none.
    """
    if not UID.fullmatch(uid) or len(uid) > UID_LENGTH:
        raise ArchiveError(f"the archive answers with {uid[:80]!r}, which is no identifier")
    return uid


class Arrivals:
    """The images of a series on their way into a folder.

    Args:
        folder: Where they go, as ``SOP-INSTANCE-UID.dcm``; made when the first arrives.
        uids: SOP Instance UIDs of the series.
        progress: Called at each arrival.
        cancelled: Asked at each arrival.

    Raises:
        ArchiveError: an identifier is none.
    """

    def __init__(self, folder: Path, uids: Sequence[str], progress: Progress, cancelled: Callable[[], bool]) -> None:
        self.paths = {uid: folder / f"{file_name(uid)}.dcm" for uid in uids}
        self._progress, self.cancelled = progress, cancelled
        self.fault: StudioError | None = None

    @property
    def missing(self) -> list[str]:
        """What has not arrived yet."""
        return [uid for uid, path in self.paths.items() if not path.exists()]

    def take(self, uid: str, content: bytes) -> bool:
        """Write an image that has arrived.

        What goes wrong is kept in ``fault``, since whoever calls may be a network library that swallows it.

        Args:
            uid: Its SOP Instance UID.
            content: A DICOM file, whole.

        Returns:
            False where it was not wanted or could not be written, or the user cancelled: no more should be sent.
        """
        if self.fault is None and self.cancelled():
            self.fault = Cancelled(self.so_far())
        if self.fault is not None or uid not in self.paths:
            return False
        try:
            if not self.paths[uid].exists():
                with replaced(self.paths[uid]) as beside:
                    beside.write_bytes(content)
        except StudioError as fault:
            self.fault = fault
            return False
        here = len(self.paths) - len(self.missing)
        self._progress(here / len(self.paths), f"Retrieved {here} of {len(self.paths)} images")
        return True

    def check(self) -> None:
        """Raise what went wrong at an arrival, or that the user cancelled."""
        if self.fault is None and self.cancelled():
            self.fault = Cancelled(self.so_far())
        if self.fault is not None:
            raise self.fault

    def so_far(self) -> str:
        """How many have arrived, for the message after a cancel."""
        here = len(self.paths) - len(self.missing)
        return f"cancelled; {here} of {len(self.paths)} images have arrived"


def retrieve(
    fetch: Callable[[Arrivals, Connections], None], arrivals: Arrivals, *, pauses: tuple[float, ...]
) -> list[Path]:
    """Fetch until nothing is missing.

    Args:
        fetch: Asks for what is missing and hands each image over; may break off with a ConnectionLost.
        arrivals: Where they go.
        pauses: See ``Patience``.

    Raises:
        ArchiveError: not all arrived; what did is in the folder.
        Cancelled: within a second, also while nothing arrives; no half image stays.
    """

    def whole(connections: Connections) -> None:
        def attempt() -> None:
            arrivals.check()
            fetch(arrivals, connections)
            arrivals.check()

        persist(attempt, left=left, pauses=pauses, cancelled=arrivals.cancelled)

    def left() -> int:
        return len(arrivals.missing)

    try:
        cancellable(whole, arrivals.cancelled)
    except Cancelled:
        arrivals.fault = Cancelled(arrivals.so_far())  # nothing that comes later is taken
        raise arrivals.fault from None
    except ArchiveError as fault:
        raise _broken(arrivals, fault) from fault
    if arrivals.missing:
        raise _broken(arrivals, None)
    return list(arrivals.paths.values())


def _broken(arrivals: Arrivals, fault: ArchiveError | None) -> ArchiveError:
    here, of = len(arrivals.paths) - len(arrivals.missing), len(arrivals.paths)
    if fault is not None and not here:
        return fault
    why = f" ({fault.what})" if fault is not None else ""
    return ArchiveError(
        f"{here} of {of} images have arrived, then the archive sent no more{why}",
        remedy="Retrieve the series again: only the missing images are asked for",
    )
