"""Models in ONNX files: asked as their card says, and refused in a sentence that is true."""

from __future__ import annotations

import builtins
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.networks import registry
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import checkpoint_sha256, read_checkpoint, restate
from cxr_studio.networks.registry import load_network
from cxr_studio.quality.checking.conformance import conformance
from cxr_studio.resources import user_models

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

SIDE = 32
FACTS = {"name": "far", "title": "From far away", "role": "restore", "input_side": SIDE, "hole_side": 16}
PORTS = {"image": "picture", "mask": "hole", "output": "done", "range": [0.0, 1.0]}


def write(folder: Path, nodes, *, facts=(), ports=(), inputs=("picture", "hole"), channels=1, side=None) -> Path:
    """A model of ONNX nodes from its inputs to "done", and a card."""
    folder.mkdir(parents=True, exist_ok=True)
    kind, sizes = onnx.TensorProto.FLOAT, side or "S"
    values = [
        onnx.helper.make_tensor_value_info(name, kind, ["N", channels if name == "picture" else 1, sizes, sizes])
        for name in inputs
    ]
    done = onnx.helper.make_tensor_value_info("done", kind, None)
    graph = onnx.helper.make_graph([_node(*node) for node in nodes], "far", values, [done])
    opset = [onnx.helper.make_opsetid("", 17)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=9), folder / "far.onnx")
    return card(folder, facts=dict(facts), ports=dict(ports))


def card(folder: Path, *, facts, ports) -> Path:
    lines = [f"{k} = {_value(v)}" for k, v in {**FACTS, **facts}.items() if v is not None]
    lines += ["[onnx]", *(f"{k} = {_value(v)}" for k, v in {**PORTS, **ports}.items() if v is not None)]
    (folder / "far.card.toml").write_text("\n".join(lines))
    return folder / "far.onnx"


def _node(kind, inputs, outputs, attributes=None):
    return onnx.helper.make_node(kind, inputs, outputs, **(attributes or {}))


def _value(value) -> str:
    return repr(value).replace("'", '"').replace("True", "true")


ADD = [("Add", ["picture", "hole"], ["done"])]
"""Image plus mask."""


MEANS = [
    ("AveragePool", ["picture"], ["done"], {"kernel_shape": [31, 31], "pads": [15, 15, 15, 15]}),
    ("Identity", ["hole"], ["unused"]),
]
"""Every pixel the mean of those around it."""


def asked(path: Path, *, hole=None):
    image = torch.rand(2, 1, SIDE, SIDE, generator=torch.Generator().manual_seed(1)) * 2 - 1
    hole = torch.zeros_like(image) if hole is None else hole
    with torch.inference_mode():
        return image, load_network(read_checkpoint(path))(image, hole)


def test_grey_goes_in_and_comes_out_on_the_models_own_scale(tmp_path):
    image, answer = asked(write(tmp_path, ADD), hole=torch.full((2, 1, SIDE, SIDE), 0.25))
    assert answer.shape == (2, 1, 16, 16)
    assert answer.numpy() == pytest.approx(image[..., 8:24, 8:24].numpy() + 0.5, abs=1e-5), "a quarter of 0 to 1"


def test_an_answer_in_grey_levels_is_brought_back(tmp_path):
    twice = [("Add", ["picture", "picture"], ["two"]), ("Add", ["two", "hole"], ["done"])]
    image, answer = asked(write(tmp_path, twice, ports={"output_range": [0.0, 2.0]}))
    assert answer.numpy() == pytest.approx(image[..., 8:24, 8:24].numpy(), abs=1e-5)


def test_the_mask_may_be_of_what_is_known_and_the_hole_blanked(tmp_path):
    hole = torch.zeros(2, 1, SIDE, SIDE)
    hole[..., 10:20, 10:20] = 1
    only_mask = [("Identity", ["hole"], ["done"]), ("Identity", ["picture"], ["unused"])]
    _, answer = asked(write(tmp_path, only_mask, ports={"marked": 0}), hole=hole)
    assert answer.numpy() == pytest.approx(1 - 2 * hole[..., 8:24, 8:24].numpy()), "1 where it is known"
    image, answer = asked(
        write(
            tmp_path, [("Mul", ["picture", "picture"], ["done"]), ("Identity", ["hole"], ["u"])], ports={"blank": 0.5}
        ),
        hole=hole,
    )
    inside = answer[..., 2:12, 2:12].numpy()
    assert inside == pytest.approx(np.full(inside.shape, 0.25 * 2 - 1), abs=1e-6)
    assert answer[..., 0, 0].numpy() == pytest.approx(2 * (image[..., 8, 8].numpy() / 2 + 0.5) ** 2 - 1, abs=1e-5)


def test_a_colour_model_with_the_mask_as_fourth_channel(tmp_path):
    nodes = [("Split", ["picture"], ["red", "green", "blue", "marks"]), ("Concat", ["red", "green", "blue"], ["done"])]
    folder = tmp_path
    kind = onnx.TensorProto.FLOAT
    values = [onnx.helper.make_tensor_value_info("picture", kind, [1, 4, SIDE, SIDE])]
    done = onnx.helper.make_tensor_value_info("done", kind, [1, 3, SIDE, SIDE])
    made = [onnx.helper.make_node(*nodes[0], axis=1, num_outputs=4), onnx.helper.make_node(*nodes[1], axis=1)]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(made, "far", values, [done]),
        opset_imports=[onnx.helper.make_opsetid("", 18)],
        ir_version=9,
    )
    onnx.save(model, folder / "far.onnx")
    image, answer = asked(card(folder, facts={}, ports={"mask": None, "stacked": True, "channels": 3}))
    assert answer.numpy() == pytest.approx(image[..., 8:24, 8:24].numpy(), abs=1e-5), "two images, one at a time"


def test_noise_of_a_seed_is_the_same(tmp_path):
    path = write(
        tmp_path,
        [("Add", ["picture", "grain"], ["done"])],
        inputs=("picture", "grain"),
        facts={"role": "translate", "hole_side": None},
        ports={"mask": None, "noise": "grain"},
    )
    network, image = load_network(read_checkpoint(path)), torch.zeros(1, 1, SIDE, SIDE)
    drawn = [network(image, None, torch.Generator().manual_seed(seed)) for seed in (4, 4, 5)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_a_surround_model_is_told_where_to_draw(tmp_path):
    path = write(tmp_path, ADD, facts={"role": "surround", "hole_side": None})
    kept = torch.zeros(1, 1, SIDE, SIDE)
    kept[..., 8:16, 8:16] = 1
    answer = load_network(read_checkpoint(path))(torch.full_like(kept, -1.0), kept)
    assert answer[0, 0, 10, 10] == -1
    assert answer[0, 0, 0, 0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ports": {"image": "image"}}, "no input 'image'.*Its inputs are picture, hole"),
        ({"ports": {"output": "filled"}}, "no output 'filled'.*Name one of done"),
        ({"ports": {"mask": None, "stacked": True}}, "input 'hole' is not on its card"),
        ({"channels": 3}, "input 'picture' is N × 3 × any × any, its card asks for N × 1 × 32 × 32"),
        ({"side": 64}, "is N × 1 × 64 × 64, its card asks for N × 1 × 32 × 32"),
    ],
)
def test_a_model_that_is_not_as_its_card_says_is_refused(tmp_path, change, words):
    checkpoint = read_checkpoint(write(tmp_path, ADD, **change))
    with pytest.raises(CheckpointError, match=words):
        load_network(checkpoint)
    assert [finding.passed for finding in conformance(checkpoint)] == [False]


@pytest.mark.parametrize(
    ("facts", "ports", "words"),
    [
        ({"role": "paint"}, {}, "role is 'paint'. Choose one of restore"),
        ({"title": None}, {}, "says nothing of title"),
        ({"input_side": "large"}, {}, "input_side: Input should be a valid integer"),
        ({"architecture": "unet"}, {}, "has no architecture"),
        ({"colour": "grey"}, {}, "unknown fields: colour"),
        ({"hole_side": 32}, {}, "hole_side is not between 0 and input_side"),
        ({}, {"range": [1.0, 0.0]}, "range is not .black, white. with black below white"),
        ({}, {"mask": None}, "names no mask"),
        ({}, {"channels": 2}, "channels: Input should be 1 or 3"),
        ({"role": "insert"}, {}, "names no contrast"),
    ],
)
def test_a_card_that_is_wrong_is_refused_with_its_name(tmp_path, facts, ports, words):
    write(tmp_path, ADD)
    with pytest.raises(CheckpointError, match=words) as told:
        read_checkpoint(card(tmp_path, facts=facts, ports=ports))
    assert told.value.file.name == "far.card.toml"


def test_without_a_card_or_without_a_runtime_a_sentence_says_so(tmp_path, monkeypatch):
    path = write(tmp_path, ADD)
    imported = builtins.__import__

    def missing(name, *rest, **more):
        if name == "onnxruntime":
            raise ImportError(name)
        return imported(name, *rest, **more)

    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "onnxruntime", raising=False)
        patch.setattr(builtins, "__import__", missing)
        with pytest.raises(CheckpointError, match=r"needs ONNX Runtime. Install .* pip install 'cxr-studio\[onnx\]'"):
            load_network(read_checkpoint(path))
    (tmp_path / "far.card.toml").unlink()
    with pytest.raises(CheckpointError, match=r"no card far\.card\.toml beside it"):
        read_checkpoint(path)
    path.write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="ONNX Runtime cannot load it"):
        load_network(read_checkpoint(card(tmp_path, facts={}, ports={})))


def test_the_contract_is_proved_by_asking(tmp_path):
    kept = conformance(read_checkpoint(write(tmp_path, MEANS)))
    assert [finding.name for finding in kept if not finding.passed] == []
    assert len(kept) == 6


@pytest.mark.parametrize(
    ("nodes", "ports", "failed"),
    [
        (MEANS, {"output_range": [0.0, 255.0]}, "answer has contrast"),
        (MEANS, {"output_range": [0.0, 0.01]}, "answer in its range"),
        ([("Log", ["hole"], ["l"]), ("Add", ["picture", "l"], ["done"])], {"marked": 0}, "finite"),
        ([("RandomNormalLike", ["picture"], ["r"]), ("Add", ["hole", "r"], ["done"])], {}, "same seed, same pixels"),
        (
            [("ReduceMean", ["picture"], ["m"]), ("Mul", ["picture", "m"], ["c"]), ("Add", ["c", "hole"], ["done"])],
            {"output_range": [-1.0, 2.0]},
            "one image at a time",
        ),
    ],
)
def test_what_breaks_the_contract_is_found(tmp_path, nodes, ports, failed):
    path = write(tmp_path, nodes, ports=ports)
    assert failed in [finding.name for finding in conformance(read_checkpoint(path)) if not finding.passed]


def _halving(folder: Path) -> Path:
    """A model whose answer is half as large as the image."""
    write(folder, ADD)
    model = onnx.load(folder / "far.onnx")
    del model.graph.node[:]
    model.graph.node.append(
        onnx.helper.make_node("MaxPool", ["picture"], ["done"], kernel_shape=[2, 2], strides=[2, 2])
    )
    model.graph.node.append(onnx.helper.make_node("Identity", ["hole"], ["unused"]))
    onnx.save(model, folder / "far.onnx")
    return folder / "far.onnx"


def test_a_model_in_the_models_folder_is_found_and_hashed_with_its_card(tmp_path):
    path = write(user_models(), ADD)
    found = registry.find_checkpoints()["far"]
    assert (found.path, found.foreign, found.card.role) == (path, True, Role.RESTORE)
    before = checkpoint_sha256(path)
    assert found.sha256 == before
    card(user_models(), facts={"title": "Another"}, ports={})
    assert checkpoint_sha256(path) != before, "the card decides the pixels too"
    assert registry.find_checkpoints()["far"].card.title == "Another"
    (user_models() / "far.card.toml").write_text("name = ")
    assert "far" not in registry.find_checkpoints()
    assert "far.card.toml" in str(registry.unreadable_checkpoints()[0])


def test_a_copy_with_another_card_is_the_same_model(tmp_path):
    checkpoint = read_checkpoint(write(tmp_path / "a", ADD, ports={"blank": 0.5}))
    other = tmp_path / "b" / "copy.onnx"
    restate(checkpoint, other, replace(checkpoint.card, name="copy", scores={"PSNR on “x”": 30.5}))
    again = read_checkpoint(other)
    assert again.card == replace(checkpoint.card, name="copy", scores={"PSNR on “x”": 30.5})
    assert other.read_bytes() == checkpoint.path.read_bytes()


def test_a_failing_model_names_its_file(tmp_path):
    checkpoint = read_checkpoint(_halving(tmp_path))
    network = load_network(checkpoint)
    assert [finding.passed for finding in conformance(checkpoint)] == [False]
    with pytest.raises(GeneratorError, match="answer is 1 × 1 × 16 × 16, and the image it was given asks for"):
        network(torch.zeros(1, 1, SIDE, SIDE), torch.zeros(1, 1, SIDE, SIDE))
