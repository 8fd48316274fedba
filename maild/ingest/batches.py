"""Which mails are fetched together, which alone, which not for now? Pure: sizes and past failures in, batches out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BATCH_MAILS = 50
BATCH_OCTETS = 4 * 1024 * 1024
STRIKES = 3  # a mail that could not be fetched so often is left alone for a while
LEFT_ALONE = timedelta(hours=1)


def batches(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """UIDs by size, ascending, at most BATCH_MAILS and BATCH_OCTETS together; a larger mail goes alone."""
    batch: list[int] = []
    octets = 0
    for uid in sorted(sizes):
        if batch and (len(batch) == BATCH_MAILS or octets + sizes[uid] > BATCH_OCTETS):
            yield batch
            batch, octets = [], 0
        batch.append(uid)
        octets += sizes[uid]
    if batch:
        yield batch


@dataclass(slots=True)
class Suspects:
    """Mails whose fetching failed: each is tried alone and last, so that a poisonous one holds up no other."""

    _strikes: dict[int, int] = field(default_factory=dict)
    _not_before: dict[int, datetime] = field(default_factory=dict)

    def __contains__(self, uid: int) -> bool:
        return uid in self._strikes

    def strikes(self, uid: int) -> int:
        """How often its fetching failed."""
        return self._strikes.get(uid, 0)

    def accuse(self, uids: Iterable[int], now: datetime) -> None:
        """A fetch of these failed; after STRIKES times they wait for LEFT_ALONE."""
        for uid in uids:
            self._strikes[uid] = self._strikes.get(uid, 0) + 1
            if self._strikes[uid] >= STRIKES:
                self._not_before[uid] = now + LEFT_ALONE

    def acquit(self, uids: Iterable[int]) -> None:
        """These could be fetched."""
        for uid in uids:
            self._strikes.pop(uid, None)
            self._not_before.pop(uid, None)

    def forget_all_but(self, present: Iterable[int]) -> None:
        """Only these are still in the folder."""
        self.acquit(self._strikes.keys() - set(present))

    def to_try(self, now: datetime) -> list[int]:
        """Those whose turn it is, the least suspect first."""
        return sorted(self._strikes.keys() - self.waiting(now), key=lambda uid: (self._strikes[uid], uid))

    def waiting(self, now: datetime) -> set[int]:
        """Those that are left alone for now."""
        return {uid for uid, instant in self._not_before.items() if instant > now}
