"""The PostgreSQL server of a packed study's answers: its address in parts, and whether it can be reached."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.database import DRIVER, database_url, file_of
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.pack.folder import ASK, SETTINGS

PORT = 5432


@dataclass(frozen=True)
class Server:
    """Where a database is, and who comes.

    Attributes:
        host: Name or number of the server; a folder where it is reached by a socket.
        port: Its port.
        database: Name of the database.
        user: Who connects.
        password: Theirs.
    """

    host: str = ""
    port: int = PORT
    database: str = ""
    user: str = ""
    password: str = ""

    @property
    def complete(self) -> bool:
        """A connection can be tried."""
        return bool(self.host and self.database and self.user)

    @property
    def address(self) -> str:
        """Its address with the password, for the database alone: it is written nowhere."""
        whole = sa.URL.create(DRIVER, self.user or None, self.password or None, database=self.database or None)
        if self.host.startswith("/"):
            whole = whole.set(query={"host": self.host, "port": str(self.port)})
        else:
            whole = whole.set(host=self.host or None, port=self.port)
        return whole.render_as_string(hide_password=False)


def server_of(address: str) -> Server:
    """The parts of an address; all empty for "ask".

    Raises:
        StudioError: it names no server.
    """
    if address == ASK:
        return Server()
    url = database_url(address)
    if file_of(url) is not None:
        raise StudioError("the database of the settings is no server", file=SETTINGS, remedy="Ask the study's owner")
    host, port = (str(url.query.get(name, "")) for name in ("host", "port"))
    return Server(
        url.host or host, url.port or int(port or PORT), url.database or "", url.username or "", str(url.password or "")
    )


def reach(bundle: Bundle, server: Server) -> str:
    """Connect and let go again; returns the address.

    Raises:
        StudioError: it cannot be reached, or refuses.
    """
    AnswerLog(bundle, server.address).close()
    return server.address
