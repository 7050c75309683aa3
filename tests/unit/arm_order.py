"""Which executions the memory model of Armv8 allows, for threads of a few accesses: every choice of which write a read sees
and in which order writes take effect is tried against the model's three axioms (Arm ARM, B2.3; published as aarch64.cat).

Dependencies are taken to order nothing, which only allows more. Not here: accesses of mixed size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import TypeAlias

Pairs: TypeAlias = "set[tuple[Event, Event]]"


@dataclass(frozen=True, slots=True)
class Access:
    """One access of a thread, as its code makes it. `value` is what is written, or what a read is asked to have seen."""

    kind: str
    """R or W; or F, a full barrier, and FR, one for the reads before it."""
    place: str = ""
    value: object = 0
    ordered: bool = False
    """An acquire, or a release."""
    exclusive: bool = False
    """A write with which the read before it succeeds as one step."""


@dataclass(frozen=True, slots=True)
class Event:
    """An access at its place in a thread; thread -1 has written what was there at first."""

    thread: int
    index: int
    access: Access


def read(place: str, value: object) -> Access:
    """A plain read."""
    return Access("R", place, value)


def acquire(place: str, value: object) -> Access:
    """LDAR, LDAXR or LDAXP."""
    return Access("R", place, value, ordered=True)


def write(place: str, value: object) -> Access:
    """A plain write."""
    return Access("W", place, value)


def release(place: str, value: object) -> Access:
    """STLR."""
    return Access("W", place, value, ordered=True)


def swap(
    place: str, old: object, new: object, *, acquires: bool = True, releases: bool = True
) -> tuple[Access, Access]:
    """A successful pair of exclusive accesses."""
    return Access("R", place, old, acquires), Access("W", place, new, releases, exclusive=True)


FULL = Access("F")
"""DMB ISH."""
READS = Access("FR")
"""DMB ISHLD."""


def allows(threads: Sequence[Sequence[Access]], first: Mapping[str, object] | None = None) -> bool:
    """Whether some execution exists in which every read sees the value that it was asked to have seen; places are 0 at first."""
    events = [Event(t, i, access) for t, thread in enumerate(threads) for i, access in enumerate(thread)]
    places = sorted({event.access.place for event in events if event.access.place})
    start = {place: Event(-1, i, write(place, (first or {}).get(place, 0))) for i, place in enumerate(places)}
    reads = [event for event in events if event.access.kind == "R"]
    sources = [
        [w for w in [start[r.access.place], *events] if _writes(w, r.access.place) and w.access.value == r.access.value]
        for r in reads
    ]
    return any(
        _is_consistent(events, dict(zip(reads, chosen, strict=True)), order)
        for order in _orders(events, start)
        for chosen in product(*sources)
    )


def _writes(event: Event, place: str) -> bool:
    return event.access.kind == "W" and event.access.place == place


def _orders(events: Sequence[Event], start: dict[str, Event]) -> Iterator[list[tuple[Event, ...]]]:
    """Every order of the writes of each place, the first one first."""
    for chosen in product(*(permutations([e for e in events if _writes(e, place)]) for place in start)):
        yield [(start[place], *order) for place, order in zip(start, chosen, strict=True)]


def _is_consistent(events: Sequence[Event], seen: dict[Event, Event], orders: list[tuple[Event, ...]]) -> bool:
    program = {(a, b) for a in events for b in events if a.thread == b.thread and a.index < b.index}
    reads_from = {(w, r) for r, w in seen.items()}
    coherence = {(a, b) for order in orders for i, a in enumerate(order) for b in order[i + 1 :]}
    from_reads = {(r, b) for r, w in seen.items() for a, b in coherence if a == w}
    same_place = {(a, b) for a, b in program if a.access.place and a.access.place == b.access.place}
    if _has_cycle(same_place | coherence | from_reads | reads_from):
        return False
    steps = {(a, b) for a, b in same_place if b.index == a.index + 1 and a.access.kind == "R" and b.access.exclusive}
    outside = {(a, b) for a, b in reads_from | coherence | from_reads if a.thread != b.thread}
    if any(
        (r, between) in from_reads & outside and (between, w) in coherence & outside
        for r, w in steps
        for between in events
    ):
        return False
    forwarded = {
        (w, r)
        for _, w in steps
        for r, source in seen.items()
        if source == w and r.thread == w.thread and r.access.ordered
    }
    return not _has_cycle(outside | steps | forwarded | _barriers(program))


def _barriers(program: Pairs) -> Pairs:
    """What acquires, releases and barriers keep in order within a thread."""
    kept: Pairs = set()
    for a, b in program:
        acquires = a.access.kind == "R" and a.access.ordered
        releases = b.access.kind == "W" and b.access.ordered
        strong = a.access.kind == "W" and a.access.ordered and b.access.kind == "R" and b.access.ordered
        if acquires or releases or strong:
            kept.add((a, b))
        for middle in (m for x, m in program if x == a and (m, b) in program):
            if middle.access.kind == "F" or (middle.access.kind == "FR" and a.access.kind == "R"):
                kept.add((a, b))
    return kept


def _has_cycle(pairs: Pairs) -> bool:
    after: dict[Event, list[Event]] = {}
    for a, b in pairs:
        after.setdefault(a, []).append(b)
    state: dict[Event, int] = {}

    def visit(event: Event) -> bool:
        state[event] = 1
        for other in after.get(event, ()):
            if state.get(other) == 1 or (other not in state and visit(other)):
                return True
        state[event] = 2
        return False

    return any(event not in state and visit(event) for event in list(after))
