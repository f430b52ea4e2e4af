"""A model in an ONNX file, run by ONNX Runtime on the processor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import CheckpointError, GeneratorError, reason_of
from cxr_studio.networks.onnx_ports import Ports

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = NDArray[np.float32]

INSTALL = "Install it with: pip install 'cxr-studio[onnx]'"


class OnnxSession:
    """An ONNX model whose inputs and answer are those that its card names.

    It computes on as many processor threads as torch has, and they sleep while they wait, as torch's do here. Weights
    in further files are refused, so that the hash of the file stands for all of the model.

    Args:
        path: The .onnx file.
        ports: How it is given an image.
        side: Side of its square in pixels.

    Raises:
        CheckpointError: ONNX Runtime is not installed or can't load the file, or the file has other inputs or outputs,
            or another size, than its card says.
    """

    def __init__(self, path: Path, ports: Ports, *, side: int) -> None:
        self.path, self.ports, self.side = path, ports, side
        self._session = opened_session(path)
        self._shapes = {each.name: list(each.shape) for each in self._session.get_inputs()}
        self._check()
        first = self._shapes[ports.image][0]
        self._at_once = first if isinstance(first, int) else 0

    def shape(self, name: str) -> list[int]:
        """Sizes of an input for one image; what the file leaves open is 1 in front and the side behind."""
        return [1 if k == 0 else n if isinstance(n, int) else self.side for k, n in enumerate(self._shapes[name])]

    def run(self, inputs: Mapping[str, Array]) -> Array:
        """Answer.

        Args:
            inputs: By name, ``float32 [N, …]``.

        Returns:
            ``float32 [N, C, S, S]``.

        Raises:
            GeneratorError: the model fails, or its answer has not the size of the image.
        """
        count = len(inputs[self.ports.image])
        step = self._at_once or count
        parts = []
        for start in range(0, count, step):
            part = {name: value[start : start + step] for name, value in inputs.items()}
            short = step - len(part[self.ports.image])
            if short:
                part = {name: np.concatenate([value, np.repeat(value[-1:], short, 0)]) for name, value in part.items()}
            parts.append(self._answer(part)[: step - short])
        return np.concatenate(parts)

    def _answer(self, inputs: Mapping[str, Array]) -> Array:
        try:
            (answer,) = self._session.run([self.ports.output], dict(inputs))
        except Exception as fault:
            raise GeneratorError(
                f"the model fails on an image of {self.side} × {self.side} pixels ({reason_of(fault)})",
                file=self.path,
                remedy="Correct input_side on its card, or export the model again",
            ) from fault
        found = np.asarray(answer, np.float32)
        wanted = inputs[self.ports.image].shape[0], self.ports.channels, self.side, self.side
        if found.shape != wanted:
            raise GeneratorError(
                f"the model's answer is {_sizes(found.shape)}, and the image it was given asks for {_sizes(wanted)}",
                file=self.path,
                remedy="Export it so that it keeps the size of the image, or correct its card",
            )
        return found

    def _check(self) -> None:
        ports, outputs = self.ports, [each.name for each in self._session.get_outputs()]
        self._same_names("input", list(ports.inputs), list(self._shapes))
        if ports.output not in outputs:
            raise self._fault(
                f"it has no output {ports.output!r}", f"Name one of {', '.join(outputs)} as output on its card"
            )
        channels = ports.channels + ports.stacked
        self._same_shape(ports.image, channels)
        for name in (ports.mask, ports.contrast):
            if name:
                self._same_shape(name, 1)
        for each in self._session.get_inputs():
            if each.type != "tensor(float)":
                raise self._fault(
                    f"its input {each.name!r} takes {each.type}, not 32-bit numbers", "Export it with float32 inputs"
                )

    def _same_names(self, kind: str, wanted: list[str], there: list[str]) -> None:
        if missing := [name for name in wanted if name not in there]:
            names = ", ".join(there) or "none"
            raise self._fault(f"it has no {kind} {missing[0]!r}", f"Its {kind}s are {names}: correct its card")
        if unnamed := [name for name in there if name not in wanted]:
            raise self._fault(
                f"its {kind} {unnamed[0]!r} is not on its card", "Name it as mask, contrast, labels or noise in [onnx]"
            )

    def _same_shape(self, name: str, channels: int) -> None:
        shape = self._shapes[name]
        wanted = [None, channels, self.side, self.side]
        fixed = len(shape) == 4 and all(
            want is None or not isinstance(n, int) or n == want for n, want in zip(shape, wanted, strict=True)
        )
        if not fixed:
            raise self._fault(
                f"its input {name!r} is {_sizes(shape)}, its card asks for N × {channels} × {self.side} × {self.side}",
                "Correct input_side, channels or stacked on its card, or export the model again",
            )

    def _fault(self, what: str, remedy: str) -> CheckpointError:
        return CheckpointError(what, file=self.path, remedy=remedy)


def opened_session(path: Path) -> InferenceSession:
    """Load an ONNX model onto the processor, all of it in one file.

    Raises:
        CheckpointError: ONNX Runtime is not installed or cannot load the file.
    """
    try:
        import onnxruntime
    except ImportError as fault:
        raise CheckpointError("a model in an ONNX file needs ONNX Runtime", file=path, remedy=INSTALL) from fault
    import torch

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        content = path.read_bytes()
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except OSError as fault:
        raise CheckpointError(f"the file cannot be read ({fault.strerror})", file=path) from fault
    except Exception as fault:
        raise CheckpointError(
            f"ONNX Runtime cannot load it ({reason_of(fault)})",
            file=path,
            remedy="Export the model again, all of it in one file",
        ) from fault


def _sizes(shape: Any) -> str:
    return " × ".join(str(n) if isinstance(n, int) else "N" if k == 0 else "any" for k, n in enumerate(shape))
