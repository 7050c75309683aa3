"""The order in which accesses of the accounting take effect on aarch64, whose processors keep less of it than x86.

Threads are written down as native/src has them (account.c, atomics.h, card_memory.c, membership.c); that the object which
ships has these instructions is a test of the component tier. The word is one place, as its pair of exclusive accesses has
it. First the checker itself, by tests whose answers are published.
"""

from typing import TypeAlias

import pytest

from tests.unit.arm_order import FULL, READS, Access, acquire, allows, read, release, swap, write

Thread: TypeAlias = list[Access]

PUBLISHED = {
    "message passing, plain": ([[write("x", 1), write("y", 1)], [read("y", 1), read("x", 0)]], True),
    "message passing, released alone": ([[write("x", 1), release("y", 1)], [read("y", 1), read("x", 0)]], True),
    "message passing": ([[write("x", 1), release("y", 1)], [acquire("y", 1), read("x", 0)]], False),
    "message passing by barriers": ([[write("x", 1), FULL, write("y", 1)], [read("y", 1), READS, read("x", 0)]], False),
    "store buffering": ([[write("x", 1), read("y", 0)], [write("y", 1), read("x", 0)]], True),
    "store buffering, ordered": ([[release("x", 1), acquire("y", 0)], [release("y", 1), acquire("x", 0)]], False),
    "load buffering": ([[read("x", 1), write("y", 1)], [read("y", 1), write("x", 1)]], True),
    "a place is read in order": ([[write("x", 1)], [read("x", 1), read("x", 0)]], False),
    "readers agree": (
        [[write("x", 1)], [write("y", 1)], [acquire("x", 1), read("y", 0)], [acquire("y", 1), read("x", 0)]],
        False,
    ),
    "readers may differ": (
        [[write("x", 1)], [write("y", 1)], [read("x", 1), read("y", 0)], [read("y", 1), read("x", 0)]],
        True,
    ),
    "what was seen is passed on": (
        [[write("x", 1)], [acquire("x", 1), write("y", 1)], [acquire("y", 1), read("x", 0)]],
        False,
    ),
    "two swaps of one value": ([[*swap("x", 0, 1)], [*swap("x", 0, 2)]], False),
    "two swaps": ([[*swap("x", 0, 1)], [*swap("x", 1, 2)]], True),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_checker_answers_what_is_published(name: str) -> None:
    threads, allowed = PUBLISHED[name]
    assert allows(threads) is allowed


def operation(slot: str, seq: int, before: str, *, releases: bool = True) -> Thread:
    """An operation of a slot over a word that says `before`, without what it acknowledges."""
    after = f"{slot}{seq}"
    return [
        write(f"charge of {slot}", seq),
        release(f"seq of {slot}", seq),
        acquire("word", before),
        *swap("word", before, after, releases=releases),
    ]


def acknowledging(
    slot: str, seq: int, writer: str, writer_seq: int, *, releases: bool = True, raises: bool = True
) -> Thread:
    """The same over another slot's trace, whose `done` it raises first (`raises`: with release)."""
    begun = operation(slot, seq, f"{writer}{writer_seq}", releases=releases)
    done = f"done of {writer}"
    return [*begun[:3], read(done, 0), *swap(done, 0, writer_seq, acquires=False, releases=raises), *begun[3:]]


def reaping(word: str, done: int, *, ordered: bool = True) -> Thread:
    """A reaper of slot s: the tag first, then `done`."""
    return [acquire("word", word) if ordered else read("word", word), acquire("done of s", done)]


def test_whoever_sees_a_trace_overwritten_sees_it_acknowledged() -> None:
    threads = [operation("s", 1, "0"), acknowledging("p", 1, "s", 1)]
    assert allows([*threads, reaping("p1", 1)], FIRST)
    assert not allows([*threads, reaping("p1", 0)], FIRST)


def test_so_does_who_sees_what_a_third_has_written_over_that() -> None:
    threads = [operation("s", 1, "0"), acknowledging("p", 1, "s", 1), acknowledging("q", 1, "p", 1)]
    assert allows([*threads, reaping("q1", 1)], FIRST)
    assert not allows([*threads, reaping("q1", 0)], FIRST)


def test_whoever_sees_a_tag_sees_what_its_writer_had_stored() -> None:
    for stale in ([acquire("word", "s1"), read("seq of s", 0)], [acquire("word", "s1"), read("charge of s", 0)]):
        assert not allows([operation("s", 1, "0"), stale], FIRST)


def test_whoever_sees_a_sequence_number_sees_its_charge() -> None:
    assert not allows([operation("s", 1, "0"), [acquire("seq of s", 1), read("charge of s", 0)]], FIRST)


def test_no_two_operations_replace_the_same_word() -> None:
    assert not allows([operation("s", 1, "0"), operation("p", 1, "0")], FIRST)


FIRST = {"word": "0"}
WRONG = {
    "acknowledged after it was overwritten": [
        operation("s", 1, "0"),
        [*acknowledging("p", 1, "s", 1)[:3], *acknowledging("p", 1, "s", 1)[-2:], *acknowledging("p", 1, "s", 1)[3:-2]],
        reaping("p1", 0),
    ],
    "neither the acknowledgement nor the swap releases": [
        operation("s", 1, "0"),
        acknowledging("p", 1, "s", 1, releases=False, raises=False),
        reaping("p1", 0),
    ],
    "the tag is read without acquire": [
        operation("s", 1, "0"),
        acknowledging("p", 1, "s", 1),
        reaping("p1", 0, ordered=False),
    ],
    "`done` is read before the tag": [
        operation("s", 1, "0"),
        acknowledging("p", 1, "s", 1),
        list(reversed(reaping("p1", 0))),
    ],
    "nothing releases the charge": [
        [write("charge of s", 1), write("seq of s", 1), *operation("s", 1, "0", releases=False)[2:]],
        [acquire("word", "s1"), read("charge of s", 0)],
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_protocol_is_found_out(name: str) -> None:
    assert allows(WRONG[name], FIRST)


@pytest.mark.parametrize(("releases", "raises"), [(True, False), (False, True)])
def test_one_release_of_the_two_would_do(releases: bool, raises: bool) -> None:
    acknowledged = acknowledging("p", 1, "s", 1, releases=releases, raises=raises)
    assert not allows([operation("s", 1, "0"), acknowledged, reaping("p1", 0)], FIRST)


def shown(version: int, limit: int) -> Thread:
    """membership.c, show_limits."""
    return [write("version", 0), FULL, write("memory", limit), write("overhead", limit), release("version", version)]


def glanced(version: int, memory: int, overhead: int, again: int, *, fenced: bool = True) -> Thread:
    """card_memory.c, glance_at."""
    fence = [READS] if fenced else []
    return [
        acquire("version", version),
        read("memory", memory),
        read("overhead", overhead),
        *fence,
        read("version", again),
    ]


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("memory", "overhead"), [(1, 2), (2, 1)])
def test_a_glance_sees_no_limits_of_two_versions(version: int, memory: int, overhead: int) -> None:
    first = {"version": 1, "memory": 1, "overhead": 1}
    assert allows([shown(2, 2), glanced(2, 2, 2, 2)], first)
    assert not allows([shown(2, 2), glanced(version, memory, overhead, version)], first)
    if version == 1:
        assert allows([shown(2, 2), glanced(version, memory, overhead, version, fenced=False)], first)
