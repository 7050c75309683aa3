"""Selectors in CEL: what they say, that no value can break out of its literal, and that they agree with what refuses at admission.

The CEL here is read by a small reader of its own: real CEL judges them in the control-plane tier.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from webhook.conversion.selectors import LENGTH_LIMIT, allows, card_selectors, literal, memory_selector
from webhook.conversion.wishes import Wishes, lowered, wishes_of

NAME = 'device.attributes["hami.io"].productName.lowerAscii()'
LITERAL = re.compile(r'"(?:[ !#-\[\]-~]|\\[\\"]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"')
ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))")
SKELETONS = (
    r'device\.attributes\["hami\.io"\]\.productName\.lowerAscii\(\)\.contains\(§\)',
    r'\(§ \+ device\.attributes\["hami\.io"\]\.productName\.lowerAscii\(\)\)\.contains\(§\)',
    r'device\.attributes\["hami\.io"\]\.uuid in \[§(?:, §)*\]',
    r'device\.attributes\["hami\.io"\]\.index in \[\d+(?:, \d+)*\]',
)
ONE = rf"!?\(?(?:{'|'.join(SKELETONS)})\)?"
WHOLE = re.compile(rf"{ONE}(?: (?:&&|\|\|) {ONE})*")


def value_of(text: str) -> str:
    """What a CEL literal stands for."""
    return ESCAPE.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text[1:-1])


def literals_of(expression: str) -> tuple[str, list[str]]:
    """The expression with a sign for each literal that holds a value, and what those stand for."""
    kept = expression.replace('["hami.io"]', "[HAMI]")
    found = [value_of(each) for each in LITERAL.findall(kept)]
    return LITERAL.sub("§", kept).replace("[HAMI]", '["hami.io"]'), found


def selectors(**annotations: str) -> tuple[str, ...]:
    return card_selectors(
        wishes_of({f"nvidia.com/{name.replace('_', '-')}": text for name, text in annotations.items()})
    )


@pytest.mark.parametrize(
    ("annotations", "expressions"),
    [
        ({}, []),
        ({"use_gputype": ""}, []),
        ({"use_gputype": " , ,"}, []),
        ({"use_gputype": "A100"}, [f'{NAME}.contains("a100")']),
        ({"use_gputype": "A100, H100"}, [f'{NAME}.contains("a100") || {NAME}.contains("h100")']),
        ({"nouse_gputype": "A30,T4"}, [f'!{NAME}.contains("a30") && !{NAME}.contains("t4")']),
        ({"use_gputype": "NVIDIA-NVIDIA A30"}, [f'("nvidia-" + {NAME}).contains("nvidia-nvidia a30")']),
        ({"use_gpuuuid": "GPU-1, GPU-2"}, ['device.attributes["hami.io"].uuid in ["GPU-1", "GPU-2"]']),
        ({"nouse_gpuuuid": "GPU-1"}, ['!(device.attributes["hami.io"].uuid in ["GPU-1"])']),
        (
            {"use_gpuindexes": "0,1", "nouse_gpuindexes": "7"},
            [
                'device.attributes["hami.io"].index in [0, 1]',
                '!(device.attributes["hami.io"].index in [7])',
            ],
        ),
    ],
)
def test_annotations_select_cards(annotations: dict[str, str], expressions: list[str]) -> None:
    assert list(selectors(**annotations)) == expressions


def test_a_selector_that_would_be_too_long_is_refused() -> None:
    assert all(
        len(each) <= LENGTH_LIMIT for each in selectors(use_gputype=",".join("x" * 62 + f"{n:02}" for n in range(64)))
    )
    with pytest.raises(InvalidInputError, match=r"nvidia.com/nouse-gputype: is too long"):
        selectors(nouse_gputype=",".join("é" * 62 + f"{number:02}" for number in range(64)))


def test_memory_is_compared_as_a_quantity() -> None:
    memory = 'device.capacity["hami.io"].memory'
    assert memory_selector(81559, 81559) == f'{memory}.compareTo(quantity("81559Mi")) == 0'
    both = f'{memory}.compareTo(quantity("40Gi")) >= 0 && {memory}.compareTo(quantity("48Gi")) <= 0'
    assert memory_selector(40960, 49152) == both


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_stands_for_its_text_and_is_one_literal(text: str) -> None:
    assert LITERAL.fullmatch(literal(text))
    assert value_of(literal(text)) == text


hostile = st.text(st.sampled_from('ab"\\\'`|&)(]}{$ +#/é€😀"'), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(hostile, min_size=1, max_size=4), st.lists(hostile, max_size=3), st.lists(hostile, max_size=3))
def test_no_value_breaks_out_of_its_literal(types: list[str], avoided: list[str], uuids: list[str]) -> None:
    wishes = Wishes(
        use_types=tuple(map(lowered, types)), avoid_types=tuple(map(lowered, avoided)), use_uuids=tuple(uuids)
    )
    found = [literals_of(expression) for expression in card_selectors(wishes)]
    assert all(WHOLE.fullmatch(skeleton) for skeleton, _ in found), found
    assert [value for _, values in found for value in values if value != "nvidia-"] == [
        value for value in (*wishes.use_types, *wishes.avoid_types, *uuids) if value != "nvidia-"
    ]


@pytest.mark.parametrize(
    ("use", "avoid", "name", "expected"),
    [
        ("", "", "NVIDIA A30", True),
        ("a30", "", "NVIDIA A30", True),
        ("A30,H100", "", "NVIDIA H100", True),
        ("A100", "", "NVIDIA A30", False),
        ("NVIDIA-NVIDIA A30", "", "NVIDIA A30", True),
        ("nvidia", "", "Tesla V100", True),
        ("", "A30", "NVIDIA A30", False),
        ("", "T4", "NVIDIA A30", True),
        ("A30", "A30", "NVIDIA A30", False),
        ("A100", "", "", True),
    ],
)
def test_types_are_parts_of_the_name_in_any_case_with_hamis_prefix(
    use: str, avoid: str, name: str, expected: bool
) -> None:
    wishes = wishes_of({"nvidia.com/use-gputype": use, "nvidia.com/nouse-gputype": avoid})
    assert allows(wishes, name) is expected


parts = st.text(st.sampled_from("nvida- 130"), min_size=1, max_size=9).map(str.strip).filter(bool)


@given(parts, st.text(st.sampled_from("NVIDAnvida- 130"), min_size=1, max_size=12))
def test_the_expression_and_the_refusal_mean_the_same(part: str, name: str) -> None:
    (expression,) = card_selectors(Wishes(use_types=(part,)))
    prefix = "nvidia-" if "+" in expression else ""
    assert allows(Wishes(use_types=(part,)), name) == (part in prefix + name.lower())
