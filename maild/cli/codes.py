"""What does each exit code mean? Those of sysexits.h where it has one."""

DONE = 0
DOES_NOT_HOLD = 1  # what was asked is not so: an expectation failed
USAGE = 64
BAD_INPUT = 65
UNREACHABLE = 69
DISK_FAILED = 74  # the disk has lost what it took
ALREADY_RUNNING = 75  # another daemon holds the database
BAD_CONFIG = 78
