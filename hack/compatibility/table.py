"""docs/compatibility.md from what the probes saw, and back. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from hack.compatibility.probes import Probe
from hack.compatibility.system_probes import SystemProbe

HEAD: Final = """\
# Compatibility

What hami-dra rests on, seen on each version of Kubernetes. Written by `python -m hack.compatibility`; do not edit. API server,
controller manager and scheduler are {own}, which plays the older versions (`--emulated-version`): fields and feature gates are as
there. Defects that newer code has mended cannot be seen so. One is known: of three shares in one request 1.35 gives the third of the
first one's card again (kubernetes#140438; the allocator of 1.35.10 does, those of 1.36.6 and {own} do not), so on 1.35 the webhook
refuses pods with more than two shared cards in one container. The kubelet is {own} everywhere. 1.34 and older are not supported.

**{advice}**

"""
ADVICE: Final = (
    "Kubernetes 1.36 or newer, as it is. On 1.35 turn on the feature gates of its second column here in API server, controller manager "
    "and scheduler; without them cards are given whole only."
)
SERVER: Final = "API server and scheduler"
SYSTEM: Final = "Driver and webhook, with a kubelet"

_TEMPLATE: Final = re.compile(r"ResourceClaimTemplate \S+/hami-[0-9a-f]+")

Seen = Mapping[str, Mapping[str, str]]
"""Column → row → what was seen."""


def rendered(seen: Seen, gates: str, own: str, probes: Sequence[Probe], system_probes: Sequence[SystemProbe]) -> str:
    """The document."""
    text = HEAD.format(own=own, advice=ADVICE)
    for title, rows in ((SERVER, probes), (SYSTEM, system_probes)):
        text += _line([title, "what for", *seen]) + _line(["---"] * (2 + len(seen)))
        text += "".join(_line([row.title, row.meaning, *(of[row.title] for of in seen.values())]) for row in rows)
        text += "\n"
    return text + f"Feature gates of the column “1.35 with gates”: `{gates}`.\n"


def parsed(text: str) -> dict[str, dict[str, str]]:
    """What was seen, by column and row, in the text of the document."""
    seen: dict[str, dict[str, str]] = {}
    columns: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| ") else []
        if cells[1:2] == ["what for"]:
            columns = cells[2:]
        elif cells and set(cells) != {"---"}:
            for column, cell in zip(columns, cells[2:], strict=True):
                seen.setdefault(column, {})[cells[0]] = cell
    return seen


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_TEMPLATE.sub('its template', cell).replace('|', '/') for cell in cells)} |\n"
