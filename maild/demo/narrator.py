"""How is the story shown? Steps, mails, claims and the end, by rich; plain where there is no terminal."""

import asyncio
import re
from collections.abc import Sequence

from rich.console import Console
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from maild.reading.reply_text import MARKERS
from maild.simulate.look import Seen

_SHOWN_LINES = 14  # of a mail
_NOT_SHOWN = tuple(MARKERS.values())  # the line above which one answers
_ATTRIBUTION = re.compile(r"^Le .+ a écrit :$", re.MULTILINE)  # below it a reply quotes what was shown already
_LINK = re.compile(r"(\S[^\n]*?)\s*:\s+<?mailto:\S+", re.IGNORECASE)  # shown by its words, as in the HTML part


class Narrator:
    """Tells a story, and remembers which steps failed. `pace`: seconds to read each thing, on a terminal alone."""

    def __init__(self, console: Console, pace: float) -> None:
        self.failed: list[str] = []
        self._console = console
        self._pace = pace if console.is_terminal else 0.0
        self._step = ""

    async def says(self, text: str) -> None:
        """A sentence of narration."""
        self._console.print(Text(text))
        await self._rest()

    async def begins(self, number: int, title: str) -> None:
        """A step begins."""
        self._step = f"{number}. {title}"
        self._console.print()
        self._console.print(Rule(Text(self._step, "bold"), align="left", style="blue"))
        await self._rest()

    async def shows(self, mail: Seen, *, to: str = "") -> None:
        """A mail: who to whom, the subject, the first lines."""
        receiver = to or ", ".join(a.shown for a in mail.to)
        text = _LINK.sub(r"[\1]", _ATTRIBUTION.split(mail.text)[0].strip())
        lines = [line for line in text.splitlines() if not line.lstrip().startswith(_NOT_SHOWN)]
        kept = [line for n, line in enumerate(lines) if line.strip() or (n and lines[n - 1].strip())]
        words = "\n".join(kept[:_SHOWN_LINES]) + ("\n…" if len(kept) > _SHOWN_LINES else "")
        body = Text.assemble((mail.subject, "bold"), "\n\n", words)
        for attachment in mail.attachments:
            body.append(f"\n[{attachment.filename}, {attachment.size} octets]", "dim")
        title = Text(f"{mail.sender.shown} -> {receiver}")
        self._console.print(Panel(body, title=title, title_align="left", border_style="dim"))
        await self._rest()

    async def held(self, claim: str) -> None:
        """Something that was looked for and found."""
        self._console.print(Text.assemble(("✓ ", "green"), claim))
        await self._rest()

    async def fails(self, expected: str, seen: str) -> None:
        """The present step does not hold."""
        self.failed.append(self._step)
        self._console.print(Text.assemble(("✗ FAILED: ", "bold red"), self._step))
        self._console.print(Text(f"  expected: {expected}"))
        self._console.print(Text(f"  seen:     {seen}"))
        await self._rest()

    async def counts(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        """A table; its first row is the head."""
        table = Table(*rows[0], title=title, title_justify="left")
        for row in rows[1:]:
            table.add_row(*row)
        self._console.print(table)
        await self._rest()

    def ends(self, steps: int) -> None:
        """How many steps held, and which did not."""
        self._console.print()
        held = steps - len(self.failed)
        style = "bold green" if held == steps else "bold red"
        self._console.print(Text(f"{held} of {steps} steps held.", style))
        for step in self.failed:
            self._console.print(Text.assemble(("✗ ", "red"), step))

    async def _rest(self) -> None:
        if self._pace:
            await asyncio.sleep(self._pace)
