"""The figures of healthy lungs that ship belong to the checkpoint that ships."""

from cxr_studio.networks.card import Role
from cxr_studio.quality.highlighting.healthy import find_healthy
from cxr_studio.quality.highlighting.options import DEFAULT
from cxr_studio.quality.highlighting.roundness import SIZES
from cxr_studio.quality.highlighting.search import usual_scales
from cxr_studio.roles import find


def test_the_default_highlight_has_a_z_map_and_a_focal_one() -> None:
    facts = find(DEFAULT.generator, Role.RESTORE)
    assert facts.checkpoint is not None
    assert facts.card is not None
    found = find_healthy(facts.name, facts.checkpoint.sha256, scales=usual_scales(facts.card))
    assert found is not None
    assert found.round_mean is not None
    assert found.round_mean.shape[1] == SIZES
    assert found.card.images > 50
