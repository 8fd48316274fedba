"""What if a template of the desk's own fails while a mail is written? The shipped one takes its place (O12).

What is no template, or no text, is not taken at the start or at a reload; these fail only at work. If the shipped one
fails too, which is a bug of ours, the mail that came is held with its bytes and the others flow.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from desk_values import RING, settings
from faults.figures import shown
from receiving_desk import open_road
from road import ALICE, BRUNO, letter

from maild.config.desk import open_desk
from maild.config.templates import template_folders
from maild.errors import BadConfig
from maild.judgement import VerdictName
from maild.settings import Settings
from maild.writing.render import Rendered, Renderer

FAILS = {
    "a value that nobody gives": "{{ ticket.nothing }}",
    "an operation": "{{ 1 // 0 }}",
}
REFUSED = {
    "no template": b"Sujet\n\n{% if %}\n",
    "no UTF-8": "Sujet\n\né\n".encode("latin-1"),
}
FRENCH = "Bonjour, nous n'arrivons plus à exporter la facture depuis ce matin. Merci de votre aide."
ENGLISH = "Hello, since this morning we are not able to export our invoices any more. Thank you for your help."


def own_template(folder: Path, content: bytes) -> Path:
    """A folder with one French template."""
    (folder / "fr").mkdir(parents=True)
    (folder / "fr" / "acknowledgement.txt").write_bytes(content)
    return folder


class WithoutAcknowledgements(Renderer):
    """Has a bug of ours in one template."""

    def render(self, template: str, language: str, values: Mapping[str, object]) -> Rendered:
        if template == "acknowledgement":
            raise TypeError("a bug")
        return super().render(template, language, values)


def with_templates(folder: Path) -> Settings:
    """The desk with templates of its own."""
    usual = settings()
    return usual.model_copy(update={"site": usual.site.model_copy(update={"templates": folder})})


@pytest.mark.parametrize("fault", FAILS)
async def test_a_template_that_fails_gives_way_to_the_shipped_one(tmp_path: Path, fault: str) -> None:
    """O12. Everybody is answered in words that are ours, and the admin can be told where the mistake is."""
    folder = own_template(tmp_path / "templates", f"Sujet\n\n{FAILS[fault]}\n".encode())
    async with open_road(tmp_path) as road:
        broken = open_desk(with_templates(folder), RING)
        road.desk = lambda: broken
        ids = await road.keep(letter(ALICE, FRENCH), letter(BRUNO, ENGLISH), letter(BRUNO, ENGLISH + "!", subject="B"))
        await road.intake.drain()
        met, *others = [await road.ending(number) for number in ids]
        [answer] = [mail for mail in await road.queued() if mail.recipient == ALICE]
    shown(
        "o12",
        fault,
        templates=1,
        lost=int(met.verdict != "new_ticket"),
        neighbours_delayed=sum(one.verdict != "new_ticket" for one in others),
    )
    assert [one.verdict for one in (met, *others)] == ["new_ticket"] * 3
    assert answer.template == "acknowledgement"
    assert "Subject: Sujet" not in answer.data.decode()
    assert "bien re" in answer.data.decode()
    assert [(path.name, problem.line) for path, problem in broken.renderer.failures.items()] == [
        ("acknowledgement.txt", 3),
    ]


async def test_a_mail_that_no_template_can_write_is_held_and_no_other(tmp_path: Path) -> None:
    """O12. The admin is told, and once the template is mended the mail is let in."""
    async with open_road(tmp_path) as road:
        good = road.desk()
        road.desk = lambda: replace(good, renderer=WithoutAcknowledgements(template_folders(good.settings)))
        ids = await road.keep(letter(ALICE, FRENCH), letter(BRUNO, ENGLISH, head="Auto-Submitted: auto-replied"))
        await road.intake.drain()
        held, other = [await road.ending(number) for number in ids]
        assert (held.verdict, held.reason) == ("quarantined", "our-fault")
        assert (other.verdict, other.reason) == ("auto_reply", "automatic")
        assert "admin@isybuy.example" in [mail.recipient for mail in await road.queued()]
        road.desk = lambda: good
        released = await road.intake.release(ids[0], into=None, new=False, by="test")
        assert released.verdict is VerdictName.NEW_TICKET
        assert [mail.template for mail in await road.queued() if mail.recipient == ALICE] == ["acknowledgement"]


@pytest.mark.parametrize("fault", REFUSED)
async def test_a_template_that_can_be_seen_to_fail_is_not_taken(tmp_path: Path, fault: str) -> None:
    """O12. Whoever works with the templates that were good before goes on with them."""
    async with open_road(tmp_path) as road:
        with pytest.raises(BadConfig, match=r"acknowledgement\.txt"):
            open_desk(with_templates(own_template(tmp_path / "templates", REFUSED[fault])), RING)
        ids = await road.keep(letter(ALICE, FRENCH), letter(BRUNO, ENGLISH))
        await road.intake.drain()
        french, english = [await road.ending(number) for number in ids]
        to = [mail.recipient for mail in await road.queued() if mail.template == "acknowledgement"]
    shown(
        "o12",
        fault,
        templates=1,
        lost=int(french.verdict != "new_ticket" or ALICE not in to),
        neighbours_delayed=int(english.verdict != "new_ticket" or BRUNO not in to),
    )
    assert [french.verdict, english.verdict] == ["new_ticket", "new_ticket"]
    assert sorted(to) == sorted([ALICE, BRUNO])
