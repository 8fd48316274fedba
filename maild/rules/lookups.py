"""Which lists do conditions look into, and where is that said? An index is made when a file is read, not for a mail."""

from collections.abc import Iterator

from maild.rules.finding import Path
from maild.rules.lint_rules import conditions_of, text_tests
from maild.rules.sender_tests import sender_key
from maild.rules.words import folded
from maild.settings import Settings


def senders_lists(settings: Settings) -> Iterator[tuple[Path, str]]:
    """The lists with which senders are compared."""
    for path, condition in conditions_of(settings):
        for n, name in enumerate((condition.from_.in_ if condition.from_ else None) or ()):
            yield (*path, "from", "in", n), name


def texts_lists(settings: Settings) -> Iterator[tuple[Path, str]]:
    """The lists with which texts are compared."""
    for path, test in text_tests(settings):
        for n, name in enumerate(test.in_ or ()):
            yield (*path, "in", n), name


def index_lists(settings: Settings) -> None:
    """Make ready what mails will look up: a list may be very long."""
    for lists, form in ((senders_lists, sender_key), (texts_lists, folded)):
        for name in {name for _, name in lists(settings)} & settings.lists.keys():
            settings.list_named(name).compared(form)
