"""Reads the Message-IDs of the old system (`legacy.known_ids`) from the file that rules.yaml names."""

from maild.config.document import Place
from maild.config.reading import read_at_most
from maild.errors import Problem
from maild.settings.legacy import Legacy

LONGEST = 256 << 20  # octets: some four million ids


def learn_ids(legacy: Legacy, at: Place, problems: list[Problem]) -> bytes:
    """Give the settings what stands in the file, one id a line; its bytes back. What is wrong goes to `problems`."""
    assert legacy.known_ids is not None
    try:
        raw = read_at_most(legacy.known_ids, LONGEST)
    except OSError as error:
        what = f"the file '{legacy.known_ids}' can't be read ({error.strerror}); it holds one Message-ID a line"
        problems.append(Problem(*at, "error", what))
        return b""
    if len(raw) > LONGEST:
        problems.append(Problem(*at, "error", f"larger than {LONGEST >> 20} MiB; name the ids by a pattern instead"))
        return b""
    legacy.learn(raw.decode("utf-8-sig", "replace").splitlines())
    return raw
