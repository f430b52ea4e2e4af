"""What an empty window shows: the four jobs, recent files and folders, and a hint for the first minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_studio.ui.shell.file_names import short_name

SHOWN = 5
"""Recent files and folders that are offered."""
WIDTH = 860
"""Widest page, logical pixels."""

HINT = (
    "The first minute: open the sample, drag over one of the masses and watch it filled; Enter keeps the fill, Ctrl+Z "
    "takes it back. Edits are kept as you go. Ctrl+K finds every command, F1 lists the keys."
)


@dataclass(frozen=True)
class Job:
    """One of the jobs that the program is for.

    Attributes:
        title: A few words.
        words: What one does, a sentence.
        actions: Words of its buttons and the ids of their actions; the first is the usual one.
    """

    title: str
    words: str
    actions: tuple[tuple[str, str], ...]


JOBS: tuple[Job, ...] = (
    Job(
        "Place nodules, fill, augment",
        "Open radiographs, place nodules or paint over findings, export labels, or augment a whole folder.",
        (("Open folder…", "file.open-folder"), ("Open…", "file.open"), ("Augment a folder…", "nodule.augment")),
    ),
    Job(
        "Read a study",
        "Sit a reader study: images, one question, answers by key. Nothing is lost when you leave.",
        (("Choose the bundle…", "file.study"),),
    ),
    Job(
        "Make a study",
        "Make pairs from your radiographs, give readers a bundle without the truth, and get a report.",
        (("Make a study…", "file.make-study"), ("Progress and report…", "file.study-progress")),
    ),
    Job(
        "Judge checkpoints",
        "See generators side by side on the same holes: those that ship, and the snapshots of a training run.",
        (("Compare…", "file.compare"),),
    ),
)


class StartPage(QWidget):
    """A quiet start.

    Signals:
        wanted: (id) this action is asked for.
        file_wanted: (Path) this file or folder is asked for.
    """

    wanted = Signal(str)
    file_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel("CXR Studio")
        title.setProperty("title", True)
        cards = QGridLayout()
        cards.setSpacing(12)
        for place, job in enumerate(JOBS):
            cards.addWidget(self._card(job), place // 2, place % 2)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setSpacing(14)
        column.addWidget(title)
        column.addLayout(cards)
        column.addLayout(self._recent)
        column.addLayout(self._first_minute())
        across = QHBoxLayout(self)
        across.addStretch(1)
        across.addWidget(inner, 100, Qt.AlignmentFlag.AlignVCenter)
        across.addStretch(1)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files and folders, those that still exist."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        found = [path for path in paths if path.exists()][:SHOWN]
        if found:
            self._recent.addWidget(_quiet("Recent"))
        for path in found:
            button = QPushButton(
                f"{short_name(path.name)}{'/' if path.is_dir() else ''}   in {short_name(str(path.parent))}"
            )
            button.setFlat(True)
            button.setProperty("recent", True)
            button.setToolTip(str(path))
            button.clicked.connect(lambda _checked=False, p=path: self.file_wanted.emit(p))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _card(self, job: Job) -> QFrame:
        card = QFrame()
        card.setObjectName("job")
        title, words = QLabel(job.title), _quiet(job.words)
        title.setProperty("jobTitle", True)
        row = QHBoxLayout()
        for place, (text, action) in enumerate(job.actions):
            row.addWidget(self._button(text, action, primary=place == 0))
        row.addStretch(1)
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(words)
        column.addStretch(1)
        column.addLayout(row)
        return card

    def _first_minute(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(_quiet(HINT), 1)
        row.addWidget(self._button("Open the sample", "file.sample", primary=False))
        return row

    def _button(self, text: str, action: str, *, primary: bool) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("primary", primary)
        button.setObjectName(action)
        button.clicked.connect(lambda: self.wanted.emit(action))
        return button


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("quiet", True)
    label.setWordWrap(True)
    return label
