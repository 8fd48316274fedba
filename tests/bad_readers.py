"""What a decoder with a bug could do to the process that reads; importable there."""

import os
import signal
import time

from maild.mail import ParsedMail


def never_ends(raw: bytes) -> ParsedMail:
    while True:
        time.sleep(1)


def dies(raw: bytes) -> ParsedMail:
    os.kill(os.getpid(), signal.SIGKILL)
    return ParsedMail(None)


def takes_all_memory(raw: bytes) -> ParsedMail:
    taken = []
    while True:
        taken.append(bytes(16 * 1024 * 1024))


def computes_for_ever(raw: bytes) -> ParsedMail:
    while True:
        pass
