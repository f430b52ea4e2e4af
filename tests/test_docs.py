"""README and guides: every file that they link to exists, and every command that they name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from cxr_studio.cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)")
COMMAND = re.compile(r"^(?:\.venv/(?:bin|Scripts)/)?cxr-studio ([a-z][a-z0-9]*)", re.MULTILINE)
RECIPE = re.compile(r"resources/[\w./-]+\.(?:toml|md)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    linked = [link for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in linked if not (page.parent / link).exists()]
    missing += [name for name in RECIPE.findall(text) if not (ROOT / name).exists()]
    missing += [f"cxr-studio {name}" for name in COMMAND.findall(text) if name not in COMMANDS]
    assert not missing


def test_every_command_is_in_the_guides() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    assert [name for name in COMMANDS if not re.search(rf"[`/ ]{name}\b", text)] == []


def test_scripts_for_a_cluster_are_scripts() -> None:
    scripts = re.findall(r"```sh\n(#!/bin/bash.*?)```", (ROOT / "docs" / "cluster.md").read_text(), re.DOTALL)
    assert any("--part" in script for script in scripts)
    for script in scripts:
        checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
        assert not checked.stderr
