"""What every test shares; the ground helper owns this file."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
