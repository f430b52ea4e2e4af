"""``cxr-studio train RECIPE``: starts ``python -m trainers`` in a process of its own."""

from __future__ import annotations

import argparse

from cxr_studio.cli.train_slurm import slurm_help, write_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed on to the trainers; with ``--slurm`` into a script."""
    words = "RECIPE… [--out DIR] [--resume] [--dry-run] [--search N] [--slurm …] …"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"All other options: cxr-studio train RECIPE --help\n\non a cluster:\n{slurm_help()}"
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar=words)


def run(options: argparse.Namespace) -> int:
    """Train; the exit code is the trainers'."""
    from cxr_studio.processes import supervised, training_command

    if "--slurm" in options.arguments:
        script = write_script(options.arguments)
        print(f"The script is {script}. Start it with: sbatch {script}")
        return 0
    return supervised(training_command(options.arguments))
