"""Colours of the two themes. In the dark one the image is the brightest thing on the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """Named colours, ``#rrggbb``.

    Attributes:
        window: Behind everything.
        panel: Docks, bars and dialogs.
        raised: Buttons and fields.
        hover: What the pointer is over.
        line: Borders and separators.
        text: Words and icons.
        quiet: Less important words.
        faint: Disabled words and icons.
        accent: The one chosen thing; focus.
        accent_back: Behind an accent.
        good, warn, bad: States.
    """

    window: str
    panel: str
    raised: str
    hover: str
    line: str
    text: str
    quiet: str
    faint: str
    accent: str
    accent_back: str
    good: str
    warn: str
    bad: str


DARK = Tokens(
    window="#0b0c0e",
    panel="#15171a",
    raised="#1f2226",
    hover="#2a2e33",
    line="#2a2d32",
    text="#b9bec6",
    quiet="#858b94",
    faint="#4d525a",
    accent="#5aa9e6",
    accent_back="#1d3347",
    good="#6fae83",
    warn="#d0a04e",
    bad="#d57a70",
)

LIGHT = Tokens(
    window="#d9dce0",
    panel="#eceef0",
    raised="#fafbfc",
    hover="#dfe6ee",
    line="#c3c8ce",
    text="#23272d",
    quiet="#5c646e",
    faint="#a3a9b1",
    accent="#1668ad",
    accent_back="#cfe2f4",
    good="#2f7a46",
    warn="#8f6410",
    bad="#a93c31",
)

THEMES: dict[str, Tokens] = {"dark": DARK, "light": LIGHT}

_chosen = ["dark"]


def current() -> Tokens:
    """Colours of the theme in use."""
    return THEMES[_chosen[0]]


def choose(name: str) -> None:
    """Take another theme, "dark" or "light"."""
    _chosen[0] = name if name in THEMES else "dark"
