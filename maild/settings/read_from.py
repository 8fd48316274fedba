"""From where were the settings read, and in which version? What the file's keys do not say."""

from pathlib import Path

from pydantic import PrivateAttr

from maild.settings.values import Strict


class ReadFrom(Strict):
    """Settings that were read from files, or from none."""

    _digest: str = PrivateAttr("")
    _dkim_at: tuple[str, int, int] | None = PrivateAttr(None)
    _files: tuple[Path, ...] = PrivateAttr(())
    _folders: tuple[tuple[Path, str], ...] = PrivateAttr(())
    _text: str = PrivateAttr("")
    _templates_digest: str = PrivateAttr("")
    _command_at: tuple[str, int, int] = PrivateAttr(("rules.yaml", 1, 1))

    @property
    def command_at(self) -> tuple[str, int, int]:
        """File, line and column of the program of `alert_command`."""
        return self._command_at

    @property
    def dkim_at(self) -> tuple[str, int, int] | None:
        """File, line and column of the first mailbox's wish that signatures be checked here; None where none has it."""
        return self._dkim_at

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that they were read from; none if they did not come from a file."""
        return self._files

    @property
    def folders(self) -> tuple[tuple[Path, str], ...]:
        """The rest of what they were read from: every file in the folder that fits the pattern, as Path.glob has it."""
        return self._folders

    @property
    def text(self) -> str:
        """rules.yaml as it was written; '' if they did not come from a file."""
        return self._text

    @property
    def templates_digest(self) -> str:
        """Names the desk's own templates as they were read; '' for none."""
        return self._templates_digest

    @property
    def digest(self) -> str:
        """Names this version of all that was read, in decisions and in the log; '' if it did not come from a file."""
        return self._digest

    def is_read_with(self, version: "ReadFrom") -> None:
        """From now on it bears the name of that version, and is read from its files."""
        for name in ("_digest", "_files", "_folders", "_text", "_templates_digest"):
            setattr(self, name, getattr(version, name))
