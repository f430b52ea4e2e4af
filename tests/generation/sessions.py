"""Answers made without a network."""

from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions

OPTIONS = FillOptions(generator="biharmonic", grain="off")


def answer(session: Session) -> Result:
    return fill(session.request(OPTIONS, session.mask))
