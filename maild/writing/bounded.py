"""How much may a template do? It can't reach beyond its values, run for ever, or make more than a mail can hold.

The desk's own templates are an admin's, and may have been copied from anywhere (reliability H13). Jinja's sandbox keeps
them from Python; here a budget keeps them from time and memory: each turn of a loop and each text that is put together
is paid for, and what could make a large text of small ones at one stroke is not there.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from maild.ticket import Ticket

LONGEST = 1 << 20  # characters that a template may make beyond those of the values it is given
TURNS = 20_000  # of its loops, all together
_PER_TURN = LONGEST // TURNS
_METHODS = """
    capitalize count endswith find isalpha isdigit lower lstrip rstrip split splitlines startswith strip title upper
"""
_TEXT_METHODS = frozenset(_METHODS.split())
_FILTERS = """
    abs capitalize count d default dictsort e escape first float groupby int items join last length list lower map max
    min reject rejectattr reverse round safe select selectattr sort string striptags sum title trim truncate unique
    upper wordcount
"""
FILTERS = frozenset(_FILTERS.split())
_SPENT: ContextVar[list[int]] = ContextVar("spent")


class TooMuch(Exception):
    """The template would have gone on, or made more than a mail can hold."""


class Bounded(SandboxedEnvironment):
    """An environment in which a template pays for what it does. It has the filters of FILTERS, and what is added."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters = {name: self.filters[name] for name in FILTERS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return _Paying().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`text * 1000`, `text % values` and `2 ** 1000` make much of little; numbers of a usual size are well."""
        if operator == "+":
            return self.paid(super().call_binop(context, operator, left, right))
        if not all(isinstance(v, int | float) and abs(v) < LONGEST for v in (left, right)) or operator == "**":
            raise TooMuch(f"`{operator}` is for numbers of a usual size; texts are put together with ~")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Of a text only methods that make no longer one."""
        if isinstance(obj, str | bytes) and attr not in _TEXT_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    @staticmethod
    def paid(made: Any) -> Any:
        """What was made, where there was still room for it."""
        if isinstance(made, str | list | tuple):
            _spend(len(made))
        return made

    @staticmethod
    def turn() -> str:
        """Another turn of a loop."""
        _spend(_PER_TURN)
        return ""


class _Paying(NodeTransformer):
    """Puts the till at each loop, and around each text that is put together."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        turn = nodes.Call(nodes.EnvironmentAttribute("turn"), [], [], None, None)
        node.body.insert(0, nodes.ExprStmt(turn, lineno=node.lineno).set_lineno(node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:
        self.generic_visit(node)
        paying = nodes.Call(nodes.EnvironmentAttribute("paid"), [node], [], None, None)
        paying.set_lineno(node.lineno)
        return paying


def _spend(amount: int) -> None:
    left = _SPENT.get(None)
    if left is None:
        return
    left[0] -= amount
    if left[0] < 0:
        raise TooMuch("it goes on without end, or makes more than a mail can hold")


def _length(value: object) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_length, value))
    if isinstance(value, Ticket):
        return len(value.last_answer)
    return len(value) if isinstance(value, str) else 0


@contextmanager
def budget(values: Mapping[str, object]) -> Iterator[Callable[[Iterator[str]], str]]:
    """Inside, templates pay. Gives what puts the pieces of one together; TooMuch where it makes too much."""
    room = LONGEST + 8 * sum(_length(value) for value in values.values())
    token = _SPENT.set([room])

    def joined(pieces: Iterator[str]) -> str:
        made, length = [], 0
        for piece in pieces:
            length += len(piece)
            if length > room:
                raise TooMuch("it makes more than a mail can hold")
            made.append(piece)
        return "".join(made)

    try:
        yield joined
    finally:
        _SPENT.reset(token)
