"""Faster R-CNN with ResNet-50 and a feature pyramid, torchvision's (Ren et al. 2015, Lin et al. 2017)."""

from __future__ import annotations

from typing import Any

from cxr_studio.networks.torchvision_detector import BACKBONE, TorchvisionDetector, required


class FasterRcnn(TorchvisionDetector):
    """Anchors, thresholds and samples are torchvision's, which are the paper's."""

    def made(self, classes: int, **sides: int) -> Any:
        """See ``TorchvisionDetector``."""
        backbone = required("torchvision.models.detection.backbone_utils").resnet_fpn_backbone(
            backbone_name=BACKBONE, weights=None, norm_layer=self.norm, trainable_layers=self.layers
        )
        return required("torchvision.models.detection").FasterRCNN(backbone, classes, **sides)

    def limit(self, least: float, most: int) -> None:
        """See ``TorchvisionDetector``."""
        self.detector.roi_heads.score_thresh = least
        self.detector.roi_heads.detections_per_img = most


NETWORK = FasterRcnn
