"""The methods paragraph and the reporting checklist, in words that can be pasted into a paper."""

from __future__ import annotations

from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics import wording
from cxr_studio.studies.statistics.forced_choice import EXTREME_RULE
from cxr_studio.studies.statistics.study_results import Group, StudyResults

TIMES = (
    "Response time runs from the first painted frame to the key, pauses excluded; medians and quartiles are given and "
    "nothing was trimmed. Drift was examined by logistic regression of correctness on trial order, Fisher's exact test "
    "of the first against the last half, and Spearman's ρ of response time."
)
"""The last paragraph, the same for every study."""


def methods(outcome: o.StudyOutcome, results: StudyResults) -> list[str]:
    """Paragraphs: what was shown, how it was analysed, over readers and cases."""
    return [_design(outcome, results), _single(outcome, results), *_several(results), TIMES]


def checklist(outcome: o.StudyOutcome, results: StudyResults) -> list[tuple[str, str, str]]:
    """(item, what it asks, what this study says) for STARD 2015 and CLAIM items that a study tool can fill."""
    protocol = outcome.protocol
    afc = protocol.paradigm == o.TWO_AFC
    missing = [f"{r.facts.name} {r.missing}" for g in results.groups for r in g.readers if r.missing]
    unplanned = any(r.missing is None for g in results.groups for r in g.readers)
    lost = "; ".join(missing) if missing else ("not known" if unplanned else "none")
    margin = "no equivalence margin was stated" if protocol.margin is None else f"margin {protocol.margin:g} around 0.5"
    people = [r for r in outcome.readers if r.kind == o.HUMAN]
    experience = "; ".join(f"{r.name}: {r.experience}" for r in people if r.experience) or "not recorded"
    truth = "which image is the unaltered original" if afc else "whether the image is real or generated"
    who = "1 person" if len(people) == 1 else f"{len(people)} people"
    agreed = any(g.agreement for g in results.groups)
    agreement = "Cohen's and Fleiss' κ on the chosen item of each case" if agreed else "needs two readers"
    several = any(g.analysis for g in results.groups)
    again = any(r.repeats[1] for g in results.groups for r in g.readers)
    variability = "between readers and cases: " + ("multi-reader section" if several else "not estimated")
    variability += "; within readers: " + ("repeated trials" if again else "no trial was repeated")
    categories = "left or right image" if afc else "real or fake"
    scale = f", confidence {protocol.confidence_scale}" if protocol.confidence_scale else ""
    return [
        ("STARD 12a", "Categories of the answers", f"{categories}, stated before the data{scale}"),
        (
            "STARD 13a",
            "What readers knew",
            "neither truth, generator, names nor metadata; no accuracy shown outside practice",
        ),
        ("STARD 15", "Indeterminate answers", "not offered: every answer is one of the two"),
        ("STARD 16", "Missing answers", f"planned trials without an answer: {lost}; left out, none imputed"),
        ("STARD 17", "Variability", variability),
        ("STARD 18, CLAIM 19", "Sample size", f"{protocol.sample_size or 'no reason was recorded'}; {margin}"),
        ("CLAIM 14, 15", "Reference standard", f"known by construction: {truth}"),
        ("CLAIM 16", "Readers", f"{who}; experience: {experience}"),
        ("CLAIM 18", "Agreement", agreement),
    ]


def _design(outcome: o.StudyOutcome, results: StudyResults) -> str:
    protocol = outcome.protocol
    counts = {kind: len(outcome.of_kind(kind)) for kind in o.KINDS}
    words = {o.HUMAN: "human reader", o.MACHINE: "machine observer", o.SIMULATED: "simulated reader"}
    who = ", ".join(_count(n, words[kind]) for kind, n in counts.items() if n)
    cases = len({a.case for a in outcome.answers if a.phase == o.MAIN})
    sources = len({a.source_image for a in outcome.answers if a.phase == o.MAIN})
    limit = "without a time limit" if protocol.time_limit_s is None else f"within {protocol.time_limit_s:g} s"
    conditions = f" Conditions: {'; '.join(results.conditions)}." if len(results.conditions) > 1 else ""
    if protocol.paradigm == o.TWO_AFC:
        task = (
            "In a two-alternative forced choice an original radiograph and its altered copy were shown side by side, "
            "the side balanced and in random order"
        )
    else:
        task = "Single radiographs, real and generated, were shown in random order"
    return (
        f"{task}, with the question “{protocol.question}”, {limit}. Answers are those of {who}; "
        f"{_count(cases, 'case')} from {_count(sources, 'source radiograph')} were analysed.{conditions} The protocol "
        "and each reader's whole schedule were fixed and hashed before the first trial. Practice and repeated trials "
        "do not count."
    )


def _single(outcome: o.StudyOutcome, results: StudyResults) -> str:
    protocol = outcome.protocol
    confidence = wording.confidence(protocol.confidence)
    text = f"Percent correct of each reader is given with {confidence} Clopper–Pearson and Wilson intervals"
    if protocol.paradigm == o.TWO_AFC:
        text += (
            " and the two-sided exact binomial test against 0.5. "
            "d′ = √2 z(p), with its standard error by the delta method and the transformed exact limits; "
            f"{EXTREME_RULE}. The side-aware d′ = (z(H) − z(F))/√2 and bias c = −(z(H) + z(F))/2, with H and F the "
            "rates of “left” for targets on the left and on the right, take out a preference for one side, which "
            "is tested by the exact binomial test of the left answers."
        )
    else:
        text += (
            ". Positive is fake: sensitivity is the share of fakes called fake, specificity that of real images called "
            "real, with d′ = z(H) − z(F), c = −(z(H) + z(F))/2, also with the log-linear correction (x + 0.5)/(n + 1). "
            "The area under the empirical ROC curve uses confidence with the sign of the decision. Whether "
            "answers have anything to do with the truth was tested by Fisher's exact test, two-sided."
        )
    if any(r.equivalence for g in results.groups for r in g.readers):
        text += (
            f" Equivalence to guessing was tested by two one-sided exact tests at level {protocol.alpha:g} with the "
            f"margin ±{protocol.margin:g}. A test against 0.5 that is not significant does not show equivalence."
        )
    return text


def _several(results: StudyResults) -> list[str]:
    groups: list[Group] = [g for g in results.groups if g.analysis is not None]
    if not groups:
        return []
    analysis = groups[0].analysis
    assert analysis is not None
    text = (
        "Answers of several readers were never pooled into one binomial. Means over readers, and their differences "
        "between conditions, have the variance of Gallas' one-shot U-statistics for random readers and random cases, "
        "degrees of freedom by Satterthwaite as in iMRMC"
    )
    if analysis.obuchowski_rockette:
        text += "; Obuchowski–Rockette analysis of variance with jackknife covariance and Hillis' degrees of freedom"
    bootstrap = analysis.bootstrap
    text += (
        f"; and, as a cross-check, a bootstrap over readers and cases ({bootstrap.replicates} replicates, seed "
        f"{bootstrap.seed}). Agreement is Cohen's κ for pairs and Fleiss' κ for all readers on the chosen item; near "
        "50 % correct a low κ is what guessing gives."
    )
    return [text]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
