"""What every system that fills holes of patches learns from, and how its card states the patch."""

from __future__ import annotations

from dataclasses import replace

from cxr_studio.networks.card import Card
from trainers.batches import Share
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.held_out_holes import HeldOutHoles
from trainers.image_store import load_images
from trainers.patches import Patches, PatchRecipe
from trainers.task import Material


def hole_material(recipe: PatchRecipe, share: Share, *, kind: type[Patches] = Patches) -> Material:
    """Patches of the training radiographs, of some kind, and holes of held-out ones."""
    images = load_images(recipe.images.train)
    patches = kind(images[: len(images) - recipe.images.keep_back], recipe, share=share)
    return Material(patches, HeldOutHoles(load_images(recipe.images.val), recipe, patches.square))


def hole_geometry(recipe: PatchRecipe, card: Card) -> Card:
    """Hole, base fill and pixel size; whole radiographs have none of their own."""
    generator, images = recipe.generator, recipe.images
    card = replace(card, hole_side=generator.hole_side, base=generator.base)
    if images.mode == "whole":
        return replace(card, mm_per_pixel=0.0, reference_side=0)
    zoom = images.usual_zoom
    return replace(card, mm_per_pixel=NIH_MM_PER_PIXEL / zoom, reference_side=round(NIH_SIDE * zoom))
