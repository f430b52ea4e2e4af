"""The program's version."""

from __future__ import annotations

from functools import cache


@cache
def program_version() -> str:
    """Version of the installed package; "0" where it runs without being installed. Looked up late and once."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cxr-studio")
    except PackageNotFoundError:
        return "0"
