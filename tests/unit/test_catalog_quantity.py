"""Quantities: every form that Kubernetes accepts is read exactly; what is written is read back; the rest is refused."""

import contextlib
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalog.quantity
from catalog.errors import InvalidInputError
from catalog.quantity import format_quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("30", 30),
        ("+5", 5),
        ("-5", -5),
        ("4000Mi", 4000 * 2**20),
        ("1.5Gi", 3 * 2**29),
        ("80G", 80 * 10**9),
        ("1e3", 1000),
        ("1E3", 1000),
        ("12E", 12 * 10**18 if 12 * 10**18 < 2**63 else None),
        ("5000m", 5),
        (".5k", 500),
        ("3.", 3),
    ],
)
def test_reads_what_kubernetes_writes(text: str, value: int | None) -> None:
    if value is None:
        with pytest.raises(InvalidInputError, match="too large"):
            parse_quantity(text)
    else:
        assert parse_quantity(text) == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1 Gi", "1Gb", "0x10", "1e", "--1", "1.2.3", "٣", "1" * 65, "NaN", "inf", "1e1000"]
)
def test_refuses_what_is_no_quantity_and_says_what_would_do(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"write a number such as 4000|too large"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["100m", "0.5", "1n", "1e-1", "0." + "0" * 40 + "1"])
def test_refuses_parts_of_a_byte(text: str) -> None:
    with pytest.raises(InvalidInputError, match="not a whole number"):
        parse_quantity(text)


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_what_is_written_is_read_back(value: int) -> None:
    assert parse_quantity(format_quantity(value)) == value


@given(st.text(max_size=80))
def test_any_text_is_a_value_or_our_error(text: str) -> None:
    with contextlib.suppress(InvalidInputError):
        assert isinstance(parse_quantity(text), int)


def test_the_examples_of_the_docstring_hold() -> None:
    assert doctest.testmod(catalog.quantity).failed == 0
