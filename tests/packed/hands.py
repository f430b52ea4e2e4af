"""The hands of a reader at a packed study, and what its database says of it: keys by xdotool, nothing inside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import sqlalchemy as sa

from cxr_studio.studies import tables
from cxr_studio.studies.agenda import SHOWN
from cxr_studio.studies.database import database_url, file_of

PATIENCE_S = 60.0


class Hands:
    """Types into the study's window.

    Args:
        display: Name of the X display.
        database: Where the answers will be.
        title: Of the study, part of its window's title.
    """

    def __init__(self, display: str, database: str, title: str) -> None:
        self.display, self.title = display, title
        url = database_url(database)
        self._file = file_of(url)
        self._engine = sa.create_engine(url, poolclass=sa.NullPool)

    def await_window(self) -> None:
        """Until the study's window is there."""
        wait_for(self._window)

    def sit(self, reader: str, trials: int) -> None:
        """From the reader's name to the last answer, and out again."""
        self._repeat(lambda: self._key("ctrl+a", *reader, "Return"), lambda: self._told("session started"))
        self._repeat(lambda: self._key("Return"), lambda: self._told("instructions read"))
        self._repeat(lambda: self._key("space", "Return"), lambda: self._count(tables.display_check))
        while self._count(tables.answer) < trials:
            waits = self._told(SHOWN) > self._count(tables.answer)
            self._key("Left" if waits else "Return")
            time.sleep(0.2)
        self._repeat(lambda: self._key("Return"), lambda: self._told("session ended"))

    def _told(self, kind: str) -> int:
        """Lines of this kind in the audit trail."""
        return self._count(tables.audit, tables.audit.c.kind == kind)

    def _count(self, table: sa.Table, where: sa.ColumnElement[bool] | None = None) -> int:
        if self._file is not None and not self._file.exists():
            return 0
        rows = sa.select(sa.func.count()).select_from(table)
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(rows if where is None else rows.where(where)).scalar_one())
        except sa.exc.DBAPIError:  # the tables are just being made
            return 0

    def _repeat(self, act: Callable[[], None], done: Callable[[], int]) -> None:
        """Do something until it has been noticed; a key may come before a page has the keyboard."""

        def acted() -> int:
            act()
            end = time.monotonic() + 2
            while time.monotonic() < end and not done():
                time.sleep(0.05)
            return done()

        wait_for(acted)

    def _window(self) -> str:
        found = self._xdotool("search", "--onlyvisible", "--name", f"^{self.title} .* CXR Studio$").split()
        return found[0] if found else ""

    def _key(self, *names: str) -> None:
        if window := self._window():
            self._xdotool("windowfocus", window, "key", *names)

    def _xdotool(self, *words: str) -> str:
        place = {"DISPLAY": self.display, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        return subprocess.run(["xdotool", *words], env=place, capture_output=True, text=True, check=False).stdout


def wait_for(what: Callable[[], object]) -> None:
    """Until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
