"""A generator's facts in plain words: a few lines for the window, the whole card for whoever asks."""

from __future__ import annotations

from cxr_studio.generation.generators import GeneratorFacts

SCORES: dict[str, tuple[str, str]] = {
    "val_dice": ("mean Dice of held-out radiographs", ""),
    "val_dice_least": ("least Dice of a held-out radiograph", ""),
    "val_radiographs": ("held-out radiographs", ""),
    "val_psnr_db": ("held-out PSNR while training", "dB"),
    "val_psnr_biharmonic_db": ("biharmonic fill on the same holes", "dB"),
    "val_holes": ("held-out holes while training", ""),
    "healthy_psnr_db": ("PSNR, grain off", "dB"),
    "healthy_ssim": ("SSIM, grain off", ""),
    "healthy_matched_psnr_db": ("PSNR, grain matched", "dB"),
    "healthy_matched_ssim": ("SSIM, grain matched", ""),
    "healthy_grain_ratio": ("grain ratio, grain matched", ""),
    "healthy_biharmonic_psnr_db": ("PSNR of the biharmonic fill", "dB"),
    "healthy_biharmonic_ssim": ("SSIM of the biharmonic fill", ""),
    "healthy_holes": ("holes of 64 × 64 in held-out healthy lungs", ""),
    "sample_psnr_db": ("PSNR on the bundled samples, grain off", "dB"),
}
"""Name of a score on a card → words and unit."""


def score_text(name: str, value: float) -> str:
    """One figure in words: ``PSNR, grain off: 34.10 dB``."""
    words, unit = SCORES.get(name, (name.replace("_", " "), ""))
    figure = f"{value:.0f}" if name.endswith(("_holes", "_radiographs")) else f"{value:.2f}" if unit else f"{value:.3f}"
    return f"{words}: {figure}{f' {unit}' if unit else ''}"


def _place(name: str) -> tuple[int, str]:
    known = list(SCORES)
    return (known.index(name) if name in known else len(known), name)


def short_facts(facts: GeneratorFacts) -> str:
    """Three or four lines for the side panel."""
    card = facts.card
    if card is None:
        return f"{facts.words}\nBuilt in; needs no checkpoint."
    lines = [
        f"{card.weights_count / 1e6:.1f} million weights, {card.gflop:.1f} GFLOP a request",
        card.geometry.words,
    ]
    plain, classical = card.scores.get("healthy_psnr_db"), card.scores.get("healthy_biharmonic_psnr_db")
    if plain is not None and classical is not None:
        lines.append(f"PSNR {plain:.2f} dB; biharmonic {classical:.2f} dB on the same holes")
    return "\n".join(lines)


def full_facts(facts: GeneratorFacts) -> str:
    """Everything the card states, a line each."""
    card = facts.card
    if card is None:
        return f"{facts.title}\n\n{facts.words}"
    checkpoint = facts.checkpoint.sha256 if facts.checkpoint else ""
    lines = [
        facts.title,
        "",
        f"Role: {card.role.value}",
        f"Network: {card.architecture}, {card.weights_count:,} weights, {card.gflop} GFLOP a request",
        f"Sees: {card.geometry.words}",
        *([f"Base fill: {card.base}"] if card.base else []),
        *([f"Findings: {', '.join(card.labels)}"] if card.labels else []),
        *(["A different seed gives different anatomy"] if card.stochastic else []),
        f"Data: {card.data}",
        f"Training: {card.steps:,} steps, {card.seconds / 60:.0f} min on {card.hardware}",
        *(f"Differs from the paper: {change}" for change in card.changes),
        *(score_text(name, card.scores[name]) for name in sorted(card.scores, key=_place)),
        f"Licence: {card.licence}",
        f"Checkpoint SHA-256: {checkpoint}",
    ]
    return "\n".join(lines)
