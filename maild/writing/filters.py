"""How do templates show the words of a person: by lines, as a quote, unbroken? In the text, and in the HTML."""

from markupsafe import Markup, escape


def lines(text: object) -> str:
    """Its line breaks, however they were written."""
    return str(text).replace("\r\n", "\n").replace("\r", "\n")


def quoted(text: object) -> str:
    """Each line behind a mark."""
    return "\n".join(f"> {line}".rstrip(" ") for line in lines(text).strip("\n").split("\n"))


def html_lines(text: object) -> Markup:
    """Its lines, breaks and runs of blanks as they stand."""
    shown = str(escape(lines(text).strip("\n"))).replace("\t", "    ").replace("  ", " \u00a0")
    return Markup(shown.replace("\n ", "\n\u00a0").replace("\n", "<br>\n"))  # noqa: S704 escaped just above


def html_quoted(text: object) -> Markup:
    """A quote."""
    return Markup("<blockquote>") + html_lines(text) + Markup("</blockquote>")


def unbroken(reference: str) -> Markup:
    """A reference is not to be broken at its hyphens, so that it can be read out and copied; nor parted from the full
    stop behind it."""
    return Markup('<span style="white-space:nowrap">') + reference + Markup("</span>")
