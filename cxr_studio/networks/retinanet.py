"""RetinaNet with ResNet-50 and a feature pyramid, torchvision's (Lin et al. 2017)."""

from __future__ import annotations

from typing import Any

from cxr_studio.networks.torchvision_detector import BACKBONE, TorchvisionDetector, required

PYRAMID = 256
"""Channels of the pyramid."""


class RetinaNet(TorchvisionDetector):
    """Levels 3 to 7, anchors and focal loss are torchvision's, which are the paper's."""

    def made(self, classes: int, **sides: int) -> Any:
        """See ``TorchvisionDetector``."""
        pyramid = required("torchvision.ops.feature_pyramid_network")
        backbone = required("torchvision.models.detection.backbone_utils").resnet_fpn_backbone(
            backbone_name=BACKBONE,
            weights=None,
            norm_layer=self.norm,
            trainable_layers=self.layers,
            returned_layers=[2, 3, 4],
            extra_blocks=pyramid.LastLevelP6P7(PYRAMID, PYRAMID),
        )
        return required("torchvision.models.detection").RetinaNet(backbone, classes, **sides)

    def limit(self, least: float, most: int) -> None:
        """See ``TorchvisionDetector``."""
        self.detector.score_thresh = least
        self.detector.detections_per_img = most


NETWORK = RetinaNet
