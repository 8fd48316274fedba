"""Does what a program writes above a quote begin on this line, and over how many lines does it go?"""

import re

from maild.reading.additions import RULE, plain
from maild.reading.markers import (
    ATTRIBUTION_STARTS,
    ATTRIBUTIONS,
    DATED_LINES,
    DATED_SEPARATORS,
    HEADER_ROWS,
    MARKERS,
    REPLY_ABOVE,
    SEPARATORS,
    SERVERS_FIELDS,
    TOLD,
)

LOOKED_AT = 400  # characters of a line
MOST_WRAPPED = 8  # lines over which an attribution may be wrapped, blank ones among them
MOST_PIECES = 5  # the same, without the blank ones
LONGEST_ATTRIBUTION = 900  # characters
SHORT = 45  # characters of a line that no program wrapped there
MOST_ROWS = 14  # lines of a block of rows
MOST_PARTED = 100  # lines that are looked at because two may be in one
MOST_PASTED = 25  # lines of a mail's source above and below its From
# Lines of their own in HTML made into text (quoted_markup), of characters that no mail needs: Unicode's private use.
ALL_BELOW, BLOCKQUOTE = "\ue002", "\ue003"
BLANKS = "> \t\xa0\u202f"

_GROUPWISE = r">>> .{3,200}>>>\s{0,3}$"  # its header, which is no quoted line
QUOTED = re.compile(rf"(?!{_GROUPWISE})\s{{0,3}}(?:>|&gt;)")
COULD_INTRODUCE = re.compile(f"[:\uff1a\\d@<{ALL_BELOW}{BLOCKQUOTE}]|--")  # cheap: asked for every line
_HEADER_LINE = re.compile(_GROUPWISE)
_ATTRIBUTION = re.compile("|".join(f"(?:{pattern})" for pattern in ATTRIBUTIONS), re.IGNORECASE)
_STARTS = re.compile(ATTRIBUTION_STARTS, re.IGNORECASE)
_LAST = (":", "\uff1a", ">", "-", ")")
_ENDS = (":", "\uff1a", ">", ")", "]")
_SERVERS_FIELD = re.compile(rf"[>\s]{{0,6}}(?:{SERVERS_FIELDS})\s?:", re.IGNORECASE)
_TOLD = re.compile(TOLD, re.IGNORECASE)
FULL_DATE = re.compile(
    r"\d{1,4}\D{1,14}\d{2,4}.{0,60}\d{1,2}[:h.]\d{2}|\b\d{1,2}\b.{0,60}\b(?:19|20)\d\d\b|\d[/.-]\d{1,2}[/.-]\d"
)
BEARS_A_DATE = re.compile(r"\d{1,2}\D.*\d|@|\d{4}")
TIME = re.compile(r"\d{1,2}[:h.]\d{2}|\d{1,2} h \d{2}")
_CITED = ("«", '"', "“", "„", "‹")  # a person's own marks around the words of others: a program quotes whole mails
_ROW = re.compile(r"[*\s]*+([^\W\d][\w' ’-]{0,24}?)(?:[\s*]{0,8}(?::[*]{0,2}(?:\s|$)|\uff1a)|[ \xa0]:(?=\w))")
_ROW_NAMES = {name.rstrip(":"): row for row, names in HEADER_ROWS.items() for name in names}
_DASH = frozenset("-_—=–*#")
_SEPARATOR_STARTS = _DASH | {"[", "&"}
_DASHES = re.compile(r"[>\s]*+[-–—]{1,3}\s*+")
_DATED_SEPARATOR = re.compile(DATED_SEPARATORS, re.IGNORECASE)
_DATED_LINE = re.compile(rf"{DATED_SEPARATORS}|{DATED_LINES}", re.IGNORECASE)
_RUN_ON_SEPARATOR = re.compile(
    r"-{4,}+ ?([^-:]{4,60}?) ?-{4,}+(?=\w{1,15}\s?:)"
)  # Samsung: the rows follow on the line
_REPLY_ABOVE = re.compile(REPLY_ABOVE, re.IGNORECASE)
_ADDRESS = re.compile(r"[<(]{1,2}[^<>()@\s]{1,64}+@[^<>()\s]{1,255}+[>)]")
_UNSAID = re.compile(r" -{2,}+$")  # Zoho: "---- On .. wrote ----"
_RUN_ON = re.compile(r"[^<>]{10,200}<[^<>\s]{3,320}>[^:<>]{0,40}:(?=[ \xa0]{2})")  # Yahoo on Android: the quote follows
_JOINT = re.compile(r"([^<>@]{1,300}?\S)(?:\s?-{2,4}\s?|\s{1,3})(?=(?:On|Le|Am|El|Il giorno|Em|Op) .{0,20}\d)")
_LETTER = re.compile(r"[^\W\d_]")
_FIRST_WORD = re.compile(r"[\W_]{0,40}+([^\W\d_]++)")
# Our marker as servers leave it that take its UTF-8 for another charset, know no accents, or write its dashes' name.
_MARKERS = tuple(
    mangled
    for marker in MARKERS.values()
    for mangled in (
        marker,
        marker.encode().decode("cp1252", "replace"),
        marker.encode("ascii", "replace").decode(),
        marker.replace("—", "&mdash;"),
    )
)
_FIRST_WORDS = frozenset(match[1] for marker in _MARKERS if (match := _FIRST_WORD.match(marker)))
_CORES = frozenset("".join(_LETTER.findall(marker)) for marker in _MARKERS)
_MOST_LETTERS = max(map(len, _CORES))


def marker_length(lines: list[str], n: int) -> int:
    """How many lines, from `n` on, are our marker; 0 if none. Programs change its dashes and blanks, and wrap it."""
    first = _FIRST_WORD.match(lines[n])
    if first and first[1] not in _FIRST_WORDS:
        return 0
    letters = ""
    for count, line in enumerate(lines[n : n + 4], 1):
        found = "".join(_LETTER.findall(line)) if len(line) <= 120 else ""
        letters += found
        if len(letters) > _MOST_LETTERS or not (found or _DASHES.fullmatch(line)):
            return 0
        if letters in _CORES:
            return count
    return 0


def may_hold_marker(lines: list[str]) -> bool:
    """Whether it is worth the while to look at each line for our marker."""
    text = "\n".join(lines)
    return any(map(text.__contains__, _FIRST_WORDS))


def is_separator(line: str) -> bool:
    """Whether the line says "original message" between dashes, or what other desks write above their mails."""
    if line.lstrip("*" + BLANKS)[:1] not in _SEPARATOR_STARTS and not QUOTED.match(line):
        return False  # asked for every line
    bare = line.replace("&nbsp;", " ").strip("*" + BLANKS) if len(line) <= LOOKED_AT else ""  # QQ Mail, in plain text
    if len(bare) < 4:
        return False
    run_on = _RUN_ON_SEPARATOR.match(bare)
    if run_on:
        return run_on[1].lower() in SEPARATORS
    words = bare.strip("-_—–=*#[]( )\t\xa0").lower().rstrip(": ").replace("’", "'")
    if QUOTED.match(line) and _DATED_SEPARATOR.fullmatch(words):
        return True
    if not set(bare[:2] + bare[-2:]) <= _DASH and not (bare[0] == "[" and bare[-1] == "]"):
        return False
    return words in SEPARATORS or bool(_DATED_SEPARATOR.fullmatch(words) or _REPLY_ABOVE.fullmatch(words))


def says_reply_above(line: str) -> bool:
    """Whether a separator is the line of another desk that is like our marker."""
    return bool(_REPLY_ABOVE.search(line[:LOOKED_AT]))


def looks_like_row(line: str) -> bool:
    """Whether the line is a word and a colon, in whatever language, or bears a date or an address."""
    return bool(_ROW.match(line.lstrip(BLANKS)[:100]) or FULL_DATE.search(line[:LOOKED_AT]) or "@" in line)


def attribution_length(lines: list[str], n: int) -> int:
    """How many lines, from `n` on, say "On .. wrote:"; 0 if they don't."""
    window = lines[n : n + MOST_WRAPPED]
    if not any(line.rstrip().endswith(_LAST) or ":" in line for line in window):
        return 0
    joined, pieces = "", 0
    for count, line in enumerate(map(plain, window), 1):
        piece = line.strip(BLANKS) if count > 1 else line.lstrip(f"-{BLANKS}").rstrip()
        if not piece and joined and count < MOST_WRAPPED and FULL_DATE.search(joined):
            continue  # HTML made into text parts the name from the address
        if line.rstrip().endswith(">") and count > 1:
            piece += ">"
        if not piece or len(piece) > LOOKED_AT or piece in (ALL_BELOW, BLOCKQUOTE):
            return 0
        pieces += 1
        if pieces > MOST_PIECES:
            return 0
        joined = f"{joined} {piece}" if joined and not joined.endswith("<") else joined + piece
        run_on = _RUN_ON.match(joined) if count == 1 else None
        if run_on and _ATTRIBUTION.fullmatch(run_on[0]):
            return 1
        said = _UNSAID.sub(":", " ".join(joined.split()))
        if len(said) > LONGEST_ATTRIBUTION:
            return 0
        is_closed = said.endswith(_ENDS) and said.count("(") <= said.count(")")
        if is_closed and BEARS_A_DATE.search(said) and _ATTRIBUTION.fullmatch(said):
            return 0 if _begins_later(lines, n, count) else count
        is_closed = said.endswith(":") and said.count("(") <= said.count(")")
        if said.endswith("?") or (is_closed and "@" in said and FULL_DATE.search(_ADDRESS.sub("", said))):
            return 0  # a sentence of the person's own: it ends here, and whatever introduces a quote begins below it
        goes_on = count > 1 or _STARTS.match(piece) or "@" in piece or FULL_DATE.search(piece)
        if not goes_on and not begins_with_address(lines[n + 1 : n + 2]):
            return 0
    return 0


def is_undated_attribution(line: str) -> bool:
    """Whether the line says no more than "X wrote:", right above marked lines: Thunderbird with its shortest header."""
    said = plain(line).strip(BLANKS) if len(line) <= SHORT + len("a écrit :") else ""
    return said.endswith(":") and bool(_ATTRIBUTION.fullmatch(said)) and not _TOLD.search(said)


def parted(lines: list[str]) -> list[str]:
    """The lines, and those in two in which a program's words follow a person's with no line feed between them."""
    found: list[str] = []
    looked_at = 0
    for n, line in enumerate(lines):
        joint = _JOINT.match(line) if looked_at < MOST_PARTED and ":" in line and len(line) <= LOOKED_AT else None
        looked_at += bool(joint)
        rest = line[joint.end() :] if joint else ""
        if joint and FULL_DATE.search(rest) and attribution_length([rest, *lines[n + 1 : n + MOST_WRAPPED]], 0):
            found += [line[: joint.end(1)], rest]
        else:
            found.append(line)
    return found


def begins_with_address(line: list[str]) -> bool:
    """Whether a line, given as a list of it or of none, is what follows a name: an address in brackets."""
    return bool(line) and "@" in line[0] and bool(_ADDRESS.match(line[0].strip(BLANKS)))


def _begins_later(lines: list[str], n: int, count: int) -> bool:
    """Whether line `n` is the person's own, right above an attribution that is complete and dated without it.

    Not where it ends as one does whose date comes last: "Support <support@..> ezt", and the date below.
    """
    has_address = bool(_ADDRESS.search(lines[n])) and any(map(str.strip, lines[n + 1 : n + 2]))
    for first in range(n + 1, n + count):
        said = " ".join(
            " ".join(plain(line).lstrip(f"-{BLANKS}").rstrip() for line in lines[first : n + count]).split()
        )
        said = _UNSAID.sub(":", said)
        if has_address and not _STARTS.match(said):
            continue
        if said[:1] not in "<(" and FULL_DATE.search(_ADDRESS.sub("", said)) and _ATTRIBUTION.fullmatch(said):
            return True
    return False


def introduces(lines: list[str], n: int, length: int) -> bool:
    """Whether a quote follows: marked lines, or anything at all below a line with an address or a full date in it."""
    joined = " ".join(line.strip(f"-{BLANKS}") for line in lines[n : n + length])
    following = [line for line in lines[n + length : n + length + 4] if line.strip()]
    if not following or QUOTED.match(lines[n]) or QUOTED.match(following[0]):
        return True
    if lines[n + length - 1].rstrip().endswith(">") or plain(following[0]).lstrip().startswith(_CITED):
        return False  # no colon: a line of a log, say
    return not _TOLD.search(joined) and bool("@" in joined or FULL_DATE.search(joined))


def read_rows(lines: list[str], n: int) -> tuple[int, dict[str, str]]:
    """How many lines, from `n` on, are a block of rows, and these by what they say: from, sent, to, subject, other.

    Four different rows are one; three if an address or a full date is among them; two if the sender's address is.
    A traveller's "From: Paris, To: Lyon, Date: 12 March" is none. GroupWise writes its rows on one line.
    """
    if _HEADER_LINE.match(lines[n]) and FULL_DATE.search(lines[n]):
        return 1, {"from": lines[n], "sent": lines[n]}
    rows: dict[str, str] = {}
    length, open_row = 0, False
    for count, line in enumerate(lines[n : n + MOST_ROWS], 1):
        bare = plain(line).lstrip(BLANKS)
        match = _ROW.match(bare[:100])
        row = _ROW_NAMES.get(" ".join(match[1].lower().split())) if match else None
        if match and row is not None and not (row in rows and row != "other"):
            if not rows and row in ("to", "other"):
                return 0, {}
            value = bare[match.end() :].strip(" *")
            rows[row] = value[:LOOKED_AT]
            length, open_row = count, not value or len(bare) > 60 or value[-1] in ",;"
        elif not bare.strip():
            if not rows or len(rows.keys() - {"other"}) >= 3:
                break
        elif not open_row:
            if match and "@" not in rows.get("from", "@"):
                return 0, {}  # one more row, of another kind: a form that somebody filled in
            break
        else:
            last = list(rows)[-1]
            rows[last] = f"{rows[last]} {bare[:LOOKED_AT]}"[: 2 * LOOKED_AT]
            length, open_row = count, len(bare) > 60 or bare.rstrip()[-1:] in ",;"
    return (length, rows) if _is_block(rows) and not _is_pasted(lines, n) else (0, {})


def _is_pasted(lines: list[str], n: int) -> bool:
    """Whether the paragraph around line `n` holds a field that servers write: a mail's source, which somebody shows."""
    for way in (range(n - 1, max(-1, n - MOST_PASTED), -1), range(n + 1, min(len(lines), n + MOST_PASTED))):
        for at in way:
            if not lines[at].strip():
                break
            if _SERVERS_FIELD.match(lines[at]):
                return True
    return False


def start_above(lines: list[str], n: int) -> int:
    """Where the header whose rows begin at `n` begins: at a rule, or at a dated line such as those of Notes."""
    for above in range(n - 1, max(-1, n - 3), -1):
        bare = lines[above].strip(BLANKS)
        if RULE.fullmatch(lines[above]) or (len(bare) <= LOOKED_AT and _DATED_LINE.fullmatch(bare)):
            return above
        if bare:
            break
    return n


def _is_block(rows: dict[str, str]) -> bool:
    kinds = rows.keys() - {"other"}
    if "from" not in kinds:
        return False
    names_sender = "@" in rows["from"]
    sent = rows.get("sent", "")
    dated = bool(FULL_DATE.search(sent) and TIME.search(sent))
    if len(kinds) >= 4:
        return True
    if len(kinds) == 3:
        return names_sender or dated or "@" in rows.get("to", "")
    return len(kinds) == 2 and names_sender and ("subject" in kinds or dated)


def looks_like_header(line: str) -> bool:
    """Whether a line right above a quote ends as a header does and bears a date and a time, in whatever language."""
    bare = _ADDRESS.sub("", plain(line).strip(BLANKS)[-LOOKED_AT:])
    return bare.endswith((":", "\uff1a")) and bool(FULL_DATE.search(bare) and TIME.search(bare))
