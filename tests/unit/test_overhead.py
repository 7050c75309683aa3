"""What no process accounts: contexts are charged once, to the right share, and nothing that comes and goes is."""

from hypothesis import given
from hypothesis import strategies as st

from dra_driver.accounting.overhead import STEP_BYTES, CardProcess, next_overhead, unaccounted

MIB = 2**20
SIZES = st.integers(0, 2**40)
SHARES = st.frozensets(st.sampled_from("abcd"))
PROCESSES = st.lists(st.builds(CardProcess, SIZES, SHARES))
ACCOUNTED = st.fixed_dictionaries(dict.fromkeys("abcd", SIZES))


def of(mib: int, *shares: str) -> CardProcess:
    return CardProcess(mib * MIB, frozenset(shares))


def test_a_context_is_over() -> None:
    assert unaccounted([of(164, "a")], {"a": 100 * MIB, "b": 7}) == {"a": 64 * MIB, "b": 0}


def test_each_process_of_a_share_has_its_context() -> None:
    assert unaccounted([of(164, "a"), of(74, "a")], {"a": 110 * MIB}) == {"a": 128 * MIB}


def test_processes_without_a_share_are_nobodys() -> None:
    assert unaccounted([of(500)], {"a": 0}) == {"a": 0}


def test_reserved_and_not_yet_taken_memory_is_no_debt() -> None:
    assert unaccounted([of(64, "a")], {"a": 100 * MIB}) == {"a": 0}


def test_shares_that_a_process_sees_together_are_charged_together_and_once() -> None:
    assert unaccounted([of(164, "a", "b"), of(84, "b", "c")], {"a": 50 * MIB, "b": 50 * MIB, "c": 20 * MIB}) == {
        "a": 128 * MIB,
        "b": 0,
        "c": 0,
    }


@given(PROCESSES, ACCOUNTED)
def test_what_is_over_is_never_more_than_processes_hold_nor_less_than_the_sum_says(
    processes: list[CardProcess], accounted: dict[str, int]
) -> None:
    over = unaccounted(processes, accounted)
    held = sum(process.memory_bytes for process in processes if process.shares)
    assert over.keys() == accounted.keys()
    assert max(0, held - sum(accounted.values())) <= sum(over.values()) <= held
    assert all(size >= 0 for size in over.values())


@given(PROCESSES, ACCOUNTED)
def test_the_order_of_processes_does_not_matter(processes: list[CardProcess], accounted: dict[str, int]) -> None:
    assert unaccounted(processes, accounted) == unaccounted(processes[::-1], accounted)


def test_more_is_charged_when_two_samples_say_so_and_less_at_once() -> None:
    assert next_overhead(in_force=0, earlier=0, now=64 * MIB) == 0
    assert next_overhead(in_force=0, earlier=64 * MIB, now=66 * MIB) == 64 * MIB
    assert next_overhead(in_force=64 * MIB, earlier=64 * MIB, now=10 * MIB) == 10 * MIB


def test_changes_that_are_too_small_are_left_but_never_a_rest() -> None:
    assert next_overhead(in_force=64 * MIB, earlier=65 * MIB - 1, now=65 * MIB - 1) == 64 * MIB
    assert next_overhead(in_force=STEP_BYTES - 1, earlier=0, now=0) == 0
