"""The daemon as a process: SIGHUP, the alarm, what `maild status` says meanwhile, and a start that must not be one."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cli_desk import RULES, CliDesk, message

from maild.cli import main
from maild.config.load import load

MAILD = [sys.executable, "-c", "import sys, maild.cli; sys.exit(maild.cli.main())"]
ALARM_WITHIN = 5.0  # seconds (C01)


class Running:
    """`maild run` on a desk."""

    def __init__(self, desk: CliDesk, process: "subprocess.Popen[str]") -> None:
        self.desk, self.process = desk, process
        self.said: list[dict[str, Any]] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("{"):
                self.said.append(json.loads(line))

    def says(self, event: str, after: int = 0) -> int:
        """Wait for that line of the log; how many lines there are then."""
        until(lambda: any(line["event"] == event for line in self.said[after:]))
        return len(self.said)

    def hup(self) -> None:
        self.process.send_signal(signal.SIGHUP)


def until(holds: Callable[[], object], seconds: float = 60.0) -> float:
    """Wait for it; how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


@contextmanager
def running(desk: CliDesk) -> Iterator[Running]:
    command = [*MAILD, "run", "--rules", str(desk.rules)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            daemon = Running(desk, process)
            daemon.says("maild runs")
            yield daemon
        finally:
            process.terminate()
            process.wait(60)


def status(desk: CliDesk, capsys: pytest.CaptureFixture[str]) -> tuple[str, dict[str, Any]]:
    assert main(["status", "--rules", str(desk.rules)]) == 0
    text = capsys.readouterr().out
    assert main(["status", "--rules", str(desk.rules), "--json"]) == 0
    return text, json.loads(capsys.readouterr().out)


def test_the_daemon_looks_when_it_is_told_tells_the_admin_and_shows_both_versions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """C01, and `systemctl reload`."""
    desk = CliDesk(tmp_path)
    with running(desk) as daemon:
        daemon.hup()
        seen = daemon.says("rules looked at, nothing has changed")
        desk.change("Support iSYBUY", "Aide iSYBUY")
        daemon.hup()
        seen = daemon.says("rules changed", seen)
        version = next(line["rules"] for line in reversed(daemon.said) if line["event"] == "rules changed")
        until(lambda: status(desk, capsys)[1]["rules"]["in_force"] == version)
        text, found = status(desk, capsys)
        assert f"rules:     version {version} is in force since " in text and ", as the files say\n" in text
        assert (found["same_rules"], found["rules"]["problems"]) == (True, [])

        began = time.monotonic()
        desk.change("queues:", "queus:")
        until(lambda: any(line.template == "admin_alert" for line, _ in desk.mails()))
        assert time.monotonic() - began < ALARM_WITHIN + 3, "three seconds are this machine's, for looking"
        [alert] = [data.decode() for line, data in desk.mails() if line.template == "admin_alert"]
        assert re.search(r"rules\.yaml:21:1:", alert.replace("=\r\n", ""))
        until(lambda: len(status(desk, capsys)[1]["alerts"]) == 1)
        text, found = status(desk, capsys)
        now = found["rules"]
        assert now["in_force"] == version and now["in_files"] not in (None, version)
        assert f"the files hold version {now['in_files']}: not taken up, " in text
        assert re.search(r"\n {13}.*rules\.yaml:21:1: error: unknown key 'queus'; did you mean 'queues'\?", text)
        assert "[ISY" not in text and "Europe" in json.dumps(found["site"])

        desk.rules.unlink()
        until(lambda: status(desk, capsys)[1]["rules"]["in_files"] is None)
        assert "the rules file can't be read: not taken up, 1 mistake\n" in status(desk, capsys)[0]

        changed = RULES.replace("port: 9, tls: none}\nadmin", "port: 10, tls: none}\nadmin")
        desk.rules.write_text(changed, "utf-8")
        until(lambda: status(desk, capsys)[1]["rules"]["waiting"] == ["smtp.port"])
        assert "           waits for a restart of maild: smtp.port\n" in status(desk, capsys)[0]
        daemon.hup()
    assert daemon.process.returncode == 0


# -- a start that must not be one


@contextmanager
def counting_connections() -> Iterator[tuple[int, list[int]]]:
    """A port, and how often somebody has connected to it."""
    seen: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        is_over = threading.Event()

        def count() -> None:
            while not is_over.is_set():
                try:
                    server.accept()[0].close()
                    seen.append(1)
                except TimeoutError:
                    continue

        thread = threading.Thread(target=count)
        thread.start()
        try:
            yield server.getsockname()[1], seen
        finally:
            is_over.set()
            thread.join()


def without_the_secret(desk: CliDesk) -> None:
    (desk.folder / "secret").unlink()


def with_a_secret_for_all(desk: CliDesk) -> None:
    (desk.folder / "secret").chmod(0o644)


def with_keys_for_all(desk: CliDesk) -> None:
    desk.receive()
    (desk.folder / "keys").chmod(0o640)


def with_keys_that_are_none(desk: CliDesk) -> None:
    (desk.folder / "keys").write_text("nonsense\n")
    (desk.folder / "keys").chmod(0o600)


def with_a_template_that_is_none(desk: CliDesk) -> None:
    (desk.folder / "templates" / "fr").mkdir(parents=True)
    (desk.folder / "templates" / "fr" / "acknowledgement.txt").write_text("Sujet\n\n{% if %}\n")


WRONG: dict[str, tuple[Callable[[CliDesk], None], str]] = {
    "an unknown key": (lambda desk: desk.change("queues:", "queus:"), "rules.yaml:21:1: error: unknown key 'queus'"),
    "broken YAML": (lambda desk: desk.change("rules:", "rules: ["), "error: broken YAML"),
    "half a file": (lambda desk: desk.change(RULES[RULES.index("queues:") :], ""), "rules.yaml:1:1: error: "),
    "no file": (lambda desk: desk.rules.unlink(), "there is no such file"),
    "a secret that is missing": (without_the_secret, "rules.yaml:11:"),
    "a secret that all can read": (with_a_secret_for_all, "chmod 600"),
    "keys that others can read": (with_keys_for_all, "chmod 600"),
    "keys that are none": (with_keys_that_are_none, "keys:1:1: error: "),
    "a template that is none": (with_a_template_that_is_none, "acknowledgement.txt:3:1: error: "),
    "a program that is none": (lambda desk: desk.change("admin: ", "alert_command: [none-such]\nadmin: "), "none-such"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_start_on_what_is_wrong_ends_with_78_and_the_mailbox_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """C04, C08."""
    desk = CliDesk(tmp_path)
    spoil, said = WRONG[what]
    before = signal.getsignal(signal.SIGHUP)
    with counting_connections() as (port, seen):
        desk.change("port: 9,", f"port: {port},")
        spoil(desk)
        try:
            assert main(["run", "--rules", str(desk.rules)]) == 78
        finally:
            signal.signal(signal.SIGHUP, before)
    assert said in capsys.readouterr().err
    assert seen == []


# -- what was decided then


def test_an_old_decision_is_explained_in_the_words_of_then(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = CliDesk(tmp_path)
    desk.receive(message("alice@client-a.example", "Ma facture", "Bonjour"))

    def explained(*options: str) -> str:
        assert main(["explain", "--ticket", "ISY-1001", "--rules", str(desk.rules), *options]) == 0
        return capsys.readouterr().out

    text = explained()
    assert "rule 'invoices' (line 25) fired" in text and "| - name" not in text
    [decision] = [entry for entry in json.loads(explained("--json"))["story"] if entry["kind"] == "decision"]
    assert decision["rules_are_present"] is True
    then = decision["rules_version"]
    desk.change(
        "  - name: invoices\n    if: {subject: {contains: facture}}\n",
        "  - name: other\n    if: {subject: {contains: a}}\n",
    )
    text = explained()
    assert f"the rules are others now: version {load(desk.rules).digest}; " in text
    quoted = [line.strip() for line in text.splitlines() if line.strip().startswith("|")]
    assert quoted[:3] == [
        "| - name: invoices",
        "|   if: {subject: {contains: facture}}",
        "|   then: {queue: invoices, tags: [compta]}",
    ]
    assert f"lines are those of version {then}, which decided since 2024-11-25 09:00" in text
    assert "contains: a}" not in text
    [decision] = [entry for entry in json.loads(explained("--json"))["story"] if entry["kind"] == "decision"]
    assert (decision["rules_are_present"], decision["rules_version"]) == (False, then)
    assert decision["rules"][0]["written"].startswith("- name: invoices\n")
