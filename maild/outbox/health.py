"""Does mail leave, and if not, since when and why? The connections say what they saw; whoever asks gets a value."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from maild.clock import Clock
from maild.concern import Concern

DOWN_AFTER = timedelta(minutes=15)  # failures that last less mend themselves: a restart, a full queue at the relay
CALM_AFTER = timedelta(minutes=10)  # twice the longest pause: a misconfiguration not met for so long is mended


class State(StrEnum):
    """What the sender does. `failing`: its last attempt, on any connection, met no server that takes mail from us."""

    IDLE = "idle"
    SENDING = "sending"
    PAUSED = "paused"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Status:
    """At one instant. `failing_since` is None and `last_error` '' unless something stands in the way of all mail.

    `is_configuration`: time alone will not mend it (password, certificate, relaying denied, our own sender refused).
    """

    state: State
    failing_since: datetime | None
    last_error: str
    is_configuration: bool
    concerns: tuple[Concern, ...]


class Health:
    """What all connections saw of the server."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failing_since: datetime | None = None
        self._error = ""
        self.refuses_all = False
        self._misconfigured: tuple[datetime, str] | None = None  # last met at, the server's words
        self.is_paused = False
        self.sending = 0  # mails on their way now

    def works(self) -> None:
        """The server took a mail, or answered about one as it should."""
        self._failing_since, self._error, self.refuses_all = None, "", False
        # not at once: one sender of ours may be refused again and again while other mails leave
        if self._misconfigured is not None and self._clock.now() - self._misconfigured[0] >= CALM_AFTER:
            self._misconfigured = None

    nothing_waits = works  # who has nothing to send does not fail to

    def fails(self, error: str, *, is_configuration: bool = False, refuses_all: bool = False) -> None:
        """No mail leaves, in the server's words or ours."""
        self._failing_since = self._failing_since or self._clock.now()
        self._error = error
        self.refuses_all |= refuses_all
        if is_configuration:
            self._misconfigured = self._clock.now(), error

    @property
    def status(self) -> Status:
        """At this instant."""
        return Status(
            state=self._state,
            failing_since=self._failing_since,
            last_error=self._error,
            is_configuration=self._misconfigured is not None,
            concerns=tuple(self._concerns()),
        )

    @property
    def _state(self) -> State:
        if self.is_paused:
            return State.PAUSED
        if self._failing_since is not None:
            return State.FAILING
        return State.SENDING if self.sending else State.IDLE

    def _concerns(self) -> list[Concern]:
        """The nearest cause alone: that nothing leaves follows from it."""
        if self._misconfigured is not None:
            return [Concern("smtp-configuration", "smtp-configuration", (self._misconfigured[1],))]
        if self._failing_since is None:
            return []
        if self.refuses_all:
            return [Concern("smtp-refuses-all", "smtp-refuses-all", (self._error,))]
        if self._clock.now() - self._failing_since >= DOWN_AFTER:
            return [Concern("smtp-down", "smtp-down", (self._error,))]
        return []
