"""What a session has to say in DICOM objects: the regions of its edits and the nodules placed in it."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.generation.edit import Edit
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, Mask, bounding_box
from cxr_studio.nodules.labels import labelled


@dataclass(frozen=True, eq=False)
class Region:
    """A region with a name.

    Attributes:
        title: Words for a reader ("Nodule 12.0 mm").
        mask: ``bool [H, W]``, not empty.
        nodule: Whether a nodule is there.
        generator: What drew into it, "" where a person painted it and nothing was drawn.
        version: Hash of the generator's checkpoint, "" for a built-in one.
        diameter_px: Of a nodule, in pixels.
        number: Of its edit, 0 for a region without one.
    """

    title: str
    mask: Mask
    nodule: bool = False
    generator: str = ""
    version: str = ""
    diameter_px: float | None = None
    number: int = 0

    @property
    def box(self) -> Box:
        """The smallest rectangle that holds it."""
        return bounding_box(self.mask) or (0, 0, 0, 0)


def regions_of(session: Session, *, device: str = "auto") -> tuple[Region, ...]:
    """The enabled edits: the silhouette of every nodule that still shows, the mask of everything else.

    Raises:
        StudioError: a nodule cannot be drawn any more (its checkpoint is gone).
    """
    found = {each.edit.number: each for each in labelled(session, device=device)}
    regions = []
    for edit in session.edits:
        nodule = found.get(edit.number)
        if not edit.enabled or (nodule is not None and nodule.covered):
            continue
        if nodule is None:
            regions.append(_region(edit, edit.mask(session.radiograph.shape)))
        else:
            regions.append(_region(edit, nodule.silhouette, diameter=nodule.placed.drawn.diameter))
    return tuple(region for region in regions if region.mask.any())


def painted_region(session: Session) -> tuple[Region, ...]:
    """The painted mask as a region; () where nothing is painted."""
    return (Region("Painted mask", session.mask.copy()),) if session.mask.any() else ()


def _region(edit: Edit, mask: Mask, *, diameter: float | None = None) -> Region:
    made = edit.provenance
    version = made.checkpoint_sha256[:12]
    return Region(edit.title, mask, diameter is not None, made.generator, version, diameter, edit.number)
