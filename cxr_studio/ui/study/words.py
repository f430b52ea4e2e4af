"""What the pages of a study say; free of Qt, and of any hint at how well the reader does."""

from __future__ import annotations

from cxr_studio.studies.protocol_parts import Rules
from cxr_studio.studies.trial_view import Break, Feedback, Finished, TrialView


def progress(view: TrialView) -> str:
    """How far: "12 of 40"."""
    names = {"practice": "Practice: ", "warm-up": "Warm-up: "}
    return f"{names.get(view.phase, '')}{view.number} of {view.total}"


def question(view: TrialView) -> str:
    """The question, and that the last answer was taken back."""
    return f"{view.rules.words}  (your last answer was taken back)" if view.again else view.rules.words


def keys(rules: Rules) -> tuple[str, ...]:
    """How to answer, a line each."""
    left, right = ("left", "right") if rules.paradigm == "2afc" else ("fake", "real")
    form = rules.answer
    lines = [f"← or F: {left}.   → or J: {right}.   The buttons under the images do the same."]
    if form.mark:
        lines.append("Click in the image to mark where you see it; another click moves the mark.")
    if form.confidence:
        lines.append(f"1 to {form.confidence}: how sure you are, from a guess to certain.")
    if form.mark:
        lines.append("Enter: confirm.")
    if form.undo:
        lines.append("U or Backspace: take back the last answer.")
    lines.append("Mouse: left drag contrast and brightness, middle drag move, right drag or wheel zoom.")
    lines.append("R: contrast as at the start.   Home: whole image.   Esc: pause or leave; nothing is lost.")
    if form.time_limit_s:
        lines.append(f"A trial ends automatically after {form.time_limit_s:g} seconds.")
    return tuple(lines)


def return_words(answered: int, total: int, gap_h: float | None, *, warm_up: bool) -> str:
    """What a reader who comes back is told."""
    if answered >= total:
        return "You have answered everything. Thank you."
    words = f"Welcome back. {answered} of {total} answered and saved; you resume with the next."
    if gap_h is not None and gap_h >= 1:
        words += f" Your last answer was {_time_ago(gap_h)} ago."
    return f"{words} It starts with a few practice images." if warm_up else words


def standing(answered: int, total: int) -> str:
    """How far a known reader is."""
    return "all answered" if answered >= total else f"{answered} of {total} answered"


def break_words(step: Break) -> tuple[str, str]:
    """Title and text of a break."""
    if step.after_practice:
        return "Practice is over", f"The study starts now: {step.total} trials, without feedback."
    return (
        "Time for a break",
        f"{step.done} of {step.total} answered and saved. Rest your eyes as long as you like.",
    )


def pause_words(view: TrialView) -> str:
    """How far a reader is who pauses: "Practice: 1 of 4." or "12 of 40 answered, 28 to go."."""
    if view.phase in ("practice", "warm-up"):
        return f"{progress(view)}."
    done = view.number - 1
    return f"{done} of {view.total} answered, {view.total - done} to go."


def thanks(step: Finished) -> tuple[str, str]:
    """Title and text of the last page."""
    words = f"All {step.answered} answers are saved. You may close this window."
    if step.missed:
        words += f" {step.missed} ran out of time."
    return "Thank you", words


def feedback_words(feedback: Feedback, rules: Rules) -> str:
    """What practice tells."""
    asked = {"original": "the original", "changed": "the changed one", "nodule": "the one with the nodule"}
    right = feedback.answer
    if rules.paradigm == "2afc":
        truth = f"{asked.get(rules.question, 'the right one')} is on the {right}"
    else:
        truth = f"it is {right}"
    if feedback.correct:
        return f"Correct: {truth}."
    return f"Not correct: {truth}."


def _time_ago(hours: float) -> str:
    if hours < 48:
        return f"{round(hours)} hour{'s' * (round(hours) != 1)}"
    return f"{round(hours / 24)} days"
