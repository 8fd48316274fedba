"""docs/threading.md says what the code does, cell by cell; and what must hold in every cell of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from threading_cells import CARRIERS, Cell, Outcome, cells, outcome, page

PAGE = Path(__file__).parents[2] / "docs" / "threading.md"
INTO_IT = frozenset({"reply", "follow_up", "agent_reply", "agent_note", "agent_command"})
AGENTS = frozenset({"the assigned agent", "another agent"})


@pytest.fixture(scope="module")
def rows() -> Mapping[Cell, Outcome]:
    return {cell: outcome(cell) for cell in cells()}


def test_the_page_says_what_the_code_does(rows: Mapping[Cell, Outcome]) -> None:
    """If this fails, look at the difference; then `PYTHONPATH=tests python -m threading_cells > docs/threading.md`."""
    assert PAGE.read_text("utf-8") == "\n".join(page(rows))


def test_no_cell_lets_a_faulty_reference_into_the_ticket(rows: Mapping[Cell, Outcome]) -> None:
    wrong = [cell for cell, o in rows.items() if cell[2] != "right" and o.verdict in INTO_IT]
    assert not wrong


def test_no_cell_lets_anybody_act_as_an_agent_but_a_proved_one(rows: Mapping[Cell, Outcome]) -> None:
    acted = [cell for cell, o in rows.items() if o.verdict.startswith("agent_")]
    assert acted
    assert all(cell[4] in AGENTS and cell[5] == "pass" for cell in acted)


def test_no_cell_lets_a_stranger_into_the_ticket(rows: Mapping[Cell, Outcome]) -> None:
    """Nor shows them anything of it: what they get is a refusal, or the receipt of a request of their own."""
    strangers = {"somebody unknown", "a known customer who is not on it"}
    for cell, result in rows.items():
        if cell[4] in strangers:
            assert result.verdict not in INTO_IT
            told = {mail for mail in result.sent if mail.endswith("to the sender")}
            assert told <= {
                f"{t} to the sender" for t in ("plain_reply_refused", "bad_reference_refused", "acknowledgement")
            }
            assert not any(mail.endswith("to the customers") for mail in result.sent)


def test_no_cell_answers_where_the_proof_failed(rows: Mapping[Cell, Outcome]) -> None:
    for cell, result in rows.items():
        if cell[5] == "fail" and cell[4] not in AGENTS:  # an agent's own address on record is told
            assert {mail.rpartition(" to ")[2] for mail in result.sent} <= {"agents"}


def test_in_link_mode_only_the_address_leads_a_customer_into_the_ticket(rows: Mapping[Cell, Outcome]) -> None:
    led = [c for c, o in rows.items() if c[0] == "link" and c[4] not in AGENTS and o.verdict in INTO_IT]
    assert led
    assert {cell[1] for cell in led} == {"address"}


def test_each_right_reference_of_a_participant_is_followed_by_each_carrier(rows: Mapping[Cell, Outcome]) -> None:
    for cell, result in rows.items():
        mode, carrier, fault, _, sender, proof, _ = cell
        is_theirs = sender in ("the requester", "another participant") and proof != "fail" and fault == "right"
        if mode == "reference" and is_theirs and carrier in CARRIERS[2:]:
            assert result.verdict in ("reply", "follow_up")
