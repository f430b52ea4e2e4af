"""The recipe of a shape generator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trainers.recipe import Network, Part, Positive, Recipe, Run


class Silhouettes(Part):
    """Real shapes.

    Attributes:
        library: File of CT nodules (see nodules.ct_library); "" = the bundled one. Nodules of the held-out series
            in it are not learned from.
        epochs_per_side: A nodule is seen from a fresh random side every so many epochs; turned in the image plane
            and mirrored afresh in each.
        edge: Width in pixels over which a real mask goes from -1 to 1 at its edge, as a tanh of the signed distance;
            0 = a hard edge, as in the paper.
    """

    library: str = ""
    epochs_per_side: Positive = 1
    edge: Annotated[float, Field(ge=0)] = 0.0


class Judge(Part):
    """The discriminator; see networks.shape_generator.

    Attributes:
        channels: After each convolution.
        rate: Learning rate (0.00001 in the paper).
        variety: Whether it sees the spread of its features within the batch.
    """

    channels: Annotated[tuple[int, ...], Field(min_length=1)]
    rate: Annotated[float, Field(gt=0)] = 1e-5
    variety: bool = False


class ShapeRun(Run):
    """How it runs.

    Attributes:
        draws: Shapes that are drawn and measured at each snapshot.
    """

    draws: Positive = 400


class ShapeRecipe(Recipe):
    """Everything that decides the training of a shape generator.

    Attributes:
        epochs: Passes over the training nodules.
    """

    task: Literal["shapes"]
    silhouettes: Silhouettes = Silhouettes()
    network: Network
    discriminator: Judge
    epochs: Positive
    run: ShapeRun = ShapeRun()
