"""Arguments of ``cxr-studio pacs``: which archive, which secret, which series."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import whole

if TYPE_CHECKING:
    from cxr_studio.exchange.archive import Archive, Authentication, Query, Settings

CALLING = "CXRSTUDIO"


def add_connection(parser: argparse.ArgumentParser) -> None:
    """An archive of the window's settings, or one by DICOM, or one by DICOMweb."""
    which = parser.add_argument_group("archive, one of three").add_mutually_exclusive_group(required=True)
    which.add_argument("--archive", metavar="NAME", help="one that is configured in the window")
    which.add_argument("--host", metavar="HOST", help="one that speaks DICOM: its name or address")
    which.add_argument("--web", metavar="URL", help="one that speaks DICOMweb: where its services begin")
    dicom = parser.add_argument_group("with --host")
    dicom.add_argument("--port", type=whole(1, 65_535), default=104, metavar="PORT", help="(default: 104)")
    dicom.add_argument("--called", metavar="TITLE", help="the archive's AE title")
    dicom.add_argument("--aet", default=CALLING, metavar="TITLE", help=f"our AE title (default: {CALLING})")
    words = "C-GET, or C-MOVE to the receiver's port (default: C-GET where the archive offers it)"
    dicom.add_argument("--retrieve", choices=("auto", "get", "move"), default="auto", help=words)
    words = "port on which images arrive by C-MOVE, 0 for none (default: 11112)"
    dicom.add_argument("--receiver-port", type=whole(0, 65_535), default=11_112, metavar="PORT", help=words)
    dicom.add_argument("--tls", action="store_true", help="encrypt (the archive has a port of its own for that)")
    words = "certificate of ours, where the archive asks for one or sends images over TLS (PEM)"
    dicom.add_argument("--certificate", default="", metavar="FILE", help=words)
    words = "its private key (default: in the same file)"
    dicom.add_argument("--key", default="", metavar="FILE", help=words)
    web = parser.add_argument_group("with --web")
    web.add_argument("--user", default="", metavar="NAME", help="log in with a password")
    web.add_argument("--token", action="store_true", help="log in with a token (bearer)")
    either = parser.add_argument_group("with --web, and with --host and --tls")
    words = "authority that signed the archive's certificate (PEM; default: those of the system)"
    either.add_argument("--ca", default="", metavar="FILE", help=words)
    secret = parser.add_argument_group("password or token (default: asked for)").add_mutually_exclusive_group()
    secret.add_argument("--password-stdin", action="store_true", help="read it from standard input")
    secret.add_argument("--password-env", metavar="NAME", help="read it from an environment variable")


def add_query(parser: argparse.ArgumentParser) -> None:
    """Conditions of a search."""
    asked = parser.add_argument_group("series that fit all of these")
    asked.add_argument("--name", default="", help="patient's name as in DICOM, or its beginning; * and ? stand for any")
    asked.add_argument("--id", default="", help="Patient ID")
    asked.add_argument("--since", type=_day, metavar="DATE", help="first study date, 2026-03-14")
    asked.add_argument("--until", type=_day, metavar="DATE", help="last study date")
    asked.add_argument("--modality", default="", metavar="LIST", help="DX,CR")
    asked.add_argument("--accession", default="", metavar="NUMBER", help="accession number")
    asked.add_argument("--study", default="", metavar="UID", help="Study Instance UID")
    asked.add_argument("--series", default="", metavar="UID", help="Series Instance UID, with --study")
    asked.add_argument("--most", type=whole(1, 100_000), default=500, metavar="N", help="at most, newest first (500)")


def query(options: argparse.Namespace) -> Query:
    """The search that the arguments ask for."""
    from cxr_studio.exchange.archive import Query

    return Query(
        name=options.name,
        patient_id=options.id,
        since=options.since,
        until=options.until,
        modalities=tuple(word.strip().upper() for word in options.modality.split(",") if word.strip()),
        accession=options.accession,
        study_uid=options.study,
        series_uid=options.series,
        most=options.most,
    )


def opened(options: argparse.Namespace) -> Archive:
    """The archive that the arguments name, with its secret.

    Raises:
        ArchiveError: it is not configured, its settings make no sense, or its secret is missing.
    """
    from cxr_studio.exchange.opening import open_archive

    settings, keyring_name = _settings(options)
    return open_archive(settings, _secret(options, settings, keyring_name))


def _settings(options: argparse.Namespace) -> tuple[Settings, str]:
    """Settings of the archive, and the name of its secret in the keyring, "" for none."""
    from cxr_studio.errors import ArchiveError
    from cxr_studio.exchange.archive import DicomSettings, WebSettings

    if options.archive:
        return _configured(options.archive)
    if options.host:
        if not options.called:
            raise ArchiveError("the archive's AE title is missing", remedy="Give it with --called")
        if not options.tls and (options.ca or options.certificate or options.key):
            raise ArchiveError("certificates are for encrypted connections", remedy="Add --tls")
        settings = DicomSettings(
            options.host,
            options.called,
            options.port,
            calling=options.aet,
            receiver_port=options.receiver_port,
            retrieval=options.retrieve,
            tls=options.tls,
            ca_file=options.ca,
            certificate=options.certificate,
            key=options.key,
        )
        return settings, ""
    if options.token and options.user:
        raise ArchiveError("a user and a token are given", remedy="Give --user or --token")
    kind: Authentication = "basic" if options.user else "bearer" if options.token else "none"
    return WebSettings(options.web, kind, options.user, options.ca), ""


def _configured(name: str) -> tuple[Settings, str]:
    from cxr_studio.errors import ArchiveError
    from cxr_studio.exchange.named import decoded
    from cxr_studio.settings import load_settings

    archives, faults = decoded(load_settings()[0].archives)
    chosen = next((each for each in archives if each.name == name), None)
    if chosen is None:
        names = ", ".join(each.name for each in archives) or "none"
        fault = next((words.rstrip(".") for words in faults if words.startswith(f"Archive {name} ")), "")
        what = fault or f"no archive is called {name!r} (configured: {names})"
        raise ArchiveError(what, remedy="Configure it in the window (Archives), or give --host or --web")
    return chosen.settings, name if chosen.kept else ""


def _secret(options: argparse.Namespace, settings: Settings, keyring_name: str) -> str:
    """The password or token; never from the command line itself, which others see and the shell keeps."""
    from cxr_studio.errors import ArchiveError
    from cxr_studio.exchange.archive import WebSettings

    if not isinstance(settings, WebSettings) or settings.authentication == "none":
        return ""
    if options.password_env:
        if not os.environ.get(options.password_env):
            raise ArchiveError(f"the environment variable {options.password_env} is not set", remedy="Export it")
        return os.environ[options.password_env]
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if keyring_name and (kept := _kept(keyring_name)):
        return kept
    if not sys.stdin.isatty():
        remedy = "Use --password-stdin or --password-env NAME"
        raise ArchiveError(f"the password or token for {settings} is missing", remedy=remedy)
    from getpass import getpass

    what = f"Password of {settings.user}" if settings.authentication == "basic" else "Token"
    return getpass(f"{what} for {settings.url}: ")


def _kept(name: str) -> str:
    """The secret in the keyring; "" where there is none, or no keyring, which is said."""
    from cxr_studio.errors import ArchiveError
    from cxr_studio.exchange.system_keyring import SystemKeyring

    try:
        return SystemKeyring().kept(name)
    except ArchiveError as fault:
        print(f"{fault.what[:1].upper()}{fault.what[1:]}.", file=sys.stderr)
        return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; write 2026-03-14") from None
