"""Where do logs go? To standard error, always: JSON for a journal, coloured lines for a terminal."""

import logging
import os
import sys
from contextlib import suppress
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

_STANDARD_ERROR = 2


def log_to_stderr(level: int = logging.INFO) -> None:
    """Configure structlog and the libraries' loggers; maild's own lines from `level`, the libraries' from WARNING."""
    _fill_gaps()
    is_terminal = sys.stderr.isatty()
    lines: Any = _Lines()
    # A traceback shows where, never with what: the values would be customers' mails (reliability P02).
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = plain if is_terminal else structlog.processors.JSONRenderer()
    trace = [] if is_terminal else [structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not is_terminal),
            *trace,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.WriteLogger(lines),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")


def _fill_gaps() -> None:
    """A process begun without standard error would give its number to the next file that it opens, and last words of
    a library or of the interpreter would stand in a customer's mail."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STANDARD_ERROR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_STANDARD_ERROR, "w")


class _Lines:
    """Standard error as it is now. A line that can't be written (a full disk, a reader that has gone) is lost: nothing
    else must be lost with it."""

    def write(self, text: str) -> None:
        """Write or lose it."""
        with suppress(OSError, ValueError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """The same."""
        with suppress(OSError, ValueError):
            sys.stderr.flush()
