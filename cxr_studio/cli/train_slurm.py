"""``cxr-studio train RECIPE --slurm``: the sbatch script that trains on several devices and nodes."""

from __future__ import annotations

import argparse
import shlex
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import RecipeError
from cxr_studio.files import replaced

BATCH = 64
"""Samples a step where a recipe names none; see ``trainers.recipe.Run``."""

SCRIPT = """\
#!/bin/bash
# Train {name} on {world} devices; submit it with: sbatch {script}
# It saves its state before the time is over. Submitted again it resumes, also on another number of devices.
#SBATCH --job-name={name}
#SBATCH --nodes={nodes}
#SBATCH --ntasks-per-node=1
{devices}#SBATCH --cpus-per-task={cpus}
#SBATCH --time={hours}:00:00
#SBATCH --signal=TERM@300
#SBATCH --requeue
#SBATCH --output=%x-%j.log
{partition}set -euo pipefail
cd {folder}

export OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE
first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | sed -n 1p)
resume=()
if [ -f {state} ]; then resume=(--resume); fi

srun {python} -m torch.distributed.run \\
  --nnodes="$SLURM_NNODES" --nproc-per-node={each} \\
  --rdzv-id="$SLURM_JOB_ID" --rdzv-backend=c10d --rdzv-endpoint="$first:$((20000 + SLURM_JOB_ID % 20000))" \\
  -m trainers {words} "${{resume[@]}}"
"""


@dataclass(frozen=True)
class Cluster:
    """What is asked of Slurm.

    Attributes:
        nodes: Machines.
        devices: GPUs of each, or processes where it trains on processors.
        cpus: Processor cores for each device.
        hours: Longest time.
        partition: Slurm's, "" for its own choice.
        gpus: Whether the devices are GPUs.
    """

    nodes: int
    devices: int
    cpus: int
    hours: int
    partition: str
    gpus: bool

    @property
    def world(self) -> int:
        """Devices of all nodes."""
        return self.nodes * self.devices


def write_script(arguments: Sequence[str]) -> Path:
    """Write the script that the arguments of ``train`` ask for, ``--slurm`` among them.

    Returns:
        Its path.

    Raises:
        RecipeError: the recipe cannot be read, or its batch cannot be shared.
        WriteError: the script cannot be written.
    """
    options, others = _parser().parse_known_args(arguments)
    if len(options.recipe) > 1:
        raise RecipeError("a script trains one recipe", remedy="Write one for each")
    (recipe,) = options.recipe
    name, batch = _read(recipe)
    where = options.nodes, options.devices, options.cpus, options.hours, options.partition
    cluster = Cluster(*where, gpus=options.device != "cpu")
    batch = next((int(text.partition("=")[2]) for text in options.set[::-1] if text.startswith("run.batch=")), batch)
    if batch % cluster.world:
        what = f"the {batch} samples of run.batch cannot be shared equally by {cluster.world} devices"
        raise RecipeError(what, file=recipe, remedy="Change --nodes and --devices, or --set run.batch=…")
    out, script = options.out or Path("runs") / name, options.script or Path(f"{name}.sbatch")
    changes = [word for text in options.set for word in ("--set", text)]
    words = [str(recipe), "--out", str(out), "--device", options.device, *changes, *others]
    text = _text(name, cluster, script=script, state=out / "state.safetensors", words=words)
    with replaced(script) as beside:
        beside.write_text(text, encoding="utf-8")
    return script


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cxr-studio train RECIPE", allow_abbrev=False, add_help=False)
    parser.add_argument("recipe", type=Path, nargs="+")
    parser.add_argument("--slurm", action="store_true", help="write a script for sbatch in place of training")
    parser.add_argument("--script", type=Path, metavar="FILE", help="its name (default: NAME.sbatch)")
    parser.add_argument("--nodes", type=_positive, default=1, metavar="N", help="machines (default: 1)")
    parser.add_argument("--devices", type=_positive, default=1, metavar="N", help="GPUs of each (default: 1)")
    parser.add_argument("--cpus", type=_positive, default=4, metavar="N", help="cores a GPU (default: 4)")
    parser.add_argument("--hours", type=_positive, default=24, metavar="H", help="longest time (default: 24)")
    parser.add_argument("--partition", default="", metavar="NAME", help="Slurm's partition")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--device", default="cuda", choices=["auto", "cpu", "cuda"])
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--resume", action="store_true")
    return parser


def slurm_help() -> str:
    """What ``--slurm`` takes, for ``train --help``."""
    return "\n".join(
        f"  {' '.join([*action.option_strings, str(action.metavar or '')]):<18} {action.help}"
        for action in _parser()._actions
        if action.help
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def _read(recipe: Path) -> tuple[str, int]:
    """Name and batch of a recipe."""
    try:
        found = tomllib.loads(recipe.read_text(encoding="utf-8"))
        return str(found["name"]), int(found.get("run", {}).get("batch", BATCH))
    except FileNotFoundError as fault:
        raise RecipeError("there is no such recipe", file=recipe, remedy="See resources/recipes") from fault
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise RecipeError("the recipe cannot be read", file=recipe, remedy="Check it with --dry-run") from fault


def _text(name: str, cluster: Cluster, *, script: Path, state: Path, words: list[str]) -> str:
    return SCRIPT.format(
        name=name,
        script=shlex.quote(str(script)),
        world=cluster.world,
        nodes=cluster.nodes,
        devices=f"#SBATCH --gpus-per-node={cluster.devices}\n" if cluster.gpus else "",
        cpus=cluster.cpus * cluster.devices,
        hours=cluster.hours,
        partition=f"#SBATCH --partition={cluster.partition}\n" if cluster.partition else "",
        folder=shlex.quote(str(Path.cwd())),
        state=shlex.quote(str(state)),
        python=shlex.quote(sys.executable),
        each=cluster.devices,
        words=shlex.join(words),
    )
