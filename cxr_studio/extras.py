"""Packages that only few need: extras of the installation, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cxr_studio.errors import StudioError


def needed(module: str, extra: str, what: str) -> Any:
    """A module of an extra.

    Args:
        module: Its name ("openpyxl").
        extra: The extra that brings it ("xlsx").
        what: What it is needed for, in the plural ("workbooks").

    Raises:
        StudioError: it is not installed; the sentence says how to install it.
    """
    try:
        return import_module(module)
    except ImportError as fault:
        words = f"{what} need {module}, which is not installed"
        raise StudioError(words, remedy=f"Run pip install 'cxr-studio[{extra}]'") from fault
