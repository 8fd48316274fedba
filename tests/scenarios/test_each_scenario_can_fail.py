"""A scenario guards something only if it fails when that is broken: each row breaks the product on purpose, and looks.

The scenario has to be told to its end and to find something wrong; a crash does not count as found.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
import wrong_parts as wrong
from breakages import (
    Breakage,
    held_mail_is_dropped,
    never_applied,
    never_sent,
    owed_anew,
    reader_dead,
    replaced,
    row_blind_to,
    seen_as,
    together,
    treated_as,
    with_effects,
    without_effects,
    without_row,
    written_with,
)
from sqlalchemy import false

from maild import considering, evidence, reading, sweeper
from maild.cli import output
from maild.cli.inside import run_inside
from maild.effects import (
    Block,
    CancelTimers,
    ChangeParticipant,
    ChangeTicket,
    EndAgent,
    LinkTickets,
    MarkUndeliverable,
)
from maild.intake import Intake
from maild.judgement import AgentWords, Carrier, Proof, Reference
from maild.judgement import VerdictName as V
from maild.mail import Attachment, DeliveryReport, Kind
from maild.outbox import retry
from maild.people import blocking, commands, courtesy
from maild.plan import (
    agent,
    holding,
    incoming,
    letters,
    merging,
    moves,
    notify,
    opening,
    orders,
    participants,
    waiting,
)
from maild.plan.opening import open_ticket
from maild.reading import secret_formats, secrets
from maild.reading.reply_text import Cut
from maild.rules import conditions
from maild.settings import Settings
from maild.settings.directory import Directory
from maild.simulate.in_memory import world_factory
from maild.simulate.runner import run_scenario
from maild.store import accounts as store_accounts
from maild.store import apply_people, facts, people
from maild.store import departures as cli_leaving
from maild.store.tickets import open_tickets_of
from maild.threading import case, circling, limits, loops, own_requests, proof, token, verdict
from maild.threading.verdict import Case
from maild.ticket import Ticket
from maild.writing import links

SCENARIOS = {int(path.name[:2]): path for path in sorted(Path(__file__).parent.glob("*.yaml"))}
CLASSIFY = import_module("maild.reading.classify")  # in its package the name is the function's
TRUE_ANSWERS = facts._answers
ALWAYS_ANSWERED = replaced(limits, "_what_limit", lambda *_: "")
NEVER_ANSWERED = replaced(limits, "_who_forbids", lambda *_: "automatic-mail")
STRANGERS_WRITE = without_row(verdict._stranger)
EVERY_SENDER_PROVED = replaced(proof, "_judge", lambda *_: Proof.PASS)
EVERY_SIGNATURE_BELIEVED = replaced(evidence, "verify", wrong.believed)
WORDS_SHOWN_TO_UNKNOWN = written_with("acknowledgement", is_known=True)
NO_ONE_WAITS_ANY_LONGER = wrong.fired_for(wrong.still_waiting)

NOTHING_HIDDEN = replaced(Settings, "hides_in", "")
QUOTES_ALL = replaced(letters, "answer_seen_by", lambda ticket, who: ticket.last_answer)

# (number of the scenario, what is broken, how)
BREAKAGES: Sequence[tuple[int, str, Breakage]] = (
    (1, "nobody is acknowledged", NEVER_ANSWERED),
    (1, "no agent is told", never_sent("agent_new_ticket")),
    (1, "an unknown sender is acknowledged without end", ALWAYS_ANSWERED),
    (1, "an unknown sender gets back their own words", written_with("acknowledgement", is_known=True)),
    (1, "a failed authentication is not looked at", without_row(verdict._spoof_suspect)),
    (1, "every sender counts as proved", EVERY_SENDER_PROVED),
    (1, "every ticket goes to one agent", replaced(considering, "decide", wrong.always_lea)),
    (1, "the agents' load is not counted", replaced(facts, "load_of_agents", lambda session: {})),
    (2, "the address is not read", reader_dead(Carrier.ADDRESS)),
    (2, "In-Reply-To and References are not read",
     reader_dead(Carrier.IN_REPLY_TO, Carrier.REFERENCES)),
    (2, "the Subject is not read", reader_dead(Carrier.SUBJECT)),
    (2, "the quoted mail is not read", reader_dead(Carrier.BODY)),
    (2, "no signature is believed", replaced(evidence, "verify", lambda _, c, *__: Reference(c, "wrong-signature"))),
    (2, "the agent is not told of an answer", never_sent("agent_customer_reply")),
    (3, "a claim does nothing", treated_as(V.CLAIM, V.SPAM)),
    (3, "a claim can be made twice", together(
        replaced(facts, "received_mail", wrong.held_for_ever),
        replaced(considering, "received_mail", wrong.held_for_ever),
    )),
    (3, "the open requests are offered the wrong way round",
     replaced(facts, "open_tickets_of", lambda session, *keys: open_tickets_of(session, *keys)[::-1])),
    (3, "a link's own words are taken for the customer's", replaced(links, "_PREFILLED", frozenset())),
    (3, "the claimed mail's agent is not told", never_sent("agent_customer_reply")),
    (4, "strangers write into the ticket", STRANGERS_WRITE),
    (4, "a stranger is held and let in all the same", treated_as(V.STRANGER, V.REPLY)),
    (4, "a stranger is told what to do", treated_as(V.STRANGER, V.PLAIN_REPLY)),
    (4, "the agent does not hear of a stranger", never_sent("agent_held_message")),
    (4, "whoever has the reference counts as the requester", replaced(Ticket, "by_address", wrong.anybody)),
    (5, "every signature is believed", EVERY_SIGNATURE_BELIEVED),
    (5, "a false reference is overlooked", without_row(verdict._bad_reference)),
    (5, "each false reference is answered", ALWAYS_ANSWERED),
    (5, "no false reference is answered", never_sent("bad_reference_refused")),
    (5, "a false reference spoils a valid one", replaced(Case, "valid", property(wrong.spoiled_by_a_fault))),
    (6, "absence is known by its headers alone", replaced(CLASSIFY, "_reads_like_a_robot", lambda traits: False)),
    (6, "the agent is told of an absence", with_effects(V.AUTO_REPLY, wrong.agent_told)),
    (6, "an absence begins the wait anew", with_effects(V.AUTO_REPLY, wrong.wait_begun_anew)),
    (6, "relances leave an hour early", wrong.later(timedelta(hours=-1))),
    (7, "relances leave a day late", wrong.later(timedelta(days=1))),
    (7, "relances leave a minute early", wrong.later(timedelta(minutes=-1))),
    (7, "no relance leaves", never_sent("relance")),
    (7, "no answer counts as solved", replaced(waiting, "resolve", wrong.as_solved)),
    (7, "the last relance does not announce the end", replaced(waiting, "announced_end", lambda *_: None)),
    (7, "the relance does not repeat the question", wrong.fired_for(wrong.without_question)),
    (7, "what has ended stays ended", wrong.never_reopened),
    (8, "nothing ends a wait", together(never_applied(CancelTimers), NO_ONE_WAITS_ANY_LONGER)),
    (8, "the timers of an old wait stay armed", never_applied(CancelTimers)),
    (8, "an answer changes no state", without_effects(V.REPLY, ChangeTicket, CancelTimers)),
    (8, "the link « C'est réglé » is a mere answer", seen_as(V.REPLY, wrong.plain_purpose)),
    (8, "the second wait counts as the first", replaced(agent, "start_wait", wrong.same_round)),
    (9, "commands stay in the text", wrong.commands_stay_in_the_text()),
    (9, "the agent's signature stays", replaced(commands, "_unsigned", lambda text, agent: text)),
    (9, "a mistyped command is overlooked", wrong.without_problem("unknown-command")),
    (9, "the nearest word is not named", replaced(agent, "nearest", lambda word: "")),
    (9, "#note is no command", replaced(AgentWords, "has", lambda words, word: False)),
    (9, "a note goes out", seen_as(V.AGENT_NOTE, wrong.as_agents_answer)),
    (9, "a command alone is not confirmed", never_sent("command_result")),
    (9, "thanks reopen the ticket", replaced(courtesy, "_WORDS", frozenset())),
    (9, "whatever begins with thanks is only thanks", with_effects(V.REPLY, wrong.kept_if_resolved)),
    (9, "a customer commands", seen_as(V.REPLY, wrong.customer_commands)),
    (9, "the answer leaves from the agent's own address", replaced(letters, "compose", wrong.from_the_agent)),
    (10, "a mailing list is not recognised", without_row(verdict._list_mail)),
    (10, "our own address is not recognised", without_row(verdict._loop)),
    (10, "our own address with a reference in it is not recognised",
     row_blind_to(verdict._loop, lambda case: case.mail.sender is not None and "+" in case.mail.sender.address)),
    (10, "a robot is not recognised", without_row(verdict._auto_reply)),
    (10, "a robot's notice opens a ticket",
     row_blind_to(verdict._auto_reply, lambda case: case.mail.header("auto-submitted") == "auto-generated")),
    (11, "a second copy is not looked for", without_row(verdict._duplicate)),
    (11, "what was received is forgotten", replaced(facts, "_FIRST_COPY", facts._FIRST_COPY.where(false()))),
    (11, "the Message-ID alone says what is the same", replaced(reading, "content_key", wrong.by_message_id)),
    (12, "a bounce is not recognised", without_row(verdict._bounce)),
    (12, "a bounce ends no wait", together(never_applied(CancelTimers, MarkUndeliverable), NO_ONE_WAITS_ANY_LONGER)),
    (12, "the agent is not told of a bounce", never_sent("agent_notice")),
    (12, "the agent is told of each bounce", never_applied(MarkUndeliverable)),
    (12, "a delay counts as a failure", replaced(DeliveryReport, "is_permanent", property(lambda report: True))),
    (12, "a failure counts as a delay", replaced(DeliveryReport, "is_permanent", property(lambda report: False))),
    (12, "a false bounce opens a ticket",
     row_blind_to(verdict._auto_reply, lambda case: case.mail.kind is Kind.BOUNCE)),
    (13, "an agent needs no proof", replaced(Case, "is_proved", Case.is_agents_address)),
    (13, "every sender counts as proved", EVERY_SENDER_PROVED),
    (13, "an agent without proof counts as anybody", without_row(verdict._unsigned_agent)),
    (13, "the agent is told of each attempt", owed_anew("agent_held_message")),
    (13, "an agent needs no reference", without_row(verdict._plain_reply)),
    (13, "the agent's answer does not leave", never_sent("agent_reply")),
    (14, "each plain reply is answered", ALWAYS_ANSWERED),
    (14, "a refusal counts for ever", wrong.counted_from_the_start()),
    (14, "what is refused is dropped", held_mail_is_dropped()),
    (14, "a claim does nothing", treated_as(V.CLAIM, V.SPAM)),
    (15, "a mail that was put off is given up", replaced(retry, "next_attempt", lambda *_: None)),
    (15, "a mail that was put off waits for days",
     replaced(retry, "next_attempt", lambda attempts, now, *_: now + timedelta(days=2))),
    (15, "no agent is told", never_sent("agent_new_ticket")),
    (16, "every mail about something counts as a reply",
     together(replaced(verdict, "looks_like_reply", lambda mail: True),
              replaced(verdict, "passes_on", lambda mail: False))),
    (16, "a reference in a forwarded mail is not read",
     reader_dead(Carrier.SUBJECT, Carrier.BODY)),
    (16, "strangers write into the ticket", STRANGERS_WRITE),
    (17, "the admin is not told", never_sent("admin_alert")),
    (17, "the admin is told of each", owed_anew("admin_alert")),
    (17, "the first of two senders is believed", replaced(reading, "read_sender", wrong.only_the_first_sender)),
    (18, "what is resolved stays resolved", wrong.never_reopened),
    (18, "an answer takes the ticket from its agent", with_effects(V.REPLY, wrong.unassigned)),
    (18, "the agent's link resolves nothing", replaced(agent, "_STATE_LINKS", {})),
    (18, "the agent's words are missing in the closing mail", written_with("resolved", values={})),
    (18, "strangers reopen", STRANGERS_WRITE),
    (19, "what is quoted counts as new", replaced(reading, "cut", lambda text, *_, **__: Cut(text, True))),
    (19, "a command in the middle of the text is overlooked", wrong.without_problem("misplaced-command")),
    (19, "commands stay in the text", wrong.commands_stay_in_the_text()),
    (19, "what is passed on commands", wrong.passed_on_words_command()),
    (19, "a customer commands", with_effects(V.NEW_TICKET, wrong.resolved_at_once)),
    (20, "whoever stands in Cc joins the ticket", with_effects(V.NEW_TICKET, wrong.watchers_from_cc)),
    (20, "whoever stands in Cc is acknowledged", with_effects(V.NEW_TICKET, wrong.copied_to_cc)),
    (20, "strangers write into the ticket", STRANGERS_WRITE),
    (20, "the agent does not hear of the colleague", never_sent("agent_held_message")),
    (30, "Reply-To says who wrote", replaced(considering, "identify", wrong.reply_to_is_the_sender)),
    (30, "strangers write into the ticket", STRANGERS_WRITE),
    (31, "the border is not looked for",
     replaced(proof, "above_border", lambda mail, trust: ((name.lower(), value) for name, value in mail.headers))),
    (31, "every sender counts as proved", EVERY_SENDER_PROVED),
    (32, "the one who filled in the form is not read", replaced(considering, "identify", wrong.as_from_says)),
    (32, "what is typed into a form is proof", replaced(considering, "identify", wrong.typed_in_is_proof)),
    (32, "a form is a mail like any other", replaced(considering, "identify", wrong.as_no_form)),
    (33, "the group is a list like any other", replaced(considering, "identify", wrong.as_from_says)),
    (33, "the group's word is proof", replaced(considering, "identify", wrong.typed_in_is_proof)),
    (34, "nobody is warned", replaced(notify, "look_alike", lambda desk, sender: None)),
    (34, "everybody looks like one of us", replaced(notify, "look_alike_of", lambda address, settings: address)),
    (35, "what comes back is not noticed", without_row(verdict._loop)),
    (35, "whatever was delivered twice came back",
     replaced(circling, "_came_back", lambda mail, settings: len(list(mail.all_headers("delivered-to"))) > 1)),
    (40, "each mail is answered by an invitation", ALWAYS_ANSWERED),
    (40, "an account gives nothing", replaced(apply_people, "add_account", lambda *_: None)),
    (40, "mails that waited stay held", replaced(store_accounts, "work_again", lambda *_: 0)),
    (40, "a ticket counts from when it was let in", wrong.opened_now()),
    (40, "the team is told of each click", owed_anew("agent_held_message")),
    (40, "the team hears of no one who asks", never_sent("agent_held_message")),
    (41, "a second address is a stranger's", replaced(Case, "own_keys", property(wrong.this_address_alone))),
    (41, "each address has its own limit",
     replaced(facts, "_answers", lambda rows, sender, mine, now: TRUE_ANSWERS(rows, sender, (sender,), now))),
    (41, "a condition on the plan never holds", replaced(conditions, "_known", lambda *_: (False, ""))),
    (42, "strangers write into the ticket", STRANGERS_WRITE),
    (42, "a second address needs no proof",
     replaced(Case, "own_keys", property(lambda case: case.facts.who.keys if case.facts.who else ()))),
    (42, "every sender counts as proved", EVERY_SENDER_PROVED),
    (42, "an address is joined to whoever bears the name",
     replaced(facts, "person_in", wrong.known_by_name(store_accounts.person_in))),
    (43, "other rules let nobody in", replaced(Intake, "rules_changed", lambda intake: None)),
    (43, "whoever has a ticket is invited too", replaced(facts, "has_ticket", lambda *_: False)),
    (44, "the leaver's references count", never_applied(EndAgent)),
    (44, "nobody is told who takes over", never_sent("agent_assigned")),
    (44, "the tickets stay where they are", replaced(cli_leaving, "open_tickets_with", lambda *_, **__: [])),
    (45, "nobody is known by their domain", wrong.nameless_domains()),
    (45, "nobody needs an account", without_row(verdict._unknown_sender)),
    (46, "the taker hears of no answer", never_sent("agent_customer_reply")),
    (45, "a like domain is the same", replaced(Directory, "_row_of_domain", wrong.row_of_a_like_domain)),
    (45, "colleagues are one person", STRANGERS_WRITE),
    (45, "the agent does not read who it is", written_with("agent_new_ticket", values={})),
    (47, "an account gives nothing", replaced(apply_people, "add_account", lambda *_: None)),
    (47, "a link alone admits", replaced(considering, "admit_account", lambda *_, **__: [])),
    (50, "the end of a held mail is for anybody",
     replaced(token, "_for_end", lambda purpose, held, ticket, decider: ("end", purpose.name, str(held.inbound_id)))),
    (50, "an agent needs no proof", replaced(Case, "is_proved", Case.is_agents_address)),
    (50, "who joins reads what was said before", QUOTES_ALL),
    (51, "a ticket counts from the decision", replaced(incoming, "open_ticket", lambda *a: open_ticket(*a[:7]))),
    (52, "a second use is not told who was first", replaced(orders, "already_text", lambda *_: "fait")),
    (53, "a false sender is not called so", replaced(holding, "_doubt", lambda case: "")),
    (54, "a filter's mistake stands among the others", treated_as(V.SPAM, V.LOOP)),
    (55, "a held answer suspends nothing", replaced(sweeper, "may_hold_the_answer", lambda *_: False)),
    (55, "what the sender places themselves begins no new count", replaced(incoming, "resumed", lambda *_: [])),
    (56, "nobody is blocked", never_applied(Block)),
    (56, "a public domain may be blocked", replaced(blocking, "PUBLIC_DOMAINS", frozenset())),
    (57, "the admin is not told", never_sent("admin_alert")),
    (58, "a link alone admits", replaced(considering, "refuse_unproved_admission", lambda *_, **__: None)),
    (60, "a follow-up is called what its link says",
     replaced(opening, "_as_follow_up", lambda desk, mail, decision, former: (mail, decision))),
    (60, "the two are not linked", never_applied(LinkTickets)),
    (60, "thanks open a follow-up", replaced(evidence, "is_mere_thanks", lambda *_: False)),
    (61, "every subject is another one", replaced(evidence, "is_another", lambda *_: True)),
    (61, "the two are not linked", never_applied(LinkTickets)),
    (62, "what is resolved stays resolved", wrong.never_reopened),
    (63, "every request is a repeat", replaced(verdict, "is_same_problem", lambda *_: True)),
    (64, "merged tickets are not linked", never_applied(LinkTickets)),
    (64, "the agent does not hear what was done", never_sent("command_result")),
    (65, "any two tickets are merged", replaced(merging, "_is_one_side", lambda *_: True)),
    (65, "a reminder quotes what was before", QUOTES_ALL),
    (66, "the part is not linked", never_applied(LinkTickets)),
    (67, "a removal is not written", never_applied(ChangeParticipant)),
    (67, "a reminder quotes what was before", QUOTES_ALL),
    (67, "no history is shown", never_sent("forwarded")),
    (69, "a token is proof enough to let people in", replaced(moves, "_refused", lambda *_: [])),
    (69, "strangers get follow-ups", STRANGERS_WRITE),
    (68, "nothing is revoked", replaced(people, "revoke_references", lambda *_, **__: 1)),
    (70, "mails still say to reply above a line",
     replaced(letters, "BY_LINK", {"fr": "— Répondez au-dessus de cette ligne —", "en": ""})),
    (70, "a claim does nothing", treated_as(V.CLAIM, V.SPAM)),
    (71, "every carrier counts", replaced(case, "counted", lambda references, *_: tuple(references))),
    (71, "strangers write into the ticket", STRANGERS_WRITE),
    (71, "a robot is not recognised", without_row(verdict._auto_reply)),
    (72, "nothing is passed on", without_row(verdict._legacy)),
    (72, "the sender's proof is looked at first", wrong.legacy_last()),
    (72, "what comes from the old system goes back to it", without_row(verdict._loop)),
    (72, "a second copy is passed on again", without_row(verdict._duplicate)),
    (73, "the admin is not told", never_sent("admin_alert")),
    (73, "a bounce is not recognised", without_row(verdict._bounce)),
    (74, "the list is of all requests", replaced(facts, "tickets_of", wrong.everybodys_tickets)),
    (74, "words in an answer command", replaced(own_requests, "asks_by_words", wrong.words_anywhere)),
    (75, "no budget is kept", replaced(verdict, "is_over_budget", lambda *_: False)),
    (75, "numbers count as words", replaced(loops, "_words", lambda text: text.split())),
    (75, "the admin is told of each", owed_anew("admin_alert")),
    (76, "twenty mails are too many", replaced(loops, "over_budget", lambda this, lately, _: len(lately) >= 20)),
    (76, "screenshots are not looked at",
     together(replaced(loops, "_words", lambda text: ["x"] * 3), replaced(loops, "crc32", lambda data: 0),
              replaced(Attachment, "size", property(lambda attachment: 0)))),
    (77, "whoever runs over a budget is dropped", replaced(holding, "is_known", lambda *_: False)),
    (77, "what is held stays held", replaced(loops, "over_budget", lambda *_: "too-many")),
    (78, "prefixes are not counted", replaced(loops, "_without_prefixes", lambda subject: (subject, 0))),
    (80, "strangers write into the ticket", STRANGERS_WRITE),
    (80, "a stranger is held and let in all the same", treated_as(V.STRANGER, V.REPLY)),
    (80, "a robot is not recognised", without_row(verdict._auto_reply)),
    (80, "a mailing list is not recognised", without_row(verdict._list_mail)),
    (80, "an unknown sender gets back their own words", WORDS_SHOWN_TO_UNKNOWN),
    (80, "the list is of all requests", replaced(facts, "tickets_of", wrong.everybodys_tickets)),
    (80, "no relance leaves", never_sent("relance")),
    (81, "the number is enough", wrong.number_is_enough()),
    (81, "every signature is believed", EVERY_SIGNATURE_BELIEVED),
    (81, "whoever stands in Cc joins the ticket", with_effects(V.REPLY, wrong.joined_from_cc)),
    (81, "whoever stands in Cc is acknowledged", with_effects(V.NEW_TICKET, wrong.copied_to_cc)),
    (81, "a failed authentication is not looked at", without_row(verdict._spoof_suspect)),
    (81, "a forged mail suspends the wait", replaced(sweeper, "may_hold_the_answer", lambda *_: True)),
    (81, "an unknown sender gets back their own words", WORDS_SHOWN_TO_UNKNOWN),
    (81, "words that nothing proves look like others", written_with("agent_customer_reply", values={})),
    (82, "each mail is answered", ALWAYS_ANSWERED),
    (82, "no mail is answered", NEVER_ANSWERED),
    (82, "nothing forbids an answer", replaced(limits, "_who_forbids", lambda *_: "")),
    (82, "an unknown sender gets back their own words", WORDS_SHOWN_TO_UNKNOWN),
    (82, "whoever stands in Cc is acknowledged", with_effects(V.NEW_TICKET, wrong.copied_to_cc)),
    (82, "a failed authentication is not looked at", without_row(verdict._spoof_suspect)),
    (82, "Reply-To says who wrote", replaced(considering, "identify", wrong.reply_to_is_the_sender)),
    *((83, f"no signature is checked by {carrier}", wrong.believed_by(carrier)) for carrier in Carrier),
    (83, "an agent needs no proof", replaced(Case, "is_proved", Case.is_agents_address)),
    (83, "strangers write into the ticket", STRANGERS_WRITE),
    (83, "the agent's reference makes an agent", replaced(Ticket, "by_address", wrong.anybody)),
    (83, "a customer commands", seen_as(V.REPLY, wrong.customer_commands)),
    (84, "neither the ticket nor the person is signed",
     replaced(token, "_for_participant", lambda purpose, _, who, nonce: (purpose.name, str(who.slot), nonce))),
    (84, "what a link is for is not signed",
     replaced(token, "_for_participant", lambda _, number, who, nonce: (str(who.slot), nonce))),
    (84, "a claim is for any ticket", replaced(token, "_for_claim", lambda held, _: ("claim", str(held.inbound_id)))),
    (84, "a claim is for anybody", replaced(Case, "own_keys", property(wrong.keys_of_the_held_mail))),
    (84, "each false reference is answered", ALWAYS_ANSWERED),
    (84, "no relance leaves", never_sent("relance")),
    (85, "the number is enough", wrong.number_is_enough()),
    (85, "every signature is believed", EVERY_SIGNATURE_BELIEVED),
    (85, "strangers reopen", STRANGERS_WRITE),
    (85, "what is resolved stays resolved", wrong.never_reopened),
    (85, "a false reference is overlooked", without_row(verdict._bad_reference)),
    (86, "the Message-IDs of others are shown", replaced(letters, "_is_for", lambda *_: True)),
    (86, "the history names addresses", replaced(participants, "_name", lambda who: who.address)),
    (86, "a removal is not written", never_applied(ChangeParticipant)),
    (86, "a letter names who else reads it", written_with("agent_reply", values={"text": "À alice@client-a.example."})),
    (87, "strangers write into the ticket", STRANGERS_WRITE),
    (87, "a stranger is held and let in all the same", treated_as(V.STRANGER, V.REPLY)),
    (87, "whoever has the reference counts as the requester", replaced(Ticket, "by_address", wrong.anybody)),
    (87, "an address is joined to whoever bears the name",
     replaced(facts, "person_in", wrong.known_by_name(store_accounts.person_in))),
    (87, "Reply-To says who wrote", replaced(considering, "identify", wrong.reply_to_is_the_sender)),
    (88, "the Message-ID alone proves a report", replaced(evidence, "proved_delivery", wrong.proved_by_message_id)),
    (88, "any report ends the wait", with_effects(V.BOUNCE, wrong.wait_ended)),
    (88, "a false report opens a ticket",
     row_blind_to(verdict._auto_reply, lambda case: case.mail.kind is Kind.BOUNCE)),
    (88, "a report is not recognised", without_row(verdict._bounce)),
    (88, "the agent is told of each", owed_anew("agent_notice")),
    (88, "no relance leaves", never_sent("relance")),
    (30, "whoever stands in Sender or Reply-To may click",
     replaced(Case, "own_keys", property(wrong.keys_of_reply_to))),
    (31, "the name of the server is not compared", replaced(proof, "_is_of", lambda *_: True)),
    (31, "the domain that was judged is not compared", wrong.domains_cut_short()),
    (31, "a failed authentication is not looked at", without_row(verdict._spoof_suspect)),
    (79, "whoever answers at once is answered", replaced(loops, "PROMPT", timedelta(0))),
    (89, "a gathered notice says nothing of proof", replaced(sweeper, "unproved_among", lambda *_: False)),
    (89, "every word is doubted", replaced(sweeper, "unproved_among", lambda *_: True)),
    (90, "nothing is hidden", NOTHING_HIDDEN),
    (90, "no word for a secret is known", replaced(secrets.Finder, "at", lambda *_: ())),
    (90, "no card and no IBAN is known", replaced(secrets, "by_form", lambda *_: ())),
    (90, "nobody is warned", never_sent("password_warning")),
    (90, "no relance leaves", never_sent("relance")),
    (91, "every text counts as one with a secret", replaced(conditions, "HIDDEN", {"fr": ""})),
    (91, "an order's number is taken for a card", replaced(secret_formats, "NUMBERED", re.compile("(?!)"))),
    (91, "an unknown sender is warned without end", ALWAYS_ANSWERED),
    (92, "nothing is hidden", NOTHING_HIDDEN),
    (92, "no login before a slash is known", replaced(secrets.Finder, "alone", lambda _: ())),
    (93, "the rule is not obeyed", NOTHING_HIDDEN),
    (93, "the rules know hidden secrets only", replaced(considering, "hidden_mail", lambda mail, _: mail)),
    (93, "what was stored before is sent", together(
        replaced(letters, "hidden_text", lambda text, _: text),
        replaced(letters, "hidden_page", lambda markup, _: markup),
    )),
    (93, "what was stored before is shown", replaced(output, "_shown", lambda value: value)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "breakage"),
    [pytest.param(number, breakage, id=f"{number:02}: {words}") for number, words, breakage in BREAKAGES],
)
async def test_a_scenario_fails_when_what_it_guards_is_broken(
    number: int, breakage: Breakage, monkeypatch: pytest.MonkeyPatch
) -> None:
    breakage(monkeypatch)
    result = await run_scenario(SCENARIOS[number], None, world_factory(run_inside))
    assert result.failures
    assert not [entry.text for entry in result.timeline if "our-fault" in entry.text]


def test_every_scenario_is_broken_at_least_once() -> None:
    assert {number for number, _, _ in BREAKAGES} == set(SCENARIOS)
    assert len(BREAKAGES) >= 45
