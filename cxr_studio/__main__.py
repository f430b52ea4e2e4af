"""``python -m cxr_studio``: the same as ``cxr-studio``, also from a checkout that is not installed."""

import sys

from cxr_studio.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
