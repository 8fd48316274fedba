"""Does the poller keep every mail before it files it, and notice what comes?"""

import asyncio
from collections.abc import Sequence

from inbound_in_memory import MemoryInbound, RecordingClock, becomes, by_subject, mail, polling
from mail_servers import Account, Dovecot
from spoilers import Proxy

from maild.ingest.ports import State
from maild.store.copies import Copy
from maild.ticket import Disposition


async def test_mails_are_kept_then_filed_by_what_became_of_them(account: Account) -> None:
    inbound = MemoryInbound(by_subject)
    await account.append(mail("one"), mail("held"), mail("twice"), mail("later"))
    await account.append(mail("read before"), flags=r"(\Seen)")
    async with polling(account.settings(), inbound) as poller:
        await inbound.until(lambda: len(inbound.gone) == 4)
        assert (poller.status.kept, poller.status.filed, poller.status.last_error) == (5, 4, "")
    assert await account.mails() == [mail("later")]
    assert await account.mails("Processed") == [mail("one"), mail("read before")]
    assert await account.mails("Held") == [mail("held")]
    assert await account.mails("Duplicates") == [mail("twice")]
    assert [row.raw for row in inbound.kept][:4] == [mail("one"), mail("held"), mail("twice"), mail("later")]


async def test_nothing_is_moved_before_it_is_settled(account: Account) -> None:
    inbound = MemoryInbound()
    await account.append(mail("one"))
    async with polling(account.settings(), inbound) as poller:
        await inbound.until(lambda: len(inbound.kept) == 1)
        await asyncio.sleep(0.3)  # a sweep more
        assert await account.mails() == [mail("one")]
        inbound.dispositions[0] = Disposition.APPLIED
        poller.wake()
        await inbound.until(lambda: inbound.gone == {0})
    assert await account.mails() == []
    assert len(inbound.kept) == 1


async def test_a_mail_that_comes_during_idle_is_kept_at_once(account: Account) -> None:
    inbound = MemoryInbound()
    async with polling(account.settings(), inbound) as poller:
        await becomes(lambda: poller.status.state is State.IDLING)
        await account.append(mail("news"))
        await inbound.until(lambda: inbound.subjects == [b"news"])  # long before the slice of four minutes is over


async def test_a_mail_that_the_server_never_announces_is_found_by_the_next_sweep(account: Account) -> None:
    inbound = MemoryInbound()
    async with (
        Proxy(account.port, {b"EXISTS": b"EXISTZ", b"RECENT": b"RECENZ"}) as proxy,
        polling(account.settings(port=proxy.port), inbound, longest_slice=0.5) as poller,
    ):
        await becomes(lambda: poller.status.state is State.IDLING)
        await account.append(mail("unannounced"))
        await inbound.until(lambda: inbound.subjects == [b"unannounced"])


async def test_a_large_backlog_comes_in_batches_and_in_order(dovecot: Dovecot) -> None:
    inbound = MemoryInbound()
    account = dovecot.account()
    mails = [mail(f"n{n}", 3_000_000 if n in (20, 21) else 50) for n in range(120)]
    await account.append(*mails)
    async with polling(account.settings(), inbound):
        await inbound.until(lambda: len(inbound.kept) == 120)
    assert [row.raw for row in inbound.kept] == mails
    assert inbound.batches == [21, 50, 49]
    assert inbound.told == 3


async def test_several_mailboxes_are_read_at_once(dovecot: Dovecot) -> None:
    inbound = MemoryInbound(by_subject)
    accounts = [dovecot.account() for _ in range(3)]
    async with (
        polling(accounts[0].settings(), inbound, name="m0"),
        polling(accounts[1].settings(), inbound, name="m1", password="wrong", clock=RecordingClock()),
        polling(accounts[2].settings(), inbound, name="m2"),
    ):
        await asyncio.gather(*[account.append(mail(f"to {n}")) for n, account in enumerate(accounts)])
        await inbound.until(lambda: len(inbound.gone) == 2)
    assert sorted((row.mailbox, row.raw) for row in inbound.kept) == [("m0", mail("to 0")), ("m2", mail("to 2"))]


async def test_a_mail_that_somebody_took_away_is_said_to_have_vanished(account: Account) -> None:
    inbound = MemoryInbound()
    await account.append(mail("one"), mail("two"))
    async with polling(account.settings(), inbound) as poller:
        await inbound.until(lambda: len(inbound.kept) == 2)
        await account.command("STORE", str(inbound.kept[0].uid), "+FLAGS", r"(\Deleted)")
        await account.command("EXPUNGE", str(inbound.kept[0].uid))
        inbound.dispositions = dict.fromkeys((0, 1), Disposition.APPLIED)
        poller.wake()
        await inbound.until(lambda: inbound.gone == {0, 1})
        assert poller.status.vanished == 1
    assert inbound.taken == [0]
    assert await account.mails("Processed") == [mail("two")]


async def test_folders_are_read_again_only_after_all_is_filed_that_is_settled(account: Account) -> None:
    """Else the copy of a mail that was settled just now would be taken for another mail."""

    class Watched(MemoryInbound):
        asked: tuple[str, ...] = ()

        async def settled(self, mailbox: str, folder: str, uidvalidity: int) -> Sequence[Copy]:
            self.asked += ("what is settled",)
            return await super().settled(mailbox, folder, uidvalidity)

        async def damaged(self, mailbox: str) -> Sequence[Copy]:
            if not self.asked.count("what is damaged"):  # in the midst of the first sweep
                poller.rescan(["Processed"])
            self.asked += ("what is damaged",)
            return []

        async def unplaced(self, mailbox: str) -> Sequence[Copy]:
            self.asked += ("the folder's mails",)
            return []

    inbound = Watched()
    await account.create("Processed")
    async with polling(account.settings(), inbound) as poller:
        await becomes(lambda: "the folder's mails" in inbound.asked)
    assert inbound.asked[:5] == ("what is settled", "what is damaged") * 2 + ("the folder's mails",)
