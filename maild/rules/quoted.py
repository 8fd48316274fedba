"""Which lines of rules.yaml make up the rule that begins at a line? For showing it as it was written."""

MOST = 40  # lines
_FLOW = ("{", "[")


def rule_in(text: str, line: int) -> tuple[str, ...]:
    """The rule's lines, without the indentation that all share; of one in brackets the lines that are indented below
    its first. Empty where the text has no such line. Lines count from 1."""
    lines = [each.rstrip() for each in text.split("\n")]
    if not 1 <= line <= len(lines):
        return ()
    first = lines[line - 1]
    indent = _indent(first)
    # Its keys stand below its first one; that stands behind the dash, or on a line of its own.
    is_inside = indent if first.lstrip().startswith((*_FLOW, "- ")) or ": [" in first else indent - 1
    end = line
    while end < len(lines) and end - line < MOST - 1 and (not lines[end] or _indent(lines[end]) > is_inside):
        end += 1
    found = lines[line - 1 : end]
    while not found[-1] and len(found) > 1:
        found.pop()
    return tuple(each[indent:] for each in found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
