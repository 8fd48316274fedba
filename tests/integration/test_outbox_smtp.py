"""One mail, one server: what becomes of it, whatever the server does."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from integration.smtp_servers import HOST, Fault, ScriptedServer, self_signed, strict_sink

from maild.errors import Temporary
from maild.outbox.outcome import Deferred, Outcome, Refused, Sent, TransportDown, Uncertain
from maild.outbox.smtp import Timeouts, Transport
from maild.settings import Secret, Smtp

SENDER, RECIPIENT = "support@desk.example", "alice@client.example"
MAIL = b"Subject: essai\r\nMessage-ID: <1@desk.example>\r\n\r\nBonjour.\r\n"
SHORT = Timeouts(greeting=0.4, mail=0.3, rcpt=0.3, data=0.3, block=0.2, dot=0.2, quit=0.3)


def transport(port: int, *, password: str | None = "secret", timeouts: Timeouts = SHORT, **more: Any) -> Transport:
    options = {name: more.pop(name) for name in ("idle_for", "max_mails") if name in more}
    if "user" in more:
        more["password"] = Secret(env="SMTP_PASSWORD")
    settings = Smtp(host=HOST, port=port, **({"tls": "none"} | more))
    return Transport(settings, lambda: password, "desk.example", timeouts, **options)


class Attempt:
    """Notes whether DATA was about to begin."""

    has_begun = False

    async def __call__(self) -> None:
        self.has_begun = True


async def attempt(line: Transport, data: bytes = MAIL, to: str = RECIPIENT, by: str = SENDER) -> tuple[Outcome, bool]:
    begin = Attempt()
    return await line.send(by, to, data, before_data=begin), begin.has_begun


# -- taken


async def test_a_mail_arrives_byte_for_byte_and_says_where() -> None:
    async with strict_sink() as sink:
        line = transport(sink.port)
        outcome, has_begun = await attempt(line)
        await line.close()
    assert outcome == Sent("queued as 1") and has_begun
    assert sink.mails == [(SENDER, [RECIPIENT], MAIL)]


async def test_many_mails_use_one_connection_and_a_refusal_does_not_end_it() -> None:
    async with strict_sink() as sink:
        sink.refuse = lambda address: "550 5.1.1 no such user" if address.startswith("nobody") else None
        line = transport(sink.port)
        for n in range(10):
            assert await attempt(line, to=f"c{n}@client.example") == (Sent(f"queued as {n + 1}"), True)
            assert await attempt(line, to="nobody@client.example") == (Refused(550, "5.1.1 no such user"), False)
        await line.close()
    assert sink.connections == 1 and len(sink.mails) == 10


async def test_a_connection_is_left_politely_after_so_many_mails() -> None:
    async with ScriptedServer() as server:
        line = transport(server.port, max_mails=2)
        for _ in range(5):
            assert isinstance((await attempt(line))[0], Sent)
        await line.close()
        assert server.connections == 3 and server.verbs().count("QUIT") == 3


async def test_an_idle_connection_is_left_and_the_next_mail_gets_another_one() -> None:
    async with ScriptedServer() as server:
        line = transport(server.port, idle_for=0.02)
        await attempt(line)
        await server.hears("quit")
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()
        assert server.connections == 2


async def test_a_slow_mail_is_not_mistaken_for_an_idle_connection() -> None:
    async def is_slow() -> None:
        await asyncio.sleep(0.1)

    async with ScriptedServer() as server:
        line = transport(server.port, idle_for=0.02)
        await line.send(SENDER, RECIPIENT, MAIL, before_data=Attempt())
        assert isinstance(await line.send(SENDER, RECIPIENT, MAIL, before_data=is_slow), Sent)
        await line.close()
        assert server.connections == 1


@pytest.mark.parametrize("parting", ["421 idle for too long", Fault.CLOSE])
async def test_a_server_that_went_away_between_two_mails_costs_the_second_one_nothing(parting: Any) -> None:
    async with ScriptedServer(mail=["250 ok", parting, "250 ok"]) as server:
        line = transport(server.port)
        outcomes = [(await attempt(line))[0] for _ in range(2)]
        await line.close()
        assert outcomes == [Sent("2.0.0 taken")] * 2
        assert server.connections == 2 and len(server.mails) == 2


async def test_the_null_sender_is_sent_as_such() -> None:
    async with ScriptedServer() as server:
        line = transport(server.port)
        assert isinstance((await attempt(line, by=""))[0], Sent)
        await line.close()
        assert "MAIL FROM:<> SIZE=" in "\n".join(server.commands)


# -- refused, or later

REPLIES = [
    ("mail", "451 4.3.0 later", Deferred(451, "4.3.0 later"), False),
    ("mail", "552 5.3.4 too big", Refused(552, "5.3.4 too big"), False),
    ("mail", "553 not your address", TransportDown("MAIL: 553 not your address", True, True), False),
    ("mail", "530 5.7.0 Must issue STARTTLS", TransportDown("MAIL: 530 5.7.0 Must issue STARTTLS", True, True), False),
    ("rcpt", "450 4.2.0 greylisted", Deferred(450, "4.2.0 greylisted"), False),
    ("rcpt", "550-5.1.1 no\r\n550 5.1.1 such user", Refused(550, "5.1.1 no 5.1.1 such user"), False),
    ("rcpt", "554 5.7.1 Relay access denied", TransportDown("RCPT: 554 5.7.1 Relay access denied", True, True), False),
    ("data", "452 4.3.1 full", Deferred(452, "4.3.1 full"), True),
    ("data", "554 no valid recipients", Refused(554, "no valid recipients"), True),
    ("dot", "451 4.7.1 try again", Deferred(451, "4.7.1 try again"), True),
    ("dot", "554 5.7.1 spam", Refused(554, "5.7.1 spam"), True),
    ("dot", "354 what", Uncertain("after DATA: 354 what"), True),
]


@pytest.mark.parametrize(("at", "reply", "expected", "has_begun"), REPLIES)
async def test_a_reply_decides_and_the_next_mail_is_sent(
    at: str, reply: str, expected: Outcome, has_begun: bool
) -> None:
    async with ScriptedServer(**{at: [reply, "354 go on" if at == "data" else "250 ok"]}) as server:
        line = transport(server.port)
        assert await attempt(line) == (expected, has_begun)
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()
        assert server.connections == (2 if isinstance(expected, Uncertain) else 1)


HUGE: bytes = b"250-" + b"x" * 60 + b"\r\n"
BAD_ENDS: list[Any] = ["421 4.3.2 closing", Fault.CLOSE, Fault.SILENT, Fault.DRIP, HUGE * 20_000, b"\xff\xfe\r\n"]


@pytest.mark.parametrize("at", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("end", BAD_ENDS, ids=["421", "close", "silent", "drip", "huge", "garbage"])
async def test_trouble_before_the_mail_itself_is_surely_not_sent(at: str, end: Any) -> None:
    async with ScriptedServer(**{at: [end, "354 go on" if at == "data" else "250 ok"]}) as server:
        line = transport(server.port)
        outcome, _ = await attempt(line)
        assert isinstance(outcome, Deferred) and server.mails == []
        assert isinstance((await attempt(line))[0], Sent), "the next mail gets a clean connection"
        await line.close()


@pytest.mark.parametrize("end", BAD_ENDS[1:], ids=["close", "silent", "drip", "huge", "garbage"])
async def test_no_reply_to_the_final_dot_is_uncertain(end: Any) -> None:
    async with ScriptedServer(dot=[end, "250 ok"]) as server:
        line = transport(server.port)
        outcome, has_begun = await attempt(line)
        assert isinstance(outcome, Uncertain) and has_begun and len(server.mails) == 1
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()


async def test_421_after_the_final_dot_is_a_reply_and_so_later() -> None:
    async with ScriptedServer(dot="421 4.3.2 closing") as server:
        assert await attempt(transport(server.port)) == (Deferred(421, "4.3.2 closing"), True)


async def test_a_cut_in_the_middle_of_a_mail_is_uncertain() -> None:
    async with ScriptedServer(body=Fault.CLOSE) as server:
        outcome, _ = await attempt(transport(server.port), MAIL + b"x" * 900_000)
        assert isinstance(outcome, Uncertain) and server.mails == []


async def test_what_timed_out_in_the_middle_is_cut_and_never_completed_later() -> None:
    wakes_up = asyncio.Event()
    async with ScriptedServer(ehlo="250 x", body=wakes_up) as server:
        line = transport(server.port, timeouts=Timeouts(block=0.01, dot=0.05))
        outcome, _ = await attempt(line, MAIL + b"x" * 20_000_000)
        assert isinstance(outcome, Uncertain)
        wakes_up.set()
        await server.ended()
        assert server.mails == []


# -- the transport's own trouble

AT_THE_DOOR: list[tuple[dict[str, Any], bool]] = [
    ({"greet": "421 4.3.2 too busy"}, False),
    ({"greet": "554 5.7.1 go away"}, True),
    ({"greet": Fault.CLOSE}, False),
    ({"greet": Fault.SILENT}, False),
    ({"greet": b"SSH-2.0-x\r\n"}, False),
    ({"ehlo": "421 later", "helo": "421 later"}, False),
    ({"ehlo": Fault.CLOSE}, False),
]


@pytest.mark.parametrize(("on", "is_configuration"), AT_THE_DOOR)
async def test_trouble_at_the_door_is_the_transports_and_not_the_mails(on: Any, is_configuration: bool) -> None:
    async with ScriptedServer(**on) as server:
        outcome, has_begun = await attempt(transport(server.port))
        assert isinstance(outcome, TransportDown) and outcome.is_configuration == is_configuration
        assert not has_begun and not outcome.is_said_of_mail


async def test_nobody_there_is_the_transports_trouble() -> None:
    async with ScriptedServer() as server:
        port = server.port
    outcome, _ = await attempt(transport(port))
    assert isinstance(outcome, TransportDown) and not outcome.is_configuration


async def test_a_server_that_knows_only_helo_will_do() -> None:
    async with ScriptedServer(ehlo="502 what") as server:
        line = transport(server.port)
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()


async def test_a_login_comes_before_the_mail() -> None:
    async with strict_sink() as sink:
        line = transport(sink.port, user="desk")
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()
    assert sink.logins == [(b"desk", b"secret")]


async def test_a_wrong_password_is_tried_once_and_is_a_matter_of_configuration() -> None:
    async with strict_sink() as sink:
        outcome, _ = await attempt(transport(sink.port, user="desk", password="wrong"))
        assert isinstance(outcome, TransportDown) and outcome.is_configuration and outcome.text.startswith("535")
        assert len(sink.logins) == 1 and sink.mails == []


async def test_a_login_that_fails_for_now_is_no_matter_of_configuration() -> None:
    async with ScriptedServer(ehlo="250-x\r\n250 AUTH PLAIN", auth="454 4.7.0 temporary") as server:
        outcome, _ = await attempt(transport(server.port, user="desk"))
        assert outcome == TransportDown("454 4.7.0 temporary", is_configuration=False)


@pytest.mark.parametrize("why", ["no password", "no login offered"])
async def test_a_login_that_cannot_be_is_a_matter_of_configuration(why: str) -> None:
    async with ScriptedServer() as server:
        line = transport(server.port, user="desk", password=None if why == "no password" else "secret")
        outcome, _ = await attempt(line)
        assert isinstance(outcome, TransportDown) and outcome.is_configuration and server.mails == []


# -- TLS


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_mail_goes_through_verified_tls(tls: str, tmp_path: Path) -> None:
    ca, context = self_signed(tmp_path)
    async with strict_sink(**{tls: context}) as sink:
        line = transport(sink.port, tls=tls, ca=ca, user="desk", timeouts=Timeouts())
        assert isinstance((await attempt(line))[0], Sent)
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()
    assert sink.was_tls == [True, True] and sink.logins == [(b"desk", b"secret")]


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_wrong_certificate_stops_everything_and_is_a_matter_of_configuration(
    tls: str, wrong: str, tmp_path: Path
) -> None:
    ca, context = self_signed(tmp_path, "DNS:other.example" if wrong == "name" else f"IP:{HOST}")
    async with strict_sink(**{tls: context}) as sink:
        line = transport(sink.port, tls=tls, ca=ca if wrong == "name" else None, user="desk", timeouts=Timeouts())
        outcome, _ = await attempt(line)
    assert isinstance(outcome, TransportDown) and outcome.is_configuration and "certificate" in outcome.text.lower()
    assert sink.mails == [] and sink.logins == []


async def test_where_starttls_is_stripped_nothing_is_sent_in_clear() -> None:
    async with ScriptedServer(ehlo="250-x\r\n250 AUTH PLAIN") as server:
        outcome, _ = await attempt(transport(server.port, tls="starttls", user="desk"))
        assert isinstance(outcome, TransportDown) and outcome.is_configuration
        assert server.verbs() == ["EHLO"] and b"secret" not in server.received


@pytest.mark.parametrize("reply", ["454 4.7.0 not now", "220 go\r\n250-x\r\n250 AUTH PLAIN"])
async def test_a_starttls_that_fails_is_followed_by_no_word_in_clear(reply: str) -> None:
    async with ScriptedServer(ehlo="250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS", starttls=reply) as server:
        outcome, _ = await attempt(transport(server.port, tls="starttls", user="desk"))
        assert isinstance(outcome, TransportDown)
        assert server.verbs()[:2] == ["EHLO", "STARTTLS"] and not {"AUTH", "MAIL"} & set(server.verbs())


async def test_a_missing_file_of_authorities_is_a_matter_of_configuration(tmp_path: Path) -> None:
    outcome, _ = await attempt(transport(1, tls="implicit", ca=tmp_path / "missing.pem"))
    assert isinstance(outcome, TransportDown) and outcome.is_configuration


# -- what a mail and an address may hold

SMUGGLED = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@x.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"
ENDS = [
    b"\n.\n",
    b"\r.\r",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\r\n.\r\n",
    b"\n.\r",
    b"\r\r\n.\r\r\n",
    b"\0.\n.\n",
]


@pytest.mark.parametrize("end", ENDS)
async def test_one_mail_in_is_one_mail_out_at_a_lax_server(end: bytes) -> None:
    async with ScriptedServer() as server:
        line = transport(server.port)
        assert isinstance((await attempt(line, MAIL + b"x" + end + SMUGGLED + b"." + end))[0], Sent)
        await line.close()
        assert len(server.mails) == 1 and b"Subject: smuggled" in server.mails[0]
        assert server.verbs().count("MAIL") == 1


async def test_dots_at_the_start_of_lines_arrive_as_they_were() -> None:
    async with strict_sink() as sink:
        line = transport(sink.port)
        await attempt(line, b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\nfin")
        await line.close()
    assert sink.mails[0][2] == b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\nfin\r\n"


async def test_smtputf8_is_used_where_an_address_needs_it_and_not_elsewhere() -> None:
    async with strict_sink(enable_SMTPUTF8=True) as sink:
        line = transport(sink.port)
        assert isinstance((await attempt(line, to="élodie@client.example"))[0], Sent)
        assert "SMTPUTF8" in sink.options
        assert isinstance((await attempt(line))[0], Sent)
        assert "SMTPUTF8" not in sink.options
        assert isinstance((await attempt(line, to="Elodie@bücher.example"))[0], Sent)
        assert sink.mails[-1][1] == ["Elodie@xn--bcher-kva.example"]
        await line.close()


async def test_without_smtputf8_such_an_address_is_refused_and_nothing_is_said_of_it() -> None:
    async with ScriptedServer(ehlo="250 x") as server:
        line = transport(server.port)
        outcome, has_begun = await attempt(line, to="élodie@client.example")
        await line.close()
        assert isinstance(outcome, Refused) and outcome.text.startswith("5.6.7") and not has_begun
        assert "MAIL" not in server.verbs()


async def test_a_mail_larger_than_the_server_takes_is_refused_before_it_is_sent() -> None:
    async with ScriptedServer() as server:
        outcome, has_begun = await attempt(transport(server.port), MAIL + b"x" * 1_000_000)
        assert isinstance(outcome, Refused) and outcome.code == 552 and not has_begun
        assert "MAIL" not in server.verbs()


async def test_8_bit_bytes_are_announced_where_that_is_offered() -> None:
    async with strict_sink() as sink:
        line = transport(sink.port)
        assert isinstance((await attempt(line, MAIL + "é\r\n".encode()))[0], Sent)
        await line.close()
    assert "BODY=8BITMIME" in sink.options and sink.mails[0][2] == MAIL + "é\r\n".encode()


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nDATA", "a b@c.example", "a@b.example, c@d.example", "x", "a@", "@b"]
)
async def test_what_is_no_address_is_refused_without_a_word_to_the_server(address: str) -> None:
    async with ScriptedServer() as server:
        line = transport(server.port)
        outcome, _ = await attempt(line, to=address)
        await line.close()
        assert isinstance(outcome, Refused) and not {"MAIL", "RCPT", "DATA"} & set(server.verbs())


async def test_a_quoted_local_part_may_hold_blanks() -> None:
    async with strict_sink() as sink:
        line = transport(sink.port)
        assert isinstance((await attempt(line, to='"alice durand"@client.example'))[0], Sent)
        await line.close()


# -- cancelled, or stopped by the caller


async def test_a_cancellation_passes_through_and_leaves_a_clean_start() -> None:
    async with ScriptedServer(rcpt=[Fault.SILENT, "250 ok"]) as server:
        line = transport(server.port, timeouts=Timeouts())
        task = asyncio.create_task(attempt(line))
        await server.hears("rcpt")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()
        assert len(server.mails) == 1 and server.connections == 2


async def test_what_before_data_raises_comes_out_and_nothing_was_sent() -> None:
    async def fails() -> None:
        raise Temporary("the disk is full")

    async with ScriptedServer() as server:
        line = transport(server.port)
        with pytest.raises(Temporary):
            await line.send(SENDER, RECIPIENT, MAIL, before_data=fails)
        assert "DATA" not in server.verbs()
        assert isinstance((await attempt(line))[0], Sent)
        await line.close()


async def test_a_servers_words_are_kept_in_a_form_that_a_database_takes() -> None:
    async with ScriptedServer(rcpt=b"550-caf\xe9 \x1b[31m\r\n550 " + b"x" * 900 + b"\r\n") as server:
        outcome, _ = await attempt(transport(server.port))
        assert isinstance(outcome, Refused) and outcome.code == 550
        outcome.text.encode("utf-8")
        assert outcome.text.isprintable() and len(outcome.text) <= 500
