"""``train --slurm``: a script that bash reads, that shares the work as asked, and that resumes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.resources import resource

RECIPE = resource("recipes", "context-encoder-compact.toml")
SRUN = '#!/bin/bash\nprintf "%s\\n" "$@"\n'
SCONTROL = '#!/bin/bash\necho "node7"\necho "node8"\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def submitted(script: Path, folder: Path) -> list[str]:
    """What the script gives to srun as job 20007 on two nodes."""
    for name, text in (("srun", SRUN), ("scontrol", SCONTROL)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    slurm = {"SLURM_JOB_ID": "20007", "SLURM_NNODES": "2", "SLURM_JOB_NODELIST": "node[7-8]"}
    place = {**os.environ, **slurm, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", str(script)], env=place, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_shares_the_work_and_resumes(tmp_path, capsys):
    words = ["--nodes", "2", "--devices", "4", "--partition", "gpu", "--hours", "8", "--set", "run.snapshot_minutes=9"]
    assert main(["train", str(RECIPE), "--slurm", *words]) == 0
    script = tmp_path / "context-encoder.sbatch"
    assert capsys.readouterr().out == f"The script is {script.name}. Start it with: sbatch {script.name}\n"
    subprocess.run(["bash", "-n", script], check=True)
    asked = [line.removeprefix("#SBATCH --") for line in script.read_text().splitlines() if "#SBATCH" in line]
    assert {"nodes=2", "ntasks-per-node=1", "gpus-per-node=4", "cpus-per-task=16", "time=8:00:00"} <= set(asked)
    assert {"partition=gpu", "signal=TERM@300", "requeue"} <= set(asked)
    given = submitted(script, tmp_path)
    assert given[:3] == [sys.executable, "-m", "torch.distributed.run"]
    assert given[3:8] == [
        "--nnodes=2",
        "--nproc-per-node=4",
        "--rdzv-id=20007",
        "--rdzv-backend=c10d",
        "--rdzv-endpoint=node7:20007",
    ]
    out = ["--out", "runs/context-encoder", "--device", "cuda", "--set", "run.snapshot_minutes=9"]
    assert given[8:] == ["-m", "trainers", str(RECIPE), *out]
    (tmp_path / "runs" / "context-encoder").mkdir(parents=True)
    (tmp_path / "runs" / "context-encoder" / "state.safetensors").touch()
    assert submitted(script, tmp_path)[8:] == ["-m", "trainers", str(RECIPE), *out, "--resume"]


def test_on_processors_no_gpu_is_asked_for_and_names_with_blanks_are_kept_whole(tmp_path):
    out, script = tmp_path / "my runs" / "one", tmp_path / "my job.sh"
    words = ["--device", "cpu", "--out", str(out), "--script", str(script), "--steps", "5"]
    assert main(["train", str(RECIPE), "--slurm", *words]) == 0
    assert "gpus" not in script.read_text()
    given = submitted(script, tmp_path)
    assert given[given.index("trainers") + 1 :] == [str(RECIPE), "--out", str(out), "--device", "cpu", "--steps", "5"]


def test_a_batch_that_cannot_be_shared_is_one_sentence_and_no_script(tmp_path, capsys):
    command = ["train", str(RECIPE), "--slurm", "--devices", "3"]
    assert main([*command, "--set", "run.batch=32"]) == 1
    assert "the 32 samples of run.batch cannot be shared equally by 3 devices" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert main([*command, "--set", "run.batch=33"]) == 0


def test_several_recipes_are_several_scripts(tmp_path, capsys):
    assert main(["train", str(RECIPE), str(RECIPE), "--slurm"]) == 1
    assert capsys.readouterr().err == "A script trains one recipe. Write one for each.\n"


@pytest.mark.parametrize(("text", "words"), [(None, "there is no such recipe"), ("name =", "cannot be read")])
def test_a_recipe_that_cannot_be_read_is_one_sentence(tmp_path, capsys, text, words):
    if text is not None:
        (tmp_path / "r.toml").write_text(text)
    assert main(["train", "r.toml", "--slurm"]) == 1
    assert words in capsys.readouterr().err


def test_the_help_names_what_slurm_takes(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    told = capsys.readouterr().out
    assert all(option in told for option in ("--slurm", "--nodes N", "--devices N", "--hours H", "--partition NAME"))
