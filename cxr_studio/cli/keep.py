"""``cxr-studio keep CHECKPOINT [--name NAME]``."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The checkpoint and its name."""
    parser.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="a .safetensors file, or .onnx with a card")
    parser.add_argument("--name", help="name under which the program knows the copy (default: as its card says)")
    parser.add_argument("--replace", action="store_true", help="replace another checkpoint of that name")


def run(options: argparse.Namespace) -> int:
    """Copy it into the models folder, where every command and the window find it; nothing is measured."""
    from cxr_studio.networks.checkpoint import read_checkpoint
    from cxr_studio.quality.keeping import keep

    path = keep(read_checkpoint(options.checkpoint), name=options.name, replace_other=options.replace)
    print(f"Kept as {path}.")
    return 0
