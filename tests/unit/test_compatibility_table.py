"""docs/compatibility.md: written from what was seen, read back the same, and complete."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hack.compatibility import table
from hack.compatibility.__main__ import COLUMNS, OWN
from hack.compatibility.probes import PROBES
from hack.compatibility.system_probes import SYSTEM_PROBES

DOCUMENT = Path(__file__).parents[2] / "docs" / "compatibility.md"
TITLES = [probe.title for probe in (*PROBES, *SYSTEM_PROBES)]
cells = st.text(st.characters(whitelist_categories=["L", "N"], whitelist_characters="`:,. "), min_size=1).map(
    lambda text: f"x{text}x"
)


@given(st.lists(cells, min_size=2 * len(TITLES), max_size=2 * len(TITLES)))
def test_what_is_written_is_read_back_the_same(seen: list[str]) -> None:
    columns = {
        "1.36": dict(zip(TITLES, seen, strict=False)),
        "1.37": dict(zip(TITLES, seen[len(TITLES) :], strict=True)),
    }
    assert table.parsed(table.rendered(columns, "A=true", OWN, PROBES, SYSTEM_PROBES)) == columns


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    columns = {"1.37": dict.fromkeys(TITLES, "one | other")}
    text = table.rendered(columns, "A=true", OWN, PROBES, SYSTEM_PROBES)
    assert table.parsed(text)["1.37"] == dict.fromkeys(TITLES, "one / other")


def test_the_document_has_every_probe_of_every_version_and_this_kubernetes() -> None:
    text = DOCUMENT.read_text()
    assert {column: list(rows) for column, rows in table.parsed(text).items()} == {
        column.title: TITLES for column in COLUMNS
    }
    assert OWN in text
