"""Pods of which Kubernetes 1.35 would give a card twice are refused there, in words that help, and nowhere else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from tests.unit.webhook_pods import container, conversion_of, pod
from webhook.known_defect import FIRST_SOUND, Version, check_cards, read_version

versions = st.tuples(st.just(1), st.integers(30, 60))


@given(versions, st.integers(1, 8), st.sampled_from(({}, {"gpumem": 1000})))
def test_only_more_than_two_shares_before_the_first_sound_version_are_refused(
    kubernetes: Version, count: int, more: dict[str, int]
) -> None:
    template = conversion_of(pod(container("main", gpu=count, **more))).template
    assert template
    check_cards(template.spec, None)
    if count > 2 and more and kubernetes < FIRST_SOUND:
        with pytest.raises(InvalidInputError, match=rf'container "main": asks for shares of {count} cards'):
            check_cards(template.spec, kubernetes)
    else:
        check_cards(template.spec, kubernetes)


def test_alternatives_are_judged_too() -> None:
    manifest = pod(container("main", gpu=3, gpumem=1000))
    manifest["metadata"]["annotations"] = {"hami.io/gpu-scheduler-policy": "binpack"}
    template = conversion_of(manifest).template
    assert template
    assert "firstAvailable" in template.spec["devices"]["requests"][0]
    with pytest.raises(
        InvalidInputError, match=r"ask for at most 2, or for whole cards, or use Kubernetes 1\.36 or newer"
    ):
        check_cards(template.spec, (1, 35))


@pytest.mark.parametrize(
    ("major", "minor", "expected"), [("1", "35", (1, 35)), ("1", "36+", (1, 36)), ("2", "0", (2, 0))]
)
def test_versions_are_read_as_vendors_write_them(major: str, minor: str, expected: Version) -> None:
    assert read_version({"major": major, "minor": minor, "gitVersion": "v1.35.10-gke.1"}) == expected


@given(st.dictionaries(st.sampled_from(("major", "minor")), st.one_of(st.none(), st.text(max_size=6), st.integers())))
def test_what_is_no_version_is_refused_and_never_a_fault(answer: dict[str, object]) -> None:
    parts = [str(answer.get(field, "")).rstrip("+") for field in ("major", "minor")]
    if all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        assert read_version(answer) == (int(parts[0]), int(parts[1]))
    else:
        with pytest.raises(InvalidInputError, match="names no major and minor version"):
            read_version(answer)
