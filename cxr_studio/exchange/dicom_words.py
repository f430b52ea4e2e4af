"""What DICOM's status codes and rejections mean, in sentences."""

from __future__ import annotations

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings
from cxr_studio.exchange.persistence import ConnectionLost

SUCCESS = 0x0000
PENDING = (0xFF00, 0xFF01)
CANCEL = 0xFE00
PARTLY = 0xB000
"""C-GET and C-MOVE: some images could not be sent (PS3.4 C.4.2.1.5)."""

UNKNOWN_DESTINATION = 0xA801
NOT_OFFERED = (0x0112, 0x0122, 0x0211)
"""No such SOP instance or class, or operation not recognised: this way of retrieving does not exist there."""

WORDS = {
    0x0106: "it finds an attribute of the image invalid",
    0x0110: "it failed to process the request",
    0x0111: "it has an image with this identifier already",
    0x0117: "it finds the image's identifier invalid",
    0x0122: "it does not take images of this kind",
    0x0124: "it does not allow this",
    0x0211: "it does not know this operation",
    0xA700: "it is out of storage or memory",
    0xA701: "it is out of resources",
    0xA702: "it could not send the images",
    0xA801: "it does not know where to send the images",
    0xA900: "the image's header does not suit its kind",
    0xB000: "it could not send some of the images",
}
"""Status → a clause about the archive (PS3.4 B.2.3, C.4; PS3.7 annex C)."""

REJECTED = {
    (1, 2): "it does not speak DICOM's application context",
    (1, 3): "it does not know the calling AE title {calling}. Ask its administrator to enter {calling} with this "
    "machine's address",
    (1, 7): "it is not called {called}. Check its AE title: capitals count",
    (2, 2): "it speaks another version of the protocol",
    (3, 1): "it is too busy at the moment. Try again later",
    (3, 2): "it has too many connections at the moment. Try again later",
}
"""Source and reason of a rejected association → a clause, and what to do (PS3.8 9.3.4)."""


def rejection(settings: DicomSettings, source: int, reason: int) -> ArchiveError:
    """Why an archive rejected an association, with both AE titles."""
    words = REJECTED.get((source, reason), "it gives no reason. Check both AE titles: capitals count")
    why, _, remedy = words.format(called=settings.called, calling=settings.calling).partition(". ")
    kind = ConnectionLost if source == 3 else ArchiveError
    return kind(f"{settings} rejected {settings.calling}: {why}", remedy=remedy)


def clause(status: int, comment: str = "") -> str:
    """A status as a clause about the archive, with its comment where it gave one."""
    words = WORDS.get(status)
    if words is None and 0xA700 <= status <= 0xA7FF:
        words = WORDS[0xA700]
    if words is None and 0xA900 <= status <= 0xA9FF:
        words = WORDS[0xA900]
    if words is None and 0xC000 <= status <= 0xCFFF:
        words = "it could not process it"
    more = f": {comment.strip()}" if comment.strip() else ""
    return f"{words or 'it answered with an unknown status'} (0x{status:04X}{more})"


def failure(settings: DicomSettings, doing: str, status: int, comment: str = "") -> ArchiveError:
    """A failed operation as an error; those that may pass are a ConnectionLost."""
    kind = ConnectionLost if status == PARTLY or 0xA700 <= status <= 0xA7FF else ArchiveError
    return kind(f"{settings} did not {doing}: {clause(status, comment)}")


def silence(settings: DicomSettings, doing: str, seconds: float) -> ConnectionLost:
    """The archive broke off, or did not answer in time."""
    return ConnectionLost(
        f"{settings} broke off, or did not answer within {seconds:g} s, when asked to {doing}", remedy="Try again"
    )
