"""Fetches secrets from where rules.yaml says they are. What is the password, and if there is none to be had, why?

A secret is never repeated in a message.
"""

import os
import stat
from pathlib import Path

from maild.errors import BadConfig, Problem
from maild.settings import Secret, Settings

LONGEST = 1 << 16  # octets


def secret(source: Secret) -> str:
    """The secret: one line, the line break at its end cut. Raises BadConfig, at the line of rules.yaml where known."""
    text = secret_text(source, others=0o007).removesuffix("\n").removesuffix("\r")
    if not text:
        raise fault(source, f"the secret in {place_of(source)} is empty; write it there")
    if "\n" in text or "\r" in text or "\0" in text:
        raise fault(source, f"the secret in {place_of(source)} has more than one line; write it as a single one")
    return text


def secret_text(source: Secret, others: int) -> str:
    """The whole text behind a source. A file whose mode has one of the bits `others` is refused. Raises BadConfig."""
    if source.env is not None:
        value = os.environ.get(source.env)
        if value is None:
            raise fault(source, f"the environment variable {source.env} is not set; set it where maild is started")
        return value
    if source.file is not None:
        return _file(source, source.file, others)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if folder is None:
        what = f"no credentials are given; start maild by systemd with LoadCredential={source.credential}:PATH"
        raise fault(source, what)
    return _file(source, Path(folder, source.credential or ""), 0)


def place_of(source: Secret) -> str:
    """Where a secret is, for messages."""
    if source.env is not None:
        return f"the environment variable {source.env}"
    return str(source.file) if source.file is not None else f"the credential {source.credential}"


def fault(source: Secret, what: str) -> BadConfig:
    """A problem with a secret, at the place that names it."""
    return BadConfig([Problem(*(source.written_at or (place_of(source), 1, 1)), "error", what)])


def _file(source: Secret, path: Path, others: int) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not hold us up
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise fault(source, f"{path} is not a file; put the secret into a file of its own")
            if status.st_mode & others:
                what = f"others can read or change {path} (mode {stat.S_IMODE(status.st_mode):04o}); chmod 600 {path}"
                raise fault(source, what)
            raw = os.read(descriptor, LONGEST + 1)
        finally:
            os.close(descriptor)
        if len(raw) > LONGEST:
            raise fault(source, f"{path} is larger than {LONGEST >> 10} KiB; it can't be the secret that is meant")
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise fault(source, f"there is no file {path}; put the secret there, mode 600") from None
    except OSError as error:
        raise fault(source, f"{path} can't be read ({error.strerror}); let the user who runs maild read it") from None
    except UnicodeDecodeError:
        raise fault(source, f"{path} is not UTF-8; save it as plain text") from None


def check_secrets(settings: Settings, *, known: Settings | None = None) -> None:
    """Every secret is read once before anything starts: a missing one is found now and not at night. But for those of
    `known`, which are in use already: whoever uses them tells of it."""
    problems = []
    in_use = _passwords(known) if known is not None else []
    for source in _passwords(settings):
        if source in in_use:
            continue
        try:
            secret(source)
        except BadConfig as error:
            problems.extend(error.problems)
    if problems:
        raise BadConfig(problems)


def _passwords(settings: Settings) -> list[Secret]:
    found = [box.imap.password for box in settings.mailboxes.values() if box.imap is not None]
    return [*found, settings.smtp.password] if settings.smtp is not None and settings.smtp.password else found
