"""Answers made without a network."""

from cxr_studio.generation.request import FillOptions, InpaintResult
from cxr_studio.generation.session import Session
from cxr_studio.restore.fill import fill

OPTIONS = FillOptions(generator="biharmonic", grain="off")


def answer(session: Session) -> InpaintResult:
    return fill(session.request(OPTIONS))
