"""Inception's features from a user's ONNX file: FID by hand, files that are not what they should be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_studio.cli.main import main
from cxr_studio.errors import CheckpointError
from cxr_studio.files import file_sha256
from cxr_studio.quality.benchmark.features import LENGTH, SHA256, SIDE, features_of

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


def model(folder: Path, *, length: int = LENGTH, channels: int = 3, name: str = "means.onnx") -> Path:
    """A model whose answer is the mean of each colour, each repeated to a share of the length."""
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    given = make.make_tensor_value_info("image", kind, ["N", channels, "H", "W"])
    done = make.make_tensor_value_info("features", kind, None)
    wide = np.zeros((channels, length), np.float32)
    for k in range(length):
        wide[k % channels, k] = k
    matrix = onnx.numpy_helper.from_array(wide, "wide")
    nodes = [
        make.make_node("ReduceMean", ["image"], ["means"], axes=[2, 3], keepdims=0),
        make.make_node("MatMul", ["means", "wide"], ["features"]),
    ]
    graph = make.make_graph(nodes, "means", [given], [done], [matrix])
    onnx.save(make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9), folder / name)
    return folder / name


def test_a_vector_of_the_whole_image(tmp_path):
    path = model(tmp_path)
    features = features_of(f"inception:{path}")
    image = np.full((2 * SIDE, SIDE + 40), 0.25, np.float32)
    vectors = features.of(image, np.zeros(image.shape, bool))
    assert vectors.shape == (1, LENGTH)
    assert vectors[0] == pytest.approx(0.25 * np.arange(LENGTH), rel=1e-4)
    assert features.title == "FID"
    assert file_sha256(path) in features.words


@pytest.mark.parametrize("changes", [{"length": 64}, {"channels": 1}], ids=["short", "grey"])
def test_another_model_is_refused(tmp_path, changes):
    with pytest.raises(CheckpointError, match="2,048 numbers of a colour image"):
        features_of(f"inception:{model(tmp_path, **changes)}")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("inception:{}/none.onnx", f"there is no such file.*{SHA256}"),
        ("inception:{}/weights.pth", "read from an ONNX file alone"),
        ("inception:{}/broken.onnx", "cannot load it"),
        ("vgg", "inception:FILE.onnx"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path, word, sentence):
    for name in ("weights.pth", "broken.onnx"):
        (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(CheckpointError, match=f"(?i){sentence}"):
        features_of(word.format(tmp_path))


def test_a_table_calls_it_fid_and_shows_the_papers_beside(images, tmp_path, capsys):
    words = ["evaluate", "--table", "methods", "--generators", "telea", "--images", str(images), "--pairs", "8"]
    assert main([*words, "--device", "cpu", "--features", f"inception:{model(tmp_path)}"]) == 0
    printed = capsys.readouterr().out
    assert "FID" in printed
    assert "Fréchet" not in printed
    assert "2.1268" in printed  # of Shen et al.
