"""What no card of the fleet can give is refused with what there is; what one may, is admitted."""

import pytest

from tests.unit.webhook_pods import FLEET, annotated, conversion_of, main, pod, refusal
from webhook.conversion.fleet import UNKNOWN_FLEET, CardKind, Fleet
from webhook.conversion.rules import DEFAULT_RULES, Rules


def test_what_no_card_can_give_is_refused_with_the_largest_there_is() -> None:
    message = refusal(pod(main(gpu=1, gpumem=90000)), DEFAULT_RULES, FLEET)
    assert message.startswith(
        'container "main": nvidia.com/gpumem 90000 MiB per card; largest card is 81920 MiB, NVIDIA A100-SXM4-80GB'
    )
    message = refusal(annotated(pod(main(gpu=1, gpumem=30000)), use_gputype="A30"), DEFAULT_RULES, FLEET)
    assert "largest card is 24576 MiB, NVIDIA A30" in message


def test_a_type_that_no_card_is_of_is_refused_with_those_there_are() -> None:
    message = refusal(annotated(pod(main(gpu=1)), use_gputype="H100"), DEFAULT_RULES, FLEET)
    assert "there are: NVIDIA A100-SXM4-80GB, NVIDIA A30" in message


def test_a_mode_that_no_card_is_in_is_refused() -> None:
    message = refusal(annotated(pod(main(gpu=1, gpumem=1)), vgpu_mode="mig"), DEFAULT_RULES, FLEET)
    assert "in mode mig" in message


@pytest.mark.parametrize(
    ("fleet", "rules", "word"),
    [
        (Fleet(), DEFAULT_RULES, "no node offers a card at the moment"),
        (FLEET, Rules(expected=(CardKind("NVIDIA B200", 183359, 0),)), "fleet.expected"),
        (FLEET, Rules(expected=(CardKind("", 183359, 0),)), "fleet.expected"),
    ],
)
def test_where_cards_may_come_the_pod_is_admitted_with_a_warning(fleet: Fleet, rules: Rules, word: str) -> None:
    (warning,) = conversion_of(pod(main(gpu=1, gpumem=90000)), rules, fleet).warnings
    assert word in warning


@pytest.mark.parametrize("fleet", [UNKNOWN_FLEET, FLEET])
def test_where_a_card_is_enough_or_nobody_looked_nothing_is_said(fleet: Fleet) -> None:
    assert conversion_of(pod(main(gpu=1, gpumem=81920)), DEFAULT_RULES, fleet).warnings == ()


def test_what_an_expected_card_cannot_give_either_is_refused() -> None:
    rules = Rules(expected=(CardKind("NVIDIA H200", 143771, 0),))
    assert "largest card is 81920 MiB" in refusal(pod(main(gpu=1, gpumem=150000)), rules, FLEET)
