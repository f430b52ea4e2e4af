"""The settings of archives: drafts, what is wrong with them, the test, and where passwords go."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cxr_studio.errors import ArchiveError, SecretRefused
from cxr_studio.exchange.archive import DicomSettings, WebSettings
from cxr_studio.exchange.named import Named, decoded, encoded
from cxr_studio.exchange.system_keyring import NoKeyring
from cxr_studio.settings import Settings, load_settings, settings_path
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.configuring import ConfiguringController
from cxr_studio.ui.archive.draft import Draft, draft_of
from cxr_studio.ui.archive.vault import Vault

PATIENCE = 60_000
DICOM = Draft("Ward", host="pacs", called="ORTHANC", port=4242)
WEB = Draft("Web", web=True, url="https://pacs/dicom-web", authentication="basic", user="anna", secret="pw", kept=True)


class Ring(dict):
    """A keyring in memory."""

    def kept(self, name):
        return self.get(name, "")

    def keep(self, name, secret):
        self[name] = secret

    def forget(self, name):
        self.pop(name, None)


class NoRing:
    """A computer without a keyring, or with one that nobody unlocks."""

    def __init__(self, fault):
        self.fault = fault

    def kept(self, *_asked):
        raise self.fault

    keep = forget = kept


class View:
    def __init__(self):
        self.names, self.place, self.draft, self.said = [], -1, None, []

    def set_running(self, running):
        pass

    def set_progress(self, fraction, words):
        pass

    def say(self, *sentences):
        self.said.append("\n".join(sentences))

    def show_archives(self, names, chosen):
        self.names, self.place = names, chosen

    def show_draft(self, draft):
        self.draft = draft


class Bench:
    def __init__(self, qtbot, background, archive):
        self.qtbot, self.background, self.archive = qtbot, background, archive
        self.ring, self.asked, self.answer, self.opened = Ring(), [], "typed", []
        self.settings = Settings()
        self.begin()

    def begin(self):
        """As after a start of the program."""
        vault = Vault(self._ask, self.ring)
        self.archives = Archives(self.settings, vault, opened=self._open)
        self.view = View()
        self.controller = ConfiguringController(self.archives, self.background, self.view)
        self.controller.start()

    def test(self):
        self.controller.test()
        self.qtbot.waitUntil(lambda: not self.controller.job.running, timeout=PATIENCE)
        return self.view.said[-1]

    def _ask(self, name, words, remark):
        self.asked.append((name, words))
        self.remark = remark
        return self.answer

    def _open(self, settings, secret):
        self.opened.append((settings, secret))
        return self.archive


@pytest.fixture
def bench(qtbot, background, archive):
    return Bench(qtbot, background, archive)


def test_archives_are_remembered_without_their_passwords(bench):
    bench.controller.change(DICOM)
    bench.controller.add()
    assert bench.view.names == ["Ward", "PACS"]
    bench.controller.change(WEB)
    assert bench.controller.save()
    assert [each.name for each in bench.archives.all] == ["Ward", "Web"]
    assert "pw" not in settings_path().read_text()
    assert bench.ring == {"Web": "pw"}
    again, damaged = load_settings()
    assert not damaged
    named, faults = decoded(again.archives)
    assert named[0] == Named("Ward", DicomSettings("pacs", "ORTHANC", 4242))
    assert named[1] == Named("Web", WebSettings("https://pacs/dicom-web", "basic", "anna"), kept=True)
    assert not faults
    assert draft_of(named[0]) == DICOM


def test_certificates_are_remembered_while_the_connection_is_encrypted(bench):
    files = {"ca_file": "/pki/ca.pem", "certificate": "/pki/own.pem", "key": "/pki/own.key"}
    secure = replace(DICOM, tls=True, **files)
    bench.controller.change(secure)
    assert bench.controller.save()
    (named,), faults = decoded(json.loads(json.dumps(load_settings()[0].archives)))
    assert named.settings == DicomSettings("pacs", "ORTHANC", 4242, tls=True, **files)
    assert draft_of(named) == secure
    assert not faults
    assert replace(secure, tls=False).named().settings == DicomSettings("pacs", "ORTHANC", 4242)
    bench.controller.change(replace(secure, certificate=""))
    assert not bench.controller.save()
    assert bench.view.said[-1] == "There is a key without its certificate. Choose the certificate too."


def test_settings_from_before_there_was_tls_are_read(bench):
    values = encoded([Named("Ward", DicomSettings("pacs", "ORTHANC"))])
    for key in ("tls", "ca_file", "certificate", "key"):
        del values["Ward"][key]
    assert decoded(values) == ([Named("Ward", DicomSettings("pacs", "ORTHANC"))], [])


def test_what_is_wrong_is_shown_and_nothing_is_saved(bench):
    bench.controller.change(DICOM)
    bench.controller.add()
    bench.controller.change(Draft("Other", host="pacs", called="A TITLE THAT IS FAR TOO LONG"))
    bench.controller.choose(0)
    assert not bench.controller.save()
    assert bench.view.place == 1
    assert bench.view.said[-1].startswith("The archive's AE title ('A TITLE THAT IS FAR TOO LONG') is not valid.")
    assert bench.archives.all == []


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft("", host="pacs", called="X"), "The archive has no name."),
        (Draft("A", called="X"), "The archive's host is missing."),
        (Draft("A", host="pacs"), "The archive's AE title ('') is not valid."),
        (Draft("A", web=True, url="pacs"), "'pacs' is no web address."),
        (Draft("A", web=True, url="https://pacs", authentication="basic"), "The user name is missing."),
    ],
)
def test_a_missing_field_is_a_sentence(bench, draft, words):
    bench.controller.change(draft)
    assert bench.test().startswith(words)
    assert bench.opened == []


def test_two_archives_cannot_have_one_name(bench):
    bench.controller.change(DICOM)
    bench.controller.add()
    bench.controller.change(DICOM)
    assert not bench.controller.save()
    assert bench.view.said[-1] == "Two archives are called Ward. Give one another name."


def test_the_test_says_who_answered_and_how_long_it_took(bench):
    bench.controller.change(DICOM)
    assert bench.test() == "ORTHANC at pacs:104 accepts CXRSTUDIO. (34 ms)"
    assert bench.opened == [(DicomSettings("pacs", "ORTHANC", 4242), "")]


def test_the_test_says_what_failed(bench):
    bench.controller.change(DICOM)
    bench.archive.fault = ArchiveError("PACS at pacs:4242 rejected CXRSTUDIO", remedy="Check both AE titles")
    assert bench.test() == "PACS at pacs:4242 rejected CXRSTUDIO. Check both AE titles."


def test_a_removed_archive_is_forgotten_with_its_password(bench):
    bench.controller.change(WEB)
    bench.controller.save()
    bench.begin()
    bench.controller.remove()
    assert bench.view.draft == Draft()
    assert bench.controller.save()
    assert bench.archives.all == []
    assert bench.ring == {}


def test_a_password_that_is_not_kept_is_asked_for_once_a_session(bench):
    bench.controller.change(Draft("Web", web=True, url="https://pacs", authentication="bearer"))
    bench.controller.save()
    for _ in range(2):
        assert bench.archives.open("Web").echo().seconds == 0.034
    assert bench.asked == [("Web", "token")]
    assert bench.opened[-1] == (WebSettings("https://pacs", "bearer"), "typed")
    bench.begin()
    bench.archives.open("Web")
    assert len(bench.asked) == 2
    assert bench.ring == {}


def test_no_password_given_opens_nothing(bench):
    bench.controller.change(Draft("Web", web=True, url="https://pacs", authentication="basic", user="anna"))
    bench.controller.save()
    bench.answer = None
    assert bench.archives.open("Web") is None
    assert bench.asked == [("Web", "password of anna")]


def test_a_password_that_is_refused_is_asked_for_again(bench):
    bench.controller.change(WEB)
    bench.controller.save()
    bench.archive.fault = SecretRefused("the archive does not accept the password of anna")
    with pytest.raises(SecretRefused):
        bench.archives.open("Web").find(None)
    assert bench.asked == []
    bench.archive.fault, bench.answer = None, "right"
    bench.archives.open("Web").echo()
    assert bench.asked == [("Web", "password of anna")]
    assert bench.opened[-1][1] == "right"
    assert bench.ring == {"Web": "right"}


def test_a_damaged_archive_is_left_out_and_said(bench):
    good = encoded([Named("Ward", DicomSettings("pacs", "ORTHANC"))])
    bench.settings.archives = {**good, "Odd": {"kind": "dicom", "host": 5}, "Old": 7, "Port": {"kind": "dicom"}}
    bench.begin()
    assert [each.name for each in bench.archives.all] == ["Ward"]
    assert bench.view.said[-1].count("is left out") == 3
    json.dumps(bench.settings.archives)


NONE = NoKeyring("this computer has no keyring that keeps passwords", remedy="Untick the keyring")
LOCKED = ArchiveError("the system's keyring cannot be used (it is locked)", remedy="Untick the keyring")


def test_without_a_keyring_the_password_is_asked_for_with_the_reason(bench):
    bench.controller.change(WEB)
    assert bench.controller.save()
    bench.ring = NoRing(NONE)
    bench.begin()
    assert bench.test() == "ORTHANC at pacs:104 accepts CXRSTUDIO. (34 ms)"
    assert bench.asked == [("Web", "password of anna")]
    assert bench.remark == "This computer has no keyring that keeps passwords."
    assert bench.opened[-1][1] == "typed"
    bench.test()
    assert len(bench.asked) == 1, "once a session"


def test_without_a_keyring_nothing_is_saved_as_if_it_were_kept_there(bench):
    bench.ring = NoRing(NONE)
    bench.begin()
    bench.controller.change(WEB)
    assert not bench.controller.save()
    assert bench.view.said[-1] == "This computer has no keyring that keeps passwords. Untick the keyring."
    bench.controller.change(replace(WEB, kept=False))
    assert bench.controller.save()
    assert "pw" not in settings_path().read_text()


@pytest.mark.parametrize(("fault", "said"), [(NONE, ""), (LOCKED, "may still be in the keyring")])
def test_an_archive_can_be_removed_whatever_the_keyring_does(bench, fault, said):
    bench.controller.change(WEB)
    assert bench.controller.save()
    bench.ring = NoRing(fault)
    bench.begin()
    bench.controller.remove()
    assert bench.controller.save() is not bool(said)
    assert bench.archives.all == []
    assert said in bench.view.said[-1]
    assert load_settings()[0].archives == {}
