"""Simulated outcomes for tests: the truth and the answers are drawn, so that what should come out is known."""

import numpy as np

from cxr_studio.studies.statistics import outcome as o

CONDITIONS = ("context-encoder", "tiramisu")


def two_afc(readers=3, trials=40, *, accuracy=0.6, kind=o.HUMAN, conditions=CONDITIONS, seed=1):
    rng = np.random.default_rng(seed)
    answers = []
    facts = [o.ReaderFacts(f"{kind[0].upper()}{r + 1}", kind, "5 years", trials) for r in range(readers)]
    for r, reader in enumerate(facts):
        for index, case in enumerate(rng.permutation(trials)):
            side = (o.LEFT, o.RIGHT)[index % 2]
            correct = bool(rng.random() < accuracy + 0.04 * r)
            answers.append(
                o.Answer(
                    reader=reader.name,
                    case=f"pair{case:03d}",
                    source_image=f"source{case:03d}",
                    condition=conditions[(case + r) % len(conditions)],
                    truth=side,
                    response=side if correct else {o.LEFT: o.RIGHT, o.RIGHT: o.LEFT}[side],
                    correct=correct,
                    trial_index=index,
                    confidence=float(rng.integers(1, 5)),
                    response_time_ms=float(rng.lognormal(9 - index / 100, 0.5)),
                    side=side,
                )
            )
    return answers, facts


def real_or_fake(readers=3, images=60, *, seed=2, kind=o.HUMAN):
    rng = np.random.default_rng(seed)
    answers, facts = [], [o.ReaderFacts(f"R{r + 1}", kind, "", images) for r in range(readers)]
    for reader in facts:
        for index, image in enumerate(rng.permutation(images)):
            source = ("real", "gan", "diffusion")[image % 3]
            truth = o.REAL if source == "real" else o.FAKE
            evidence = rng.normal({"real": -0.6, "gan": 0.9, "diffusion": 0.2}[source], 1)
            response = o.FAKE if evidence > 0 else o.REAL
            answers.append(
                o.Answer(
                    reader=reader.name,
                    case=f"image{image}",
                    source_image=f"source{image // 3}",
                    condition=source,
                    truth=truth,
                    response=response,
                    correct=response == truth,
                    trial_index=index,
                    confidence=float(min(4, 1 + int(abs(evidence) * 2))),
                    response_time_ms=float(rng.lognormal(8.5, 0.4)),
                    pathology=("effusion", "normal")[image // 3 % 2],
                )
            )
    return answers, facts


def outcome(answers, facts, *, paradigm=o.TWO_AFC, margin=0.1, **others):
    return o.StudyOutcome(
        protocol=o.ProtocolFacts(
            title="Healthy patches, <context> encoder & tiramisu",
            paradigm=paradigm,
            question="Which one is the original?" if paradigm == o.TWO_AFC else "Real or fake?",
            sha256="ab" * 32,
            margin=margin,
            sample_size="equivalence within 0.1, power 0.8",
        ),
        answers=tuple(answers),
        readers=tuple(facts),
        generators=tuple(o.Generator(name, name.title(), "1", "cd" * 32) for name in CONDITIONS),
        versions={"CXR Studio": "0.1.0", "numpy": np.__version__},
        hashes={"Key": "ef" * 32},
        first_answer="2026-11-20T09:00:00+01:00",
        last_answer="2026-11-20T10:12:00+01:00",
        **others,
    )
