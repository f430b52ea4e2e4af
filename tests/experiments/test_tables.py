"""Cells of the experiments' tables."""

from __future__ import annotations

from cxr_studio.experiments import tables
from cxr_studio.experiments.tables import interval, number, spread
from cxr_studio.metrics.by_patient import Estimate


def test_negative_figures_have_a_minus_sign_and_no_hyphen() -> None:
    below = Estimate(-0.0123, -0.04, 0.015, 0.00002)
    assert (number(-0.0123), number(-0.0123, signed=True), number(0.5, signed=True)) == ("−0.012", "−0.012", "+0.500")
    assert interval(below, signed=True) == "−0.040 to +0.015"
    assert tables.tested(below) == "−0.040 to +0.015, p 2e−05"
    assert spread(-0.25, 0.1, 2) == "−0.25 ± 0.10"


def test_nothing_is_no_less_than_nothing() -> None:
    assert (number(-0.0001), number(-0.0001, signed=True), number(float("nan"))) == ("0.000", "+0.000", "–")
