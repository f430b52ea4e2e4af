"""Nothing that goes wrong is lost or shown as a traceback: a log file, and one sentence in the window."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler

from cxr_studio.errors import StudioError
from cxr_studio.resources import state_folder

LOG_BYTES = 1_000_000
"""Size from which a start begins a new log; one older file is kept."""

log = logging.getLogger("cxr_studio")


def sentence(fault: BaseException, log_file: Path | None = None) -> str:
    """Return what the message bar says: a StudioError's own words, else that the work is safe and where the log is."""
    if isinstance(fault, StudioError):
        return str(fault)
    where = f" Details are in {log_file}." if log_file is not None else ""
    return f"An unexpected error occurred ({type(fault).__name__}). Your work is safe.{where}"


class FaultNet(QObject):
    """Catches what nobody caught, from the GUI thread and from others; restores the hooks when closed.

    Signals:
        caught: (sentence) what to say of it; sent from any thread, received on the receiver's own.

    Attributes:
        log_file: Where the tracebacks go.
    """

    caught = Signal(str)

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.log_file = (folder or state_folder()) / "cxr-studio.log"
        self._hooks = sys.excepthook, threading.excepthook
        self._stream: IO[str] | None = None
        self._handler: logging.Handler | None = None

    def open(self) -> None:
        """Install the hooks and the log; without a writable folder the log goes to the standard error stream."""
        try:
            self.log_file.parent.mkdir(parents=True, exist_ok=True)
            if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES:
                self.log_file.replace(self.log_file.with_suffix(".old.log"))
            self._handler = logging.FileHandler(self.log_file, encoding="utf-8", delay=True)
            self._stream = self.log_file.with_suffix(".fatal").open("a", encoding="utf-8")
            faulthandler.enable(self._stream)
        except OSError:
            self._handler = logging.StreamHandler()
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(message)s"))
        log.addHandler(self._handler)
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        qInstallMessageHandler(_qt_message)

    def close(self) -> None:
        """Put the hooks back."""
        sys.excepthook, threading.excepthook = self._hooks
        qInstallMessageHandler(None)
        if self._handler is not None:
            log.removeHandler(self._handler)
            self._handler.close()
        if self._stream is not None:
            faulthandler.disable()
            self._stream.close()
            self._stream = None

    def _caught(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, fault, trace)
            return
        log.error("Uncaught", exc_info=(kind, fault, trace))
        self.caught.emit(sentence(fault, self.log_file))

    def _caught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self._caught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def _qt_message(kind: QtMsgType, _context: object, text: str) -> None:
    level = logging.INFO if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) else logging.WARNING
    log.log(level, "Qt: %s", text)
