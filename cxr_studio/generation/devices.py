"""Where a network runs, and what to do when the device gives up."""

from __future__ import annotations

from typing import Literal

from cxr_studio.errors import GeneratorError

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]

CHOICES: tuple[DeviceChoice, ...] = ("auto", "cpu", "cuda", "mps")


def choose_device(choice: str = "auto") -> str:
    """Return torch's name of the device to use; "auto" takes the first of CUDA, MPS, CPU.

    Raises:
        GeneratorError: the device asked for is not there.
    """
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if choice == "auto":
        return next(name for name, found in there.items() if found)
    if not there.get(choice, False):
        raise GeneratorError(f"this machine has no {choice} device", remedy="Choose auto or cpu")
    return choice


def device_title(device: str) -> str:
    """Name to show: "GPU (NVIDIA H200)", "GPU (Apple)" or "CPU (2 threads)"."""
    import torch

    if device.startswith("cuda"):
        return f"GPU ({torch.cuda.get_device_name(device)})"
    if device == "mps":
        return "GPU (Apple)"
    count = torch.get_num_threads()
    return f"CPU ({count} thread{'s' * (count > 1)})"


def gave_up(fault: BaseException) -> str | None:
    """Return why a GPU failed ("ran out of memory", "was lost") or None for a fault of another kind."""
    import torch

    if isinstance(fault, torch.cuda.OutOfMemoryError):
        return "ran out of memory"
    words = str(fault).lower()
    if isinstance(fault, RuntimeError):
        if "out of memory" in words:
            return "ran out of memory"
        if "cuda error" in words or "device-side" in words or "mps backend" in words:
            return "was lost"
    return None
