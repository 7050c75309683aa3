"""When a program is said to go by a new limit: by its answers for memory, by the rate of its units for cores."""

import pytest

from hack.node_bench.moments import Change, bend_ns, first_answer_after_ns

MS = 10**6
SECOND = 1000 * MS
CHANGE = Change(asked_ns=10 * SECOND, written_ns=10 * SECOND + 80 * MS)
LOOK_NS = 600 * MS


def ends_of(rate_before: int, rate_after: int, bend_ms: int) -> list[int]:
    """The ends of units that come so often a second, before and after a moment that is told from the change of the page."""
    bend_ns = CHANGE.written_ns + bend_ms * MS
    before = range(bend_ns - SECOND, bend_ns, SECOND // rate_before)
    return [*before, *range(bend_ns, bend_ns + SECOND, SECOND // rate_after)]


def test_the_first_answer_that_goes_by_the_new_limit_counts() -> None:
    answers = [(9 * SECOND, 2), (9 * SECOND + 1, 0), (10 * SECOND + 81 * MS, 2), (11 * SECOND, 0)]
    assert first_answer_after_ns(answers, CHANGE, refused=True) == 10 * SECOND + 81 * MS
    assert first_answer_after_ns(answers, CHANGE, refused=False) == 11 * SECOND
    assert first_answer_after_ns(answers[:2], CHANGE, refused=True) is None


@pytest.mark.parametrize(("before", "after"), [(800, 200), (200, 800)])
@pytest.mark.parametrize("bend_ms", [0, 3, 50])
def test_a_rate_changes_where_its_lines_meet(before: int, after: int, bend_ms: int) -> None:
    found_ns = bend_ns(ends_of(before, after, bend_ms), CHANGE, CHANGE.written_ns + SECOND, LOOK_NS)
    assert (found_ns - CHANGE.written_ns) / MS == pytest.approx(bend_ms, abs=4)
