"""The number format of a training: full, or the 16 bits that the device computes faster."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch

Fabrics = Literal["32-true", "bf16-mixed", "16-mixed"]
"""Fabric's own names."""

Precision = Literal["auto", "32-true", "bf16-mixed", "16-mixed"]
"""Fabric's, or "auto": bfloat16 where the device has it, else full. Weights, losses, penalties on gradients and scores
are in full precision in any case; the range of bfloat16 is that of a float, so that no loss has to be scaled."""

FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
"""Of processors that multiply bfloat16 (on others it is emulated, and slower)."""

PROCESSOR = Path("/proc/cpuinfo")


def chosen(precision: Precision, device: torch.device) -> Fabrics:
    """What "auto" means on a device."""
    if precision != "auto":
        return precision
    if device.type == "cuda":
        return "bf16-mixed" if torch.cuda.is_bf16_supported(including_emulation=False) else "32-true"
    return "bf16-mixed" if device.type == "cpu" and FLAGS & _flags() else "32-true"


def _flags() -> frozenset[str]:
    """What the first processor says it can do; nothing where the system does not say."""
    try:
        lines = PROCESSOR.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())
