"""Protocols: all faults at once, frozen and hashed, nothing in the readers' part that tells how images are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from cxr_studio.resources import resource
from cxr_studio.studies.protocol import ProtocolError, as_protocol, read_protocol
from tests.studies.tiny_study import tiny_protocol


@pytest.mark.parametrize("name", ["pairs-64", "real-or-fake", "six-findings", "six-findings-drawn"])
def test_templates_are_valid(name):
    protocol = read_protocol(resource("studies", f"{name}.toml"))
    assert protocol.study.name == name
    assert protocol.rules().instructions.strip()


def test_the_2afc_template_is_the_papers_study():
    protocol = read_protocol(resource("studies", "pairs-64.toml"))
    assert (protocol.images.count, protocol.conditions[0].hole, protocol.question) == (40, 64, "original")


def test_all_faults_are_told_at_once(tmp_path: Path):
    path = tmp_path / "protocol.toml"
    path.write_text(
        '[study]\nname = "A b"\nparadigm = "3afc"\n[images]\ncount = 0\n'
        '[[conditions]]\ngenerator = "ct-superposition"\n'
        "[answer]\nconfidence = 1\n[order]\nsurprise = 2\n",
        encoding="utf-8",
    )
    with pytest.raises(ProtocolError) as fault:
        read_protocol(path)
    words = str(fault.value)
    for part in (
        "study.name",
        "study.paradigm",
        "images.count",
        "conditions.0",
        "answer",
        "order.surprise",
        "6 faults",
    ):
        assert part in words, words
    assert "protocol.toml" in words


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"conditions": [{"generator": "telea"}, {"generator": "telea"}]}, "same name"),
        ({"study": {"question": "nodule"}}, "draws nodules in every condition"),
        ({"conditions": [{"generator": "folder", "folder": "x"}]}, "only for real-or-fake"),
        ({"order": {"repeats": 99}}, "repeats"),
        ({"study": {"title": "Telea against truth"}}, "names telea"),
    ],
)
def test_sections_must_fit_each_other(sections, words):
    with pytest.raises(ProtocolError, match=words):
        tiny_protocol(**sections)


def test_a_broken_file_is_one_sentence(tmp_path: Path):
    path = tmp_path / "p.toml"
    path.write_text("[study\n", encoding="utf-8")
    with pytest.raises(ProtocolError, match="cannot be read"):
        read_protocol(path)
    with pytest.raises(ProtocolError, match="cannot be read"):
        read_protocol(tmp_path / "none.toml")


def test_the_hash_is_of_the_meaning_not_of_the_text():
    first, again = tiny_protocol(), tiny_protocol()
    explicit = as_protocol(first.model_dump(mode="json"))
    assert first.sha256 == again.sha256 == explicit.sha256
    assert tiny_protocol(study={"seed": 2}).sha256 != first.sha256


def test_a_protocol_is_frozen():
    with pytest.raises(ValidationError):
        tiny_protocol().study.seed = 5  # type: ignore[misc]


def test_readers_rules_name_no_generator_seed_or_margin():
    words = tiny_protocol().rules().model_dump_json()
    assert not [name for name in ("biharmonic", "telea", "seed", "margin", "conditions") if name in words]


def test_nodules_are_asked_for_by_default_where_only_nodules_are_drawn():
    nodules = [{"generator": "ct-superposition", "diameter": "20px"}]
    assert tiny_protocol(conditions=nodules).question == "nodule"
    assert tiny_protocol().question == "original"
