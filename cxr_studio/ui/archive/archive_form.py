"""The fields of one archive: DICOM or DICOMweb."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from cxr_studio.exchange.archive import AE_TITLE_LENGTH
from cxr_studio.ui.archive.draft import Draft
from cxr_studio.ui.program.folder_field import FileField

AUTHENTICATIONS = (("None", "none"), ("User and password", "basic"), ("Token (bearer)", "bearer"))
RETRIEVALS = (("C-GET, else C-MOVE", "auto"), ("C-GET", "get"), ("C-MOVE to the receiver port", "move"))
KEYS = ("Keys (*.pem *.key)", "All files (*)")
CERTIFICATES = ("Certificates (*.pem *.crt *.cer)", "All files (*)")


class ArchiveForm(QWidget):
    """Shows a draft and gives it back as it was changed.

    Signals:
        renamed: (name) another name is typed.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Draft()
        self.name, self.protocol = QLineEdit(), QComboBox()
        self.protocol.addItem("DICOM (AE titles)", False)
        self.protocol.addItem("DICOMweb", True)
        self.host, self.port = QLineEdit(), _port(1)
        self.called, self.calling = _title(), _title()
        self.receiver, self.retrieval = _port(0), QComboBox()
        for title, key in RETRIEVALS:
            self.retrieval.addItem(title, key)
        self.url, self.authentication = QLineEdit(), QComboBox()
        for title, key in AUTHENTICATIONS:
            self.authentication.addItem(title, key)
        self.user, self.secret = QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = QCheckBox("Keep it in the system's keyring")
        self.tls = QCheckBox("Encrypt the connection (T&LS)")
        self.ca_file = FileField("", title="Choose the certificate of an authority", filters=CERTIFICATES)
        self.certificate = FileField("", title="Choose your certificate", filters=CERTIFICATES)
        self.key = FileField("", title="Choose the key of your certificate", filters=KEYS)
        self._explain()
        self._lay_out()
        self.name.textEdited.connect(self.renamed)
        for combo in (self.protocol, self.authentication):
            combo.currentIndexChanged.connect(lambda _index: self._reveal())
        for tick in (self.keep, self.tls):
            tick.toggled.connect(lambda _on: self._reveal())
        self.show_draft(Draft())

    @property
    def draft(self) -> Draft:
        """What is shown."""
        return replace(
            self._shown,
            name=self.name.text(),
            web=bool(self.protocol.currentData()),
            host=self.host.text(),
            port=self.port.value(),
            called=self.called.text(),
            calling=self.calling.text(),
            receiver_port=self.receiver.value(),
            retrieval=self.retrieval.currentData(),
            tls=self.tls.isChecked(),
            certificate=self.certificate.path,
            key=self.key.path,
            url=self.url.text(),
            authentication=self.authentication.currentData(),
            user=self.user.text(),
            ca_file=self.ca_file.path,
            secret=self.secret.text(),
            kept=self.keep.isChecked(),
        )

    def show_draft(self, draft: Draft) -> None:
        """Show another archive."""
        self._shown = draft
        self.name.setText(draft.name)
        self.protocol.setCurrentIndex(self.protocol.findData(draft.web))
        for line, text in (
            (self.host, draft.host),
            (self.called, draft.called),
            (self.calling, draft.calling),
            (self.url, draft.url),
            (self.user, draft.user),
            (self.secret, draft.secret),
        ):
            line.setText(text)
        self.port.setValue(draft.port)
        self.receiver.setValue(draft.receiver_port)
        self.retrieval.setCurrentIndex(self.retrieval.findData(draft.retrieval))
        self.authentication.setCurrentIndex(self.authentication.findData(draft.authentication))
        for field, path in (
            (self.ca_file, draft.ca_file),
            (self.certificate, draft.certificate),
            (self.key, draft.key),
        ):
            field.set_path(path)
        self.tls.setChecked(draft.tls)
        self.keep.setChecked(draft.kept)
        self._reveal()

    def _reveal(self) -> None:
        """Show only the rows that matter."""
        now = self.draft
        for row in (self._host_row, self.called, self.calling, self.retrieval, self._receiver_row, self.tls):
            self._form.setRowVisible(row, not now.web)
        for row in (self.url, self.authentication):
            self._form.setRowVisible(row, now.web)
        self._form.setRowVisible(self.ca_file, now.web or now.tls)
        for row in (self.certificate, self.key):
            self._form.setRowVisible(row, not now.web and now.tls)
        self._form.setRowVisible(self.user, now.web and now.authentication == "basic")
        for row in (self.secret, self.keep):
            self._form.setRowVisible(row, now.has_secret)
        label = self._form.labelForField(self.secret)
        if isinstance(label, QLabel):
            label.setText("Pass&word" if now.authentication == "basic" else "T&oken")
        self.secret.setPlaceholderText("As kept in the keyring" if now.kept else "Asked for when it is needed")

    def _explain(self) -> None:
        self.name.setPlaceholderText("By which you know it")
        self.host.setPlaceholderText("pacs.example, or an address")
        self.url.setPlaceholderText("https://pacs.example/dicom-web")
        self.called.setPlaceholderText("Of the archive")
        self.calling.setToolTip("Of this program; the archive's administrator has to know it")
        self.retrieval.setToolTip("C-MOVE is for archives that only send: they have to know this machine and its port")
        self.receiver.setToolTip(
            "For archives that only send (C-MOVE): the port that they were given for you. 0: never"
        )
        self.receiver.setSpecialValueText("none")
        self.ca_file.set_hint("The system's authorities")
        self.keep.setToolTip("Otherwise it is asked for in each session. It is never written into the settings")
        self.ca_file.setToolTip("PEM file of the authority that signed the archive's certificate; empty: the system's")
        self.tls.setToolTip("The archive has a port of its own for it, often 2762")
        self.certificate.set_hint("Where the archive asks for one")
        self.certificate.setToolTip("PEM file of yours, for archives that ask for one or send images over TLS (C-MOVE)")
        self.key.set_hint("In the certificate's file")
        self.key.setToolTip("PEM file of its private key, without a password; empty: in the certificate's file")

    def _lay_out(self) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(18)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._host_row = _row(self.host, QLabel("port"), self.port)
        self._receiver_row = _row(self.receiver, QLabel("receives what the archive sends (C-MOVE)"))
        form.addRow("&Name", self.name)
        form.addRow("&Protocol", self.protocol)
        form.addRow("&Host", self._host_row)
        form.addRow("&AE title of the archive", self.called)
        form.addRow("&Your AE title", self.calling)
        form.addRow("Re&trieval", self.retrieval)
        form.addRow("&Receiver port", self._receiver_row)
        form.addRow("&URL", self.url)
        form.addRow("Authenti&cation", self.authentication)
        form.addRow("U&ser", self.user)
        form.addRow("Pass&word", self.secret)
        form.addRow("", self.keep)
        form.addRow("", self.tls)
        form.addRow("CA &file", self.ca_file)
        form.addRow("Your certif&icate", self.certificate)
        form.addRow("Its k&ey", self.key)


def _title() -> QLineEdit:
    line = QLineEdit()
    line.setMaxLength(AE_TITLE_LENGTH)
    return line


def _port(least: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, 65_535)
    field.setGroupSeparatorShown(False)
    field.setMinimumWidth(84)
    return field


def _row(first: QWidget, *rest: QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(first, 1 if isinstance(first, QLineEdit) else 0)
    for part in rest:
        row.addWidget(part)
    if not isinstance(first, QLineEdit):
        row.addStretch(1)
    whole.setFocusProxy(first)
    return whole
