"""An authority for tests, and certificates that it signs."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
LONG_AGO = datetime.timedelta(days=9)


class Authority:
    """Signs; its own certificate is ``path``. Keys are RSA, which DCMTK's profiles ask for."""

    def __init__(self, folder: Path, name: str = "Hospital") -> None:
        self._folder, self._key = folder, rsa.generate_private_key(65537, 2048)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.path = folder / f"{name}.pem"
        own = self._builder(self._name, self._key, days=9).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.path.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(PEM))

    def signed(self, name: str, address: str = "127.0.0.1", *, days: int = 9, password: str = "") -> tuple[Path, Path]:
        """Files of a certificate for an address or a host, and of its key."""
        key = rsa.generate_private_key(65537, 2048)
        host = x509.IPAddress(ipaddress.ip_address(address)) if address[0].isdigit() else x509.DNSName(address)
        owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._builder(owner, key, days=days).add_extension(x509.SubjectAlternativeName([host]), critical=False)
        paths = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        paths[0].write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(PEM))
        form = serialization.PrivateFormat.PKCS8
        how = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
        paths[1].write_bytes(key.private_bytes(PEM, form, how))
        return paths

    def _builder(self, owner: x509.Name, key: rsa.RSAPrivateKey, *, days: int) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(owner)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LONG_AGO)
            .not_valid_after(now + datetime.timedelta(days=days))
        )
