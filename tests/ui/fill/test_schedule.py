from __future__ import annotations

from cxr_studio.ui.fill.schedule import LiveSchedule


def test_only_the_newest_answer_is_taken():
    schedule = LiveSchedule()
    schedule.asked(1)
    schedule.asked(2)
    assert not schedule.accepts(1)
    assert schedule.under_way
    assert schedule.accepts(2)
    assert not schedule.under_way


def test_dropping_makes_the_answer_under_way_stale():
    schedule = LiveSchedule()
    schedule.asked(7)
    schedule.drop_all()
    assert not schedule.accepts(7)
    assert not schedule.accepts(-1)
    assert not schedule.under_way


def test_a_fast_generator_follows_the_brush_and_a_slow_one_waits_for_the_stroke():
    schedule = LiveSchedule()
    assert not schedule.asks_while_stroking("telea")
    schedule.note("telea", 0.02)
    schedule.note("slow", 0.5)
    assert schedule.asks_while_stroking("telea")
    assert not schedule.asks_while_stroking("slow")
    schedule.live = False
    assert not schedule.asks_while_stroking("telea")


def test_no_second_request_while_one_is_under_way():
    schedule = LiveSchedule()
    schedule.note("telea", 0.02)
    schedule.asked(3)
    assert not schedule.asks_while_stroking("telea")
    schedule.gave_up(3)
    assert schedule.asks_while_stroking("telea")


def test_the_estimate_follows_the_measurements():
    schedule = LiveSchedule()
    schedule.note("a", 1.0)
    for _ in range(20):
        schedule.note("a", 0.05)
    assert abs(schedule.estimate("a") - 0.05) < 0.01
