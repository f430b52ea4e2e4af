"""A PostgreSQL server of a test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def ordinary_user() -> str | None:
    """A user that a server may run as; None for the present one, which will do where it is not root."""
    import pwd

    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


BINARIES = binaries() if os.name == "posix" else None
MISSING = "" if BINARIES else "PostgreSQL is not installed"
"""Why there is no server, "" where there is one."""


@contextmanager
def running_server() -> Iterator[str]:
    """URL of a server of this test's own, on a socket in a temporary folder."""
    assert BINARIES is not None
    folder = Path(tempfile.mkdtemp(prefix="cxr-postgres-"))
    user = ordinary_user()
    if user is not None:
        shutil.chown(folder, user)

    def call(*words: str) -> None:
        subprocess.run(
            [str(BINARIES / words[0]), *words[1:]], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
        )

    try:
        call("initdb", "-D", str(folder / "store"), "-A", "trust", "-U", "owner", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= -c max_connections=40"
        call("pg_ctl", "-D", str(folder / "store"), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://owner@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-D", str(folder / "store"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
