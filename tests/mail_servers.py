"""What IMAP servers do the tests have? Accounts on Dovecot, started by hand, and on the embedded server."""

import asyncio
import base64
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from maild.ingest.wire import folder_name
from maild.settings import Imap

HOST = "127.0.0.1"
SUPPORT = "support@desk.example"  # the accounts of the embedded server
ALICE = "alice@client-a.example"

DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
auth_mechanisms = plain login
mail_max_userip_connections = 50
auth_failure_delay = 0 secs
passdb {{
  driver = passwd-file
  args = scheme=PLAIN.b64 username_format=%u {folder}/users/%u
}}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class Account:
    """A mail account on a test server, and a second client for it, which is not ours: imaplib."""

    port: int
    user: str
    password: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def server(self) -> str:
        """On which server it lies."""
        return "embedded" if self.user == SUPPORT else "Dovecot"

    def settings(self, **more: Any) -> Imap:
        """How maild would be told to read it."""
        said = {"host": HOST, "port": self.port, "tls": "none", "user": self.user, "password": {"env": "NONE"}}
        return Imap.model_validate(said | self.options | more)

    async def append(self, *mails: bytes, folder: str = "INBOX", flags: str = "", at: datetime | None = None) -> None:
        """Put mails into a folder that exists, as if they had come just now, or `at` that instant."""
        await asyncio.to_thread(self._with_client, lambda client: self._append(client, mails, folder, flags, at))

    async def mails(self, folder: str = "INBOX") -> list[bytes]:
        """The mails of a folder; none where it does not exist."""
        found: list[bytes] = await asyncio.to_thread(self._with_client, lambda client: self._mails(client, folder))
        return found

    async def by_uid(self, folder: str = "INBOX") -> dict[int, bytes]:
        """The mails of a folder by their UIDs; none where it does not exist."""
        found: dict[int, bytes] = await asyncio.to_thread(self._with_client, lambda c: self._by_uid(c, folder))
        return found

    async def command(self, *words: str, folder: str = "INBOX") -> None:
        """A UID command of the other client."""
        await asyncio.to_thread(self._with_client, lambda c: (c.select(folder_name(folder)), c.uid(*words)))

    async def create(self, folder: str) -> None:
        """Make a folder."""
        await asyncio.to_thread(self._with_client, lambda client: client.create(folder_name(folder)))

    async def delete(self, folder: str) -> None:
        """Take a folder away, mails and all."""
        await asyncio.to_thread(self._with_client, lambda client: client.delete(folder_name(folder)))

    def _with_client(self, act: Callable[[imaplib.IMAP4], Any]) -> Any:
        with imaplib.IMAP4(HOST, self.port) as client:
            client.authenticate("PLAIN", lambda _: f"\0{self.user}\0{self.password}".encode())
            return act(client)

    @staticmethod
    def _append(client: imaplib.IMAP4, mails: tuple[bytes, ...], folder: str, flags: str, at: datetime | None) -> None:
        came = imaplib.Time2Internaldate(at.timestamp() if at else time.time())
        for mail in mails:
            answer, _ = client.append(folder_name(folder), flags, came, mail)
            assert answer == "OK"

    @staticmethod
    def _by_uid(client: imaplib.IMAP4, folder: str) -> dict[int, bytes]:
        if client.select(folder_name(folder), readonly=True)[0] != "OK":
            return {}
        _, found = client.uid("FETCH", "1:*", "(UID BODY.PEEK[])")
        return {int(p[0].partition(b"UID ")[2].split()[0]): p[1] for p in found if isinstance(p, tuple)}

    @staticmethod
    def _mails(client: imaplib.IMAP4, folder: str) -> list[bytes]:
        if client.select(folder_name(folder), readonly=True)[0] != "OK":
            return []
        _, found = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
        return [part[1] for part in found if isinstance(part, tuple)]


class Dovecot:
    """Debian's dovecot-imapd with a configuration of its own in a folder of its own, as root or as anybody."""

    def __init__(self, more: str = "") -> None:
        """`more`: further lines of its configuration."""
        self._more = more
        self._folder = Path(tempfile.mkdtemp(prefix="maild-dovecot-"))  # the mail user must reach it
        self._folder.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self._count = self._delivered = 0

    @staticmethod
    def program() -> str | None:
        """Where it is, if it is installed."""
        return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")

    @property
    def ca(self) -> Path:
        """The certificate of the authority that signed the server's."""
        return self._folder / "ca.pem"

    def start(self) -> Self:
        """Start it and wait until it answers."""
        self._make_certificates()
        is_root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid())
        keeper = pwd.getpwnam("nobody") if is_root else me
        (self._folder / "mail").mkdir()
        os.chown(self._folder / "mail", keeper.pw_uid, keeper.pw_gid)
        (self._folder / "users").mkdir()
        configuration = self._folder / "dovecot.conf"
        configuration.write_text(
            DOVECOT.format(
                folder=self._folder,
                internal="dovecot" if is_root else me.pw_name,
                internal_group="dovecot" if is_root else me.pw_gid,
                login="dovenull" if is_root else me.pw_name,
                mail_uid=keeper.pw_uid,
                mail_gid=keeper.pw_gid,
                port=self.port,
                tls_port=self.tls_port,
            )
            + self._more
        )
        command = [self.program() or "dovecot", "-F", "-c", str(configuration)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with suppress(OSError), socket.create_connection((HOST, self.port), 1) as connection:
                if connection.recv(4) == b"* OK":
                    return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("dovecot did not start")

    def stop(self) -> None:
        """End it and take its folder away."""
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def account(self, password: str = "secret") -> Account:
        """A new, empty account."""
        self._count += 1
        user = f"user{self._count}"
        secret = base64.b64encode(password.encode()).decode()
        # One file an account: Dovecot would read a file again only when the second of its change is over.
        (self._folder / "users" / user).write_text(f"{user}:{secret}\n")
        return Account(self.port, user, password)

    def maildir(self, account: Account, folder: str = "INBOX") -> Path:
        """Where a folder's mails lie as files."""
        inbox = self._folder / "mail" / account.user / "Maildir"
        return inbox if folder == "INBOX" else inbox / f".{folder}"

    def deliver(self, account: Account, *mails: bytes) -> None:
        """Put mails into an INBOX that was opened before, as a delivery agent does: much quicker than APPEND."""
        inbox = self.maildir(account)
        owner = inbox.stat()
        for mail in mails:
            self._delivered += 1
            name = f"{int(time.time())}.M{self._delivered:09d}.test"
            path = inbox / "tmp" / name
            path.write_bytes(mail.replace(b"\r\n", b"\n"))
            os.chown(path, owner.st_uid, owner.st_gid)
            path.rename(inbox / "new" / name)

    def forget_uids(self, account: Account, folder: str = "INBOX") -> None:
        """As if the folder had been rebuilt: the same mails get UIDs from 1 on, under a new UIDVALIDITY."""
        for path in self.maildir(account, folder).iterdir():
            if path.name.startswith(("dovecot-uidlist", "dovecot.index")):
                path.unlink()

    def _make_certificates(self) -> None:
        def openssl(*words: str) -> None:
            subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)

        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        openssl("req", "-x509", *new, "-subj", "/CN=maild test authority", "-keyout", "ca.key", "-out", "ca.pem")
        openssl("req", *new[:-2], "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
        (self._folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        signed_by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
        openssl("x509", "-req", "-in", "server.csr", *signed_by, "-out", "server.pem")
