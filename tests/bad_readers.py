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
