"""Is there a display to open a window on?"""

from __future__ import annotations

import os
import sys


def no_display() -> str:
    """A clause that says that there is none, or ""."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return "no display is available"
