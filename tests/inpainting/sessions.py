"""Answers made without a network."""

from cxr_studio.inpainting.fill import fill
from cxr_studio.inpainting.request import FillOptions, InpaintResult
from cxr_studio.inpainting.session import Session

OPTIONS = FillOptions(generator="biharmonic", grain="off")


def answer(session: Session) -> InpaintResult:
    return fill(session.request(OPTIONS))
