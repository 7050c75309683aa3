"""Quotas on legacy resources, in Kubernetes' own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ForbiddenError
from tests.unit.webhook_pods import Object
from webhook.conversion.rules import DEFAULT_RULES, ResourceNames, Rules
from webhook.quotas.charge import NOTHING, Charge
from webhook.quotas.quota import Quota, check, concerns, read_quota


def quota(name: str = "team", **hard: str) -> Quota:
    found = read_quota(item(name, **hard))
    assert found
    return found


def item(name: str = "team", **hard: str) -> Object:
    """A ResourceQuota; `requests_gpu` is `requests.nvidia.com/gpu`."""
    named = {key.replace("_", ".nvidia.com/", 1): value for key, value in hard.items()}
    return {"metadata": {"namespace": "team", "name": name}, "spec": {"hard": named}}


def refusal(*quotas: Quota, asked: Charge, used: Charge = NOTHING, whole_mib: int | None = 81920) -> str:
    with pytest.raises(ForbiddenError) as refused:
        check(quotas, asked, used, DEFAULT_RULES, whole_mib)
    return str(refused.value)


def test_a_refusal_reads_as_kubernetes_own() -> None:
    limits = quota("compute", requests_gpu="4", limits_gpumem="20000", requests_gpucores="1000")
    assert refusal(limits, asked=Charge(3, 12000, 0, 90), used=Charge(2, 9000, 0, 60)) == (
        "exceeded quota: compute, requested: limits.nvidia.com/gpumem=12000,requests.nvidia.com/gpu=3,"
        " used: limits.nvidia.com/gpumem=9000,requests.nvidia.com/gpu=2,"
        " limited: limits.nvidia.com/gpumem=20000,requests.nvidia.com/gpu=4"
    )


def test_what_fits_exactly_is_allowed() -> None:
    check([quota(requests_gpu="4", limits_gpumem="8000")], Charge(2, 4000), Charge(2, 4000), DEFAULT_RULES, None)


def test_each_quota_of_a_namespace_holds() -> None:
    wide, narrow = quota("wide", requests_gpu="100"), quota("narrow", limits_gpu="1")
    assert "exceeded quota: narrow" in refusal(wide, narrow, asked=Charge(2, 10))


def test_who_asks_nothing_of_a_resource_does_not_meet_its_quota() -> None:
    check([quota(limits_gpucores="0")], Charge(1, 10), Charge(0, 0, 0, 50), DEFAULT_RULES, None)


def test_a_quota_of_nothing_allows_nothing() -> None:
    assert "limited: requests.nvidia.com/gpu=0" in refusal(quota(requests_gpu="0"), asked=Charge(1, 10))


def test_whole_cards_count_with_the_memory_of_the_largest_card() -> None:
    words = refusal(quota(limits_gpumem="100000"), asked=Charge(1, 0, 1, 100), used=Charge(1, 0, 1, 100))
    assert "requested: limits.nvidia.com/gpumem=81920, used: limits.nvidia.com/gpumem=81920" in words


def test_whole_cards_of_which_nobody_knows_the_memory_are_refused_where_memory_counts() -> None:
    words = refusal(quota(limits_gpumem="100000"), asked=Charge(1, 0, 1, 100), whole_mib=None)
    assert words.startswith("failed quota: team: must specify nvidia.com/gpumem")
    check([quota(requests_gpu="1")], Charge(1, 0, 1, 100), NOTHING, DEFAULT_RULES, None)


def test_memory_counts_in_the_unit_that_pods_ask_in() -> None:
    rules = Rules(memory_factor=1024)
    check([quota(limits_gpumem="8")], Charge(1, 4096), Charge(1, 4096), rules, None)
    with pytest.raises(
        ForbiddenError, match=r"requested: limits.nvidia.com/gpumem=5, used: limits.nvidia.com/gpumem=4"
    ):
        check([quota(limits_gpumem="8")], Charge(1, 4097), Charge(1, 4096), rules, None)


def test_names_are_those_of_the_rules() -> None:
    rules = Rules(names=ResourceNames(count="example.org/vgpu"))
    hard = {"requests.example.org/vgpu": "1"}
    named = read_quota({"metadata": {"name": "q"}, "spec": {"hard": hard}})
    assert named
    assert concerns(named, rules)
    assert not concerns(named, DEFAULT_RULES)
    with pytest.raises(ForbiddenError, match=r"requests.example.org/vgpu=2"):
        check([named], Charge(2, 1), NOTHING, rules, None)


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"hard": {"requests.cpu": "1", "count/pods": "3", "nvidia.com/gpu": "1"}},
        {"hard": {"requests.nvidia.com/gpu": "1"}, "scopes": ["NotTerminating"]},
        {
            "hard": {"requests.nvidia.com/gpu": "1"},
            "scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass"}]},
        },
    ],
)
def test_quotas_on_other_things_and_on_pods_of_a_scope_are_none_of_claims(spec: Object) -> None:
    assert read_quota({"metadata": {"name": "q"}, "spec": spec}) is None


def test_a_part_of_a_card_allows_none() -> None:
    assert quota(requests_gpu="500m").hard == (("requests.nvidia.com/gpu", 0),)


charges = st.builds(Charge, st.integers(0, 9), st.integers(0, 99), st.integers(0, 3), st.integers(0, 300))


@given(charges, charges, st.integers(0, 20), st.integers(0, 500), st.integers(0, 600))
def test_what_is_allowed_never_exceeds_a_quota(asked: Charge, used: Charge, cards: int, mib: int, cores: int) -> None:
    limits = quota(requests_gpu=str(cards), limits_gpumem=str(mib), limits_gpucores=str(cores))
    try:
        check([limits], asked, used, DEFAULT_RULES, whole_mib=100)
    except ForbiddenError:
        return
    total = used + asked
    assert not asked.cards or total.cards <= cards
    assert not (asked.memory_mib or asked.whole_memory) or total.memory_mib + 100 * total.whole_memory <= mib
    assert not asked.cores or total.cores <= cores
