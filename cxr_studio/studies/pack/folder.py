"""The folder that a packed study is: what lies where in it, where its answers go, and its bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.studies.bundle import IMAGES, STUDY_FILE, Bundle, open_bundle
from cxr_studio.studies.database import database_url, file_of, network_kind
from cxr_studio.studies.log import DATABASE

START = "Start study"
"""The program; on Windows with the ending .exe."""

PROGRAM = "program"
BUNDLE = "bundle"
ANSWERS = "answers"
SETTINGS = "settings.toml"
READ_ME = "README.txt"

ASK = "ask"
"""In place of a database: the reader is asked for the server."""

LOCAL = "Copy the folder to this computer, for example to the desktop, and start it there"

SETTINGS_TEXT = """\
# Where answers are saved: "" is the folder "answers" beside this file; "ask" asks for a PostgreSQL server at the start;
# "postgresql+psycopg://USER@SERVER:5432/DATABASE" is one, whose password is asked for.
database = {}
"""

READ_ME_TEXT = """\
1. Copy this whole folder to the computer, not to a network drive.
2. Start it by a double click on "{start}" and enter the reader ID that you were given. Esc pauses; nothing is lost.
3. {end}
"""


def fill_folder(bundle: Bundle, folder: Path, *, database: str = "", progress: Progress = silent) -> None:
    """Write everything but the program: the bundle's study and images (no answers), settings and README.

    Args:
        bundle: The study; each image is checked.
        folder: An empty folder.
        database: "" for a file beside the program, "ask", or a server's address without a password.
        progress: Called for each image.

    Raises:
        BundleError: an image is missing or has been changed.
        StudioError: answers cannot be kept there.
        OSError: something cannot be written.
    """
    address = _checked(database)
    images = folder / BUNDLE / IMAGES
    images.mkdir(parents=True)
    shutil.copyfile(bundle.folder / STUDY_FILE, folder / BUNDLE / STUDY_FILE)
    for number, name in enumerate(bundle.images):
        shutil.copyfile(bundle.check_image(name), images / name)
        progress((number + 1) / len(bundle.images), "copying the bundle")
    end = "Your answers are saved on a server; there is nothing to send back."
    if not address:
        end = f'When you have finished, send the folder "{ANSWERS}" back to where this folder came from.'
    (folder / SETTINGS).write_text(SETTINGS_TEXT.format(json.dumps(address)), encoding="utf-8")
    (folder / READ_ME).write_text(READ_ME_TEXT.format(start=START, end=end), encoding="utf-8", newline="\r\n")


def packed_bundle(folder: Path) -> Bundle:
    """The bundle of a packed study.

    Raises:
        BundleError: it is missing, damaged or changed.
    """
    return open_bundle(folder / BUNDLE)


def chosen_database(folder: Path) -> str:
    """What the settings say: "" for the folder itself, "ask", or an address; "" without settings.

    Raises:
        StudioError: they cannot be read.
    """
    path = folder / SETTINGS
    if not path.exists():
        return ""
    remedy = "Correct it, or ask the study's owner for the folder again"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("database", "")
    except (OSError, ValueError) as fault:
        raise StudioError("the settings cannot be read", file=path, remedy=remedy) from fault
    if not isinstance(found, str):
        raise StudioError("the database must be written between quotation marks", file=path, remedy=remedy)
    return found.strip()


def answers_file(folder: Path) -> Path:
    """The file of answers beside the program, in a folder that is there and can be written.

    Raises:
        StudioError: answers cannot be saved there.
    """
    kind = network_kind(folder.absolute())
    if kind:
        raise StudioError(f"this folder lies on a network ({kind}), where answers are not safe", remedy=LOCAL)
    answers = folder / ANSWERS
    try:
        answers.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=answers):
            pass
    except OSError as fault:
        what = f"answers cannot be saved in this folder ({fault.strerror})"
        raise StudioError(what, file=folder, remedy=LOCAL) from fault
    return answers / DATABASE


def _checked(database: str) -> str:
    """An address as it may stand in a file that others read."""
    if database in ("", ASK):
        return database
    url = database_url(database)
    if file_of(url) is not None or url.get_backend_name() == "sqlite":
        remedy = "Leave --database out, or give a server: postgresql+psycopg://USER@SERVER/DATABASE"
        raise StudioError("a packed study saves its answers beside itself or on a server", remedy=remedy)
    if url.password:
        remedy = "Leave the password out of the address; the reader is asked for it"
        raise StudioError("everybody who gets the folder could read the password", remedy=remedy)
    return url.render_as_string(hide_password=False)
