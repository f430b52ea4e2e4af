"""A model from elsewhere as CXR Studio takes it: an ONNX file and a card beside it.

The model is a stand-in that needs no training: it spreads the known pixels into the hole, ring by ring. Put your own
network and its weights in its place, and correct the card.

    python docs/examples/export_foreign_model.py my-models
    cxr-studio check my-models/spread.onnx
"""

import sys
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 128

CARD = """\
name = "spread"
title = "Spread (example)"
role = "restore"
input_side = 128         # the square it is given, its own pixels
hole_side = 64           # the largest hole in its middle that it fills in one go
mm_per_pixel = 0.375     # size of its pixel in the training images, mm
reference_side = 1024    # longest side of the training images, pixels: used where a radiograph has no spacing
base = "blank"
data = "None: it was not trained."
licence = "Apache-2.0"

[onnx]
image = "image"          # name of the input with the radiograph, N x 1 x 128 x 128
mask = "mask"            # name of the input with the mask, N x 1 x 128 x 128
marked = 1               # value of the mask where the model is to draw
blank = 0.0              # what stands in the radiograph there
range = [0.0, 1.0]       # what black and white are to the model
output = "filled"        # name of its answer, N x 1 x 128 x 128
"""


class Spread(nn.Module):
    """Fills a hole with means of what is known around it."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """``[N, 1, S, S]`` in 0 to 1, and 1 where it is to be filled."""
        known, filled = 1 - mask, image * (1 - mask)
        for _ in range(SIDE // 4):
            weight = F.avg_pool2d(known, 3, stride=1, padding=1)
            spread = F.avg_pool2d(filled, 3, stride=1, padding=1) / weight.clamp_min(1e-6)
            reached = (weight > 0).float()
            filled = image * (1 - mask) + spread * mask * reached
            known = torch.maximum(known, reached)
        return filled


def export(folder: Path) -> Path:
    """Write ``spread.onnx`` and ``spread.card.toml``; returns the model's file."""
    folder.mkdir(parents=True, exist_ok=True)
    example = torch.zeros(2, 1, SIDE, SIDE), torch.zeros(2, 1, SIDE, SIDE)
    many = torch.export.Dim("many", min=1, max=64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own
        torch.onnx.export(
            Spread().eval(),
            example,
            folder / "spread.onnx",
            input_names=["image", "mask"],
            output_names=["filled"],
            dynamic_shapes=({0: many}, {0: many}),
            external_data=False,  # all of the model in one file
            verbose=False,
        )
    (folder / "spread.card.toml").write_text(CARD, encoding="utf-8")
    return folder / "spread.onnx"


if __name__ == "__main__":
    print(export(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
