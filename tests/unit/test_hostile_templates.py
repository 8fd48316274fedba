"""H13: a template that somebody copied from anywhere reaches nothing beyond its values, and comes to an end."""

import resource
import time
from pathlib import Path

import pytest
from writing_samples import TEMPLATES, variants

from maild.errors import BadConfig
from maild.writing.render import Renderer

# name -> the body of a template; each was a way out of a sandbox, or takes time or memory without end
HOSTILE = {
    "a class of a value": "{{ ticket.__class__.__mro__ }}",
    "subclasses by a filter": "{{ ''|attr('__class__') }}",
    "the globals of a function": "{{ label.__init__.__globals__ }}",
    "format, CVE-2016-10745": "{{ '{0.__class__}'.format(ticket) }}",
    "format_map, CVE-2019-10906": "{{ '{a.__class__}'.format_map({'a': ticket}) }}",
    "xmlattr, CVE-2024-34064": "{{ {'a b': 1}|xmlattr }}",
    "format by reference, CVE-2024-56326": "{% set f = '{0.__class__}'.format %}{{ f(ticket) }}",
    "attr of format, CVE-2025-27516": "{{ ('{0.__class__}'|attr('format'))(ticket) }}",
    "a file beside it": "{% include '../../secrets/reference.key' %}",
    "another template": "{% import 'x' as y %}",
    "a loop in a loop in a loop": "{% for a in text %}" * 6 + "x" + "{% endfor %}" * 6,
    "a loop that says nothing": "{% for a in text %}" * 6 + "{% endfor %}" * 6,
    "a text doubled": "{% set x = text %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "a text added to itself": "{% set x = text %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    "a list doubled": "{% set x = [text] %}" + "{% set x = x + x %}" * 60 + "{{ x|length }}",
    "a text times a number": "{{ text * 1000000000 }}",
    "a constant times a number": "{{ 'x' * 1000000000 }}",
    "a power": "{{ 9 ** 9 ** 9 ** 9 }}",
    "printf of a width": "{{ '%1000000000d' % 1 }}",
    "center": "{{ 'x'.center(1000000000) }}",
    "center as a filter": "{{ 'x'|center(1000000000) }}",
    "indent": "{{ 'x'|indent(1000000000) }}",
    "format as a filter": "{{ '%1000000000d'|format(1) }}",
    "replace": "{{ (text|replace('', text))|replace('', text) }}",
    "tabs": "{{ '\t'.expandtabs(1000000000) }}",
    "a range": "{% for i in range(1000000000) %}x{% endfor %}",
    "words without end": "{{ lipsum(n=100000) }}",
    "a macro that calls itself": "{% macro m() %}x{{ m() }}{% endmacro %}{{ m() }}",
    "a loop that calls itself": "{% for a in [1] recursive %}x{{ loop([1]) }}{% endfor %}",
    "a mail too long": "{% for a in text %}{{ text }}{{ text }}{% endfor %}",
    "a cycler": "{% set c = cycler('a') %}{{ c.next() }}",
    "a file too long": "x" * 200_000,
    "an open block": "{% for a in text %}",
    "half a tag": "{{ text",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_stopped_and_the_shipped_one_takes_its_place(tmp_path: Path, name: str) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "agent_reply.txt").write_text(f"Réponse\n\n{HOSTILE[name]}\n", encoding="utf-8")
    values = {**variants("agent_reply", "fr")["full"], "text": "un texte assez long " * 200}
    shipped = Renderer([TEMPLATES]).render("agent_reply", "fr", values)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        renderer = Renderer([tmp_path, TEMPLATES])
    except BadConfig as refused:
        (problem, *_) = refused.problems
    else:
        assert renderer.render("agent_reply", "fr", values) == shipped, "what it says leaves"
        (problem,) = renderer.failures.values()
    assert time.process_time() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert problem.file == str(tmp_path / "fr" / "agent_reply.txt")
    assert "secret" not in problem.what or name == "a file beside it"


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in attachments %}{{ loop.index }}. {{ a }}\n{% endfor %}",
        "{{ (ticket.number + 1) * 2 % 7 }}",
        "{{ ticket.subject|upper|truncate(20) }} {{ ticket.subject.lower() }}",
        "{{ 'a' ~ ticket.number ~ 'b' }}",
        "{% if text is string and text|length > 3 %}{{ text|first }}{% endif %}",
    ],
)
def test_a_template_of_good_will_is_not_in_the_way_of_the_bounds(tmp_path: Path, body: str) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "agent_reply.txt").write_text(f"Réponse\n\nBonjour\n{body}\n", encoding="utf-8")
    renderer = Renderer([tmp_path, TEMPLATES])
    assert renderer.check() == [] or all(p.severity == "warning" for p in renderer.check())
    values = {**variants("agent_reply", "fr")["full"], "text": "mot " * 500_000}
    assert "Bonjour" in renderer.render("agent_reply", "fr", values).text
    assert renderer.failures == {}
