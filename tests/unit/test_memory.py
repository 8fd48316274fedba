"""Does memory stay level after a large mail? Asked of glibc itself, in a process of its own."""

import subprocess
import sys

import pytest

COUNT = """
import ctypes, platform, sys
if platform.libc_ver()[0] != "glibc" or not hasattr(ctypes.CDLL(None), "mallinfo2"):
    print("unknown"); sys.exit()
if "level" in sys.argv:
    from maild.memory import keep_level
    keep_level()
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in
                "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]
library = ctypes.CDLL(None)
library.mallinfo2.restype = Info
large = bytes(20_000_000)
del large
before = library.mallinfo2().hblks
later = [bytes(1_000_000) for _ in range(10)]
print(library.mallinfo2().hblks - before)
"""


def mapped(*how: str) -> str:
    """Of ten pieces of 1 MB that are asked for after a larger one was given back, how many are mapped by themselves."""
    return subprocess.run(
        [sys.executable, "-c", COUNT, *how], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_after_a_large_mail_large_pieces_are_still_mapped_by_themselves() -> None:
    by_itself = mapped()
    if by_itself == "unknown":
        pytest.skip("another C library")
    assert int(by_itself) < 10, "else nothing would have to be set"
    assert mapped("level") == "10"
