"""The options of role "translate"."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.generation.request import Request


@dataclass(frozen=True)
class TranslateOptions:
    """What a radiograph is turned into.

    Attributes:
        generator: Registry name.
        seed: Another seed draws another image where the generator is stochastic.
        labels: The findings that are wanted, of those on the generator's card; none means healthy. A generator without
            labels repairs blindly and takes none.
        feather: Width in image pixels, inside the mask only, over which the change fades in, 0-32.
    """

    generator: str
    seed: int = 0
    labels: tuple[str, ...] = ()
    feather: int = 3


TranslateRequest = Request[TranslateOptions]
"""A radiograph to translate: its region is the mask inside which it may change, or None for all of it."""
