"""Templates become mails whose text and HTML say the same, and values stay values."""

import html as entities
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from writing_samples import AGENTS, CUSTOMERS, REFERENCE, TEMPLATES, TICKET, common, renderer, variants

from maild.errors import BadConfig
from maild.plan.notify import LookAlike
from maild.ticket import Ticket
from maild.writing import wording
from maild.writing.links import LINKS, mailto, without_prefill
from maild.writing.render import LAYOUT, Rendered, Renderer

RENDERER = renderer()
ALL = [(t, lang, v) for t in (*CUSTOMERS, *AGENTS) for lang in ("fr", "en") for v in variants(t, lang)]
FRENCH = sorted((TEMPLATES / "fr").glob("*.txt"))
NBSP = "\u00a0"
FIGURES = {"sla_report"}  # templates with tables of figures


def shown(html: str) -> str:
    """The words that a reader of the HTML sees below the desk's name, with the target of each link."""
    body = html.split("<body>")[1]
    body = re.sub(r'<div class="maild-desk".*?</div>', "", body)
    body = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', r"\2 : \1", body)
    return entities.unescape(re.sub(r"<[^>]+>", " ", re.sub("</?span[^>]*>", "", body)))


def words(text: str) -> list[str]:
    """The words alone: no blanks, no bullets, no quoting marks."""
    text = re.sub(r"^(?:> ?|- )+", "", text, flags=re.M)
    return [w for w in re.sub(r"[\s:]+", " ", text).split(" ") if w not in ("", ">", "-")]


def say_the_same(got: Rendered, template: str) -> bool:
    """Whether both forms have the same words; where there are tables of figures the text names each figure anew."""
    forms = shown(got.html), got.text
    if template in FIGURES:
        return len({frozenset(words(form.replace(",", ""))) for form in forms}) == 1
    return words(forms[0]) == words(forms[1])


def is_balanced(html: str) -> bool:
    """Whether each element is closed where it should be."""
    stack: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z]+)[^>]*>", html):
        if not closing and name not in ("meta", "br"):
            stack.append(name)
        elif closing and (not stack or stack.pop() != name):
            return False
    return not stack


def each_without(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The values, each time with one of those that may be empty left empty."""
    for name in ("results", "problems", "details", "commands", "attachments", "links", "text", "name", "reference"):
        yield {k: v for k, v in values.items() if k != name}


def desk(folder: Path, **templates: str) -> Renderer:
    """These French templates alone, in the shipped layout unless the folder has one."""
    (folder / "fr").mkdir()
    for name, source in templates.items():
        (folder / "fr" / f"{name}.txt").write_text(source)
    if not (folder / LAYOUT).exists():
        (folder / LAYOUT).write_text((TEMPLATES / LAYOUT).read_text())
    return Renderer([folder])


@pytest.mark.parametrize(("template", "language", "variant"), ALL)
def test_text_and_html_say_the_same_words(template: str, language: str, variant: str) -> None:
    got = RENDERER.render(template, language, variants(template, language)[variant])
    assert say_the_same(got, template)
    assert got.subject
    assert f'<html lang="{language}">' in got.html
    assert not re.search(r"\{\{|\{%|None|[\ue000-\uf8ff\ufdd0]", got.text + got.html)
    assert is_balanced(got.html)
    assert "\n\n\n" not in got.text and "<p></p>" not in got.html and "<ul>\n</ul>" not in got.html


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("template", [*CUSTOMERS, *AGENTS])
def test_they_still_do_when_any_one_value_is_empty(template: str, language: str) -> None:
    for values in each_without(variants(template, language)["full"]):
        got = RENDERER.render(template, language, values)
        assert say_the_same(got, template)
        assert is_balanced(got.html)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_language_has_every_template(language: str) -> None:
    assert RENDERER.names(language) == {*CUSTOMERS, *AGENTS}


@pytest.mark.parametrize(("template", "language", "variant"), ALL)
def test_every_link_that_is_given_can_be_read_in_the_text_and_clicked_in_the_html(
    template: str, language: str, variant: str
) -> None:
    values = variants(template, language)[variant]
    got = RENDERER.render(template, language, values)
    if template in ("agent_held_message", "command_result"):
        return
    for url in values.get("links", {}).values():
        assert url in got.text
        assert f'href="{entities.escape(url)}"' in got.html


def test_the_marker_stands_first_and_the_reference_last() -> None:
    got = RENDERER.render("acknowledgement", "fr", variants("acknowledgement", "fr")["full"])
    assert got.text.startswith(common("fr")["marker"] + "\n\n")
    assert got.text.endswith(f"Référence{NBSP}: {REFERENCE}\n")
    assert got.html.split("<body>")[1].index("maild-marker") < got.html.split("<body>")[1].index("maild-desk")


def test_a_reference_is_not_broken_at_its_hyphens() -> None:
    got = RENDERER.render("acknowledgement", "fr", variants("acknowledgement", "fr")["full"])
    assert got.html.count(f'<span style="white-space:nowrap">{REFERENCE}</span>') == 2
    listed = RENDERER.render("my_tickets", "fr", variants("my_tickets", "fr")["full"])
    assert '<span style="white-space:nowrap">ISY-1042</span>' in listed.html
    assert "ISY-1042 – " in listed.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_bold_shows_no_asterisk(language: str) -> None:
    number, false = 0, LookAlike("1ea@isybuy.example", "lea@isybuy.example")
    for template in {*CUSTOMERS, *AGENTS}:
        for values in variants(template, language).values():
            got = RENDERER.render(template, language, values | {"look_alike": false})
            assert "**" not in got.text + got.html
            number += "<strong>" in got.html
    assert number >= 10


def test_an_acknowledgement_to_somebody_unknown_repeats_none_of_their_words() -> None:
    got = RENDERER.render("acknowledgement", "fr", variants("acknowledgement", "fr")["stranger"])
    assert "exporter" not in got.subject + got.text + got.html
    assert "Durand" not in got.subject + got.text + got.html
    assert got.subject == "Votre demande"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("variant", ["full", "stranger", "bare"])
def test_a_bad_reference_gets_the_very_words_of_a_plain_reply(language: str, variant: str) -> None:
    values = variants("plain_reply_refused", language)[variant]
    assert RENDERER.render("plain_reply_refused", language, values) == RENDERER.render(
        "bad_reference_refused", language, values
    )


def test_a_refusal_lists_requests_only_to_somebody_known() -> None:
    full = variants("plain_reply_refused", "fr")["full"]
    assert "ISY-1051" in RENDERER.render("plain_reply_refused", "fr", full).text
    assert "ISY-1051" not in RENDERER.render("plain_reply_refused", "fr", full | {"known": False}).text


def test_the_second_relance_announces_the_day_of_the_end() -> None:
    values = variants("relance", "fr")
    assert f"lundi 14{NBSP}décembre 2026" in RENDERER.render("relance", "fr", values["full"]).text
    assert "clôturerons" not in RENDERER.render("relance", "fr", values["first"]).text


@pytest.mark.parametrize(
    "template",
    [
        *("resolved_no_answer", "relance", "declined", "cancelled", "redirected", "incomplete_request"),
        *("rating_request", "rating_thanks", "reminders_stopped"),
    ],
)
def test_a_request_that_nobody_solved_is_never_said_to_be(template: str) -> None:
    for values in variants(template, "fr").values():
        got = RENDERER.render(template, "fr", values)
        assert "est résolu" not in got.text and "a été résolu" not in got.text


@pytest.mark.parametrize("template", ["agent_new_ticket", "agent_customer_reply", "agent_notice", "command_refused"])
def test_an_agents_mail_says_first_what_reply_will_do(template: str) -> None:
    values = variants(template, "fr")["full"]
    assert RENDERER.render(template, "fr", values).text.split("\n")[2] == "Répondre = répondre au client Alice Durand"
    english = RENDERER.render(template, "en", values).text.split("\n")[2]
    assert english == "Reply = answer the customer Alice Durand"


def test_a_refused_command_gives_the_whole_text_back_line_by_line() -> None:
    text = "Bonjour,\n\n\n    indented\ttab\n#pendng\n"
    got = RENDERER.render("command_refused", "en", {"text": text, "problems": ["#pendng: #pending?"]})
    assert "> Bonjour,\n>\n>\n>     indented\ttab\n> #pendng\n" in got.text
    assert "#pendng: #pending?" in got.text


def test_a_persons_blank_lines_and_indents_survive() -> None:
    got = RENDERER.render("agent_reply", "fr", {"ticket": TICKET, "text": "a\r\n\r\n\r\n\r\nb\n  c"})
    assert "a\n\n\n\nb\n  c" in got.text
    assert f"a<br>\n<br>\n<br>\n<br>\nb<br>\n{NBSP}{NBSP}c" in got.html


HOSTILE = st.one_of(
    st.sampled_from(
        [
            "{{7*7}}",
            "{% for x in range(9) %}x{% endfor %}",
            "{{ ''.__class__ }}",
            "{#",
            "}}",
            "<script>",
            "[a](b)",
            "- x",
        ]
    ),
    st.text(max_size=40),
)


@settings(max_examples=150, deadline=None)
@given(subject=HOSTILE, name=HOSTILE, text=HOSTILE)
def test_what_looks_like_a_template_in_a_value_comes_out_as_it_was_written(subject: str, name: str, text: str) -> None:
    values = {"ticket": about(subject), "name": name, "text": text, "known": True}
    ack, answer = RENDERER.render("acknowledgement", "fr", values), RENDERER.render("agent_reply", "fr", values)
    if subject.isprintable():
        assert subject in ack.text
        assert escape(subject) in ack.html
    if text.isprintable():
        assert text in answer.text
    assert "<script>" not in ack.html + answer.html
    assert answer.html.count("<a ") == 0


def about(subject: str) -> Ticket:
    """The ticket, with that subject."""
    return replace(TICKET, subject=subject)


def test_an_expression_in_a_value_is_not_computed() -> None:
    values = {"ticket": about("{{7*7}} {{ ticket.__class__ }}"), "known": True}
    got = RENDERER.render("acknowledgement", "fr", values)
    assert got.subject == "{{7*7}} {{ ticket.__class__ }}"
    assert "« {{7*7}} {{ ticket.__class__ }} »".replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»") in got.text
    assert "49" not in got.text and "49" not in re.sub(r"<style>.*?</style>|style=\"[^\"]*\"", "", got.html, flags=re.S)


def test_the_desks_own_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    desk(tmp_path, acknowledgement="Reçu\n\nMerci {{ name }}.\n")
    ours = Renderer([tmp_path, TEMPLATES])
    assert ours.render("acknowledgement", "fr", {"name": "Alice"}).text == "Merci Alice.\n"
    assert "Hello" in ours.render("acknowledgement", "en", {"ticket": TICKET}).text


def test_a_template_of_one_language_serves_the_other(tmp_path: Path) -> None:
    ours = desk(tmp_path, special="Bonjour\n\nLe {{ due | date }}.\n")
    assert ours.render("special", "en", {"due": date(2026, 12, 1)}).text == f"Le mardi 1er{NBSP}décembre 2026.\n"
    with pytest.raises(LookupError):
        ours.render("unheard_of", "fr", {})


def test_the_desks_own_layout_is_used(tmp_path: Path) -> None:
    (tmp_path / "layout.html").write_text("<b>{{ subject }}, {{ desk }}</b>{{ body }}")
    ours = desk(tmp_path, short="S\n\nA & {{ name }}\n")
    assert (
        ours.render("short", "fr", {"desk": "D&D", "name": "<i>"}).html == "<b>S, D&amp;D</b><p>A &amp; &lt;i&gt;</p>\n"
    )


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("S\n\nBonjour\n{% if x %}\n", 4, "end of template"),
        ("S\n\n\n{{ name }\n", 4, "unexpected"),
        ("S\nBonjour\n", 1, "second is empty"),
        ("\n\nBonjour\n", 1, "first line is the subject"),
        ("S\n\nBonjour\n\ue000\n", 4, "private-use"),
        ("S\n\n{% include 'x' %}\n", 3, "stands alone"),
        ("S\n\n{% if due is bigg %}x{% endif %}\n", 3, "test named 'bigg'"),
        ("S\n\n{{ due | dat }}\n", 3, "filter named 'dat'"),
    ],
)
def test_a_template_that_is_none_is_reported_at_its_line(tmp_path: Path, source: str, line: int, what: str) -> None:
    with pytest.raises(BadConfig) as error:
        desk(tmp_path, bad=source)
    [problem] = error.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "fr" / "bad.txt"), line)
    assert what in problem.what


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("S {{ nmae }}\n\nBonjour\n", 1, "did you mean 'name'"),
        ("S\n\nA\n{% if ticket %}\n{{ ticket.subjet }}\n{% endif %}\n", 5, "'ticket' has no 'subjet'; did you mean"),
        ("S\n\n{% for r in requests %}\n- {{ r.lnik }}\n{% endfor %}\n", 4, "'r' has no 'lnik'"),
        ("S\n\n{{ links.anwser }}\n", 3, "did you mean 'answer'"),
        ("S\n\n{{ held.sender.adress }}\n", 3, "'held.sender' has no 'adress'"),
    ],
)
def test_a_name_that_does_not_exist_is_found_before_a_mail_is_owed(
    tmp_path: Path, source: str, line: int, what: str
) -> None:
    [problem] = (p for p in desk(tmp_path, bad=source).check() if p.severity == "error")
    assert problem.line == line
    assert what in problem.what


def test_the_shipped_templates_have_no_problems() -> None:
    assert RENDERER.check() == []


def test_a_name_that_a_template_sets_itself_is_no_problem(tmp_path: Path) -> None:
    item = "- {{ loop.index }} {{ a }} {{ b }} {{ who }}"
    source = f"S\n\n{{% set who = name %}}\n{{% for a, b in commands %}}\n{item}\n{{% endfor %}}\n"
    ours = desk(tmp_path, good=source)
    assert [p for p in ours.check() if p.severity == "error"] == []
    assert ours.render("good", "fr", {"name": "N", "commands": [("a", "b")]}).text == "- 1 a b N\n"


def test_a_value_that_lacks_what_a_template_asks_for_is_reported_at_the_line(tmp_path: Path) -> None:
    ours = desk(tmp_path, bad="S\n\n{% if not name %}\nA\n\n{{ ticket.requester.shown }}\n{% endif %}\n")
    with pytest.raises(BadConfig) as error:
        ours.render("bad", "fr", {})
    assert str(error.value).startswith(f"{tmp_path / 'fr' / 'bad.txt'}:6:1: error: ")


def test_what_was_compiled_before_is_compiled_anew_where_it_has_changed(tmp_path: Path) -> None:
    """All that a template is made of: its words, its layout, its language, its place."""

    def shown(folder: Path, language: str = "fr") -> tuple[str, str]:
        got = Renderer([folder]).render("short", language, {"due": date(2026, 12, 1)})
        return got.text, got.html

    due = {"fr": f"mardi 1er{NBSP}décembre 2026", "en": f"Tuesday 1{NBSP}December 2026"}
    (tmp_path / LAYOUT).write_text("<b>{{ body }}</b>")
    first = desk(tmp_path, short="S\n\nOne {{ due | date }}\n")
    before = first.render("short", "fr", {"due": date(2026, 12, 1)})
    assert shown(tmp_path) == (before.text, before.html) == (f"One {due['fr']}\n", f"<b><p>One {due['fr']}</p>\n</b>")

    (tmp_path / "fr" / "short.txt").write_text("S\n\nTwo {{ due | date }}\n")
    assert shown(tmp_path) == (f"Two {due['fr']}\n", f"<b><p>Two {due['fr']}</p>\n</b>")
    (tmp_path / LAYOUT).write_text("<i>{{ body }}</i>")
    assert shown(tmp_path)[1] == f"<i><p>Two {due['fr']}</p>\n</i>"
    (tmp_path / "fr").rename(tmp_path / "en")
    assert shown(tmp_path)[0] == f"Two {due['en']}\n"
    assert first.render("short", "fr", {"due": date(2026, 12, 1)}) == before

    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        failing = desk(tmp_path / place, short="S\n\n{{ due.nothing }}\n")
        with pytest.raises(BadConfig, match=f"/{place}/fr/short.txt:3:"):
            failing.render("short", "fr", {"due": date(2026, 12, 1)})


def test_layout_must_hold_the_body_once(tmp_path: Path) -> None:
    (tmp_path / "layout.html").write_text("<b></b>")
    with pytest.raises(BadConfig, match="exactly once"):
        Renderer([tmp_path, TEMPLATES])


def test_a_desk_without_a_folder_of_its_own_uses_what_is_shipped(tmp_path: Path) -> None:
    assert Renderer([tmp_path / "absent", TEMPLATES]).names("fr") == RENDERER.names("fr")


@pytest.mark.parametrize(
    ("source", "text", "html"),
    [
        ("[Lien]({{ links.answer }})", f"Lien{NBSP}: mailto:a", "<p class=BTN href=mailto:a>Lien</a></p>"),
        ("Voir [ici]({{ links.answer }}).", f"Voir ici{NBSP}: mailto:a.", "<p>Voir <a href=mailto:a>ici</a>.</p>"),
        ("> mot\n> autre", "> mot\n> autre", "<blockquote>\n<p>mot<br>\nautre</p>\n</blockquote>"),
        ("*a* _b_ `c` # d", "*a* _b_ `c` # d", "<p>*a* _b_ `c` # d</p>"),
        ("**a {{ details[0] }}** b **", "a x b **", "<p><strong>a x</strong> b **</p>"),
        ("# titre", "# titre", "<p># titre</p>"),
        ("<b>gras</b> &amp;", "<b>gras</b> &amp;", "<p>&lt;b&gt;gras&lt;/b&gt; &amp;amp;</p>"),
        ("a{# note #}b", "ab", "<p>ab</p>"),
        ("a\n{# note #}\nb", "a\nb", "<p>a</p>\n\n<p>b</p>"),
        ("a{% if name %} x{% endif %}\nb", "a\nb", "<p>a<br>\nb</p>"),
        (
            "{% for d in details %}\n- {{ d }}\n{% if d == 'x' %}\n- X\n{% endif %}\n{% endfor %}",
            "- x\n- X\n- y",
            "<ul>\n<li>x</li>\n<li>X</li>\n<li>y</li>\n</ul>",
        ),
        (
            "{% if nothing %}\n{% for d in nothing %}\n- {{ d }}\n{% endfor %}\n{% endif %}\n"
            "{% if details %}\n{% for d in details %}\n- {{ d }}\n{% endfor %}\n{% endif %}",
            "- x\n- y",
            "<ul>\n<li>x</li>\n<li>y</li>\n</ul>",
        ),
        (
            "{% if nothing %}\nA :\n\n- a\n{% endif %}\n- b\n"
            "{% for d in details %}\n{% if d == 'x' %}\n- {{ d }}\n{% endif %}\n{% endfor %}",
            "- b\n- x",
            "<ul>\n<li>b</li>\n<li>x</li>\n</ul>",
        ),
        (
            "{% for d in details %}\n{% if d %}\n- {{ d }}\n{% endif %}\n{% endfor %}",
            "- x\n- y",
            "<ul>\n<li>x</li>\n<li>y</li>\n</ul>",
        ),
        (
            "A\n\n{% if nothing %}\n{% for d in nothing %}\n- {{ d }}\n{% endfor %}\n{% endif %}\n\nB",
            "A\n\nB",
            "<p>A</p>\n<p>B</p>",
        ),
        (
            "{% for d in details %}\n- {{ d }}\n\nz\n\n- z\n{% endfor %}",
            "- x\n\nz\n\n- z\n- y\n\nz\n\n- z",
            "<ul>\n<li>x</li>\n</ul>\n<p>z</p>\n<ul>\n<li>z</li>\n</ul>\n"
            "<ul>\n<li>y</li>\n</ul>\n<p>z</p>\n<ul>\n<li>z</li>\n</ul>",
        ),
        (
            "A\n\n{% for d in details %}\n| **{{ d }}** | b & c |\n| [ici]({{ links.answer }}) |\n{% endfor %}\n\nB",
            f"A\n\n- x\n  b & c\n  ici{NBSP}: mailto:a\n- y\n  b & c\n  ici{NBSP}: mailto:a\n\nB",
            "<p>A</p>\n<TABLE>\n"
            + "".join(
                f"<tr><TD><strong>{d}</strong></td><TD>b &amp; c</td></tr>\n"
                "<tr><TD colspan=2><a href=mailto:a>ici</a></td></tr>\n"
                for d in "xy"
            )
            + "</table>\n<p>B</p>",
        ),
        ("{% if nothing %}\n\n| a | b |\n\n{% endif %}\n\na | b", "a | b", "<p>a | b</p>"),
        ("{{ text | quoted }}", "> 1 < 2\n>\n> 3", "<blockquote>1 &lt; 2<br>\n<br>\n3</blockquote>"),
    ],
)
def test_light_markdown(tmp_path: Path, source: str, text: str, html: str) -> None:
    (tmp_path / "layout.html").write_text("{{ body }}")
    values = {"links": {"answer": "mailto:a"}, "nothing": (), "details": ["x", "y"], "text": "1 < 2\n\n3"}
    got = desk(tmp_path, light=f"S\n\n{source}\n").render("light", "fr", values)
    assert got.text == text + "\n"
    plain = re.sub(r'<p class="maild-button"><a style="[^"]*"', "<p class=BTN", got.html)
    plain = re.sub(r'<table class="maild-table" style="[^"]*"', "<TABLE", plain)
    plain = re.sub(r'<td( colspan="\d")? style="[^"]*"', r"<TD\1", plain).replace('"', "")
    assert re.sub(r"\n+", "\n", plain).strip() == re.sub(r"\n+", "\n", html)


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (
            datetime(2026, 12, 14, 10, 30, tzinfo=UTC),
            "lundi 14 décembre 2026 à 10 h 30",
            "Monday 14 December 2026 at 10:30",
        ),
        (datetime(2026, 8, 1, 9, 0, tzinfo=UTC), "samedi 1er août 2026 à 9 h", "Saturday 1 August 2026 at 09:00"),
        (
            datetime(2027, 2, 28, 0, 5, tzinfo=UTC),
            "dimanche 28 février 2027 à 0 h 05",
            "Sunday 28 February 2027 at 00:05",
        ),
    ],
)
def test_an_instant_is_written_as_people_say_it(when: datetime, french: str, english: str) -> None:
    assert wording.instant(when, "fr").replace(NBSP, " ") == french
    assert wording.instant(when, "en").replace(NBSP, " ") == english


def literal(path: Path) -> str:
    """What a template says itself: no Jinja but the words that it quotes, no targets of links."""
    source = path.read_text()
    source = re.sub(r"\{\{(.*?)\}\}", lambda m: " ".join(re.findall(r'"([^"]*)"', m[1])) or "X", source)
    return re.sub(r"\{[%#].*?[%#]\}|\]\([^)]*\)", "", source)


@pytest.mark.parametrize("path", FRENCH, ids=lambda p: p.stem)
def test_french_typography(path: Path) -> None:
    text = literal(path)
    assert not re.search(r"\w'\w", text), "a straight apostrophe"
    commands = re.compile(r"[^\s»]?[^\S\u00a0][:;!?»]|[\w»)][:;!?](?=\s|$)|«[^\u00a0]|[^\u00a0]»", re.M)
    assert not commands.search(text), commands.search(text)
    assert not re.search(r"\bn° ", text)
    assert not re.search(r"^(?:A|Etat|Etes|Ecri)\b", text, re.M), "a capital without its accent"
    assert '"' not in text and "..." not in text


FORBIDDEN = (
    "token|thread|parser|verdict|SLA|notification|automatique|ticket|dossier|jeton|relance|robot"
    "|vous devez|vous n’avez pas (?!à)"
)


@pytest.mark.parametrize("name", CUSTOMERS)
def test_customers_read_no_jargon_and_no_blame(name: str) -> None:
    assert not re.search(rf"\b(?:{FORBIDDEN})", literal(TEMPLATES / "fr" / f"{name}.txt"), re.I)
    assert not re.search(
        r"\b(?:token|thread|parser|verdict|SLA|ticket|you must)\b", literal(TEMPLATES / "en" / f"{name}.txt")
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_customers_mails_end_with_the_desk(language: str) -> None:
    for name in CUSTOMERS:
        got = RENDERER.render(name, language, variants(name, language)["bare"])
        assert got.text.endswith("Support\n") or name == "agent_reply"


def test_a_mailto_link_says_what_was_meant() -> None:
    url = mailto("support+1042-1-a@isybuy.example", "C’est réglé & fini + [ISY-1]", "ligne 1\nligne 2 ?")
    assert re.fullmatch(r"mailto:support\+1042-1-a@isybuy\.example\?[A-Za-z0-9%=&._~-]+", url)
    assert parse_qs(urlsplit(url).query) == {
        "subject": ["C’est réglé & fini + [ISY-1]"],
        "body": ["ligne 1\r\nligne 2 ?"],
    }
    assert mailto("a@b.example", "", "") == "mailto:a@b.example"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_clicked_link_sent_as_it_is_has_no_words(language: str) -> None:
    """But for the one whose line is the customer's word."""
    for name, link in LINKS[language].items():
        if name == "escalate":
            assert without_prefill(f"{link.body}\n\nVite.") == f"{link.body}\n\nVite."
            continue
        assert without_prefill(f"\r\n{link.body}  \r\n") == ""
        assert without_prefill(f"Oui.\n{link.body.replace('’', chr(39))}\nEt non.") == (
            "Oui.\nEt non." if link.body else "Oui.\n\nEt non."
        )
    assert LINKS["fr"].keys() == LINKS["en"].keys()
    assert len({w.body for w in LINKS[language].values() if w.body}) == sum(
        bool(w.body) for w in LINKS[language].values()
    )
