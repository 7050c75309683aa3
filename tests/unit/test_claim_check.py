"""Claims that carry a ShareConfig: what is wrong is told by its path, what is right or another's passes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.share_config import Copies, CorePolicy, ShareConfig
from tests.unit.webhook_pods import Object
from webhook.claims.check import check_configs
from webhook.conversion.rules import DEFAULT_RULES, Rules

TYPE = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"}
PARAMETERS = "spec.devices.config[1].opaque.parameters"


def claim(parameters: object) -> Object:
    foreign = {"opaque": {"driver": "gpu.example.org", "parameters": {"cores": 3}}}
    ours = {"requests": ["main"], "opaque": {"driver": "hami.io", "parameters": parameters}}
    return {"devices": {"requests": [], "config": [foreign, ours]}}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (
            TYPE | {"cores": 30},
            f"{PARAMETERS}.cores: is no field of ShareConfig; its fields are apiVersion, kind, priority",
        ),
        (TYPE | {"priority": 2}, f"{PARAMETERS}.priority: Expected `int` <= 1; write 0 (goes first) or 1"),
        (
            TYPE | {"corePolicy": "often"},
            f"{PARAMETERS}.corePolicy: Invalid enum value 'often'; write one of default, force, disable",
        ),
        (TYPE | {"weight": 0}, f"{PARAMETERS}.weight: Expected `int` >= 1; write a whole number from 1 to 1000"),
        (TYPE | {"liveCores": "yes"}, f"{PARAMETERS}.liveCores: Expected `bool`, got `str`; write true or false"),
        (TYPE | {"copies": "all"}, f"{PARAMETERS}.copies: Invalid enum value 'all'; write one of free, charged"),
        (TYPE | {"enforce": False}, f"{PARAMETERS}.enforce: false is not allowed in this cluster"),
        (TYPE | {"kind": "Share"}, f"{PARAMETERS}.kind: Invalid enum value 'Share'; write ShareConfig"),
        (
            TYPE | {"apiVersion": "hami.io/v2"},
            f"{PARAMETERS}.apiVersion: Invalid enum value 'hami.io/v2'; write hami.io/v1alpha1",
        ),
        ({"kind": "ShareConfig"}, f"{PARAMETERS}.apiVersion: is missing; write hami.io/v1alpha1"),
        ({}, f"{PARAMETERS}.apiVersion: is missing"),
        (None, f"{PARAMETERS}: is no object"),
        ([], f"{PARAMETERS}: is no object"),
    ],
)
def test_what_is_wrong_is_told_by_its_path(parameters: object, words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_configs(claim(parameters), "spec", DEFAULT_RULES)
    assert str(refused.value).startswith(words)


def test_in_a_template_the_path_is_the_templates() -> None:
    with pytest.raises(InvalidInputError, match=r"^spec\.spec\.devices\.config\[1\]\.opaque\.parameters\.x: "):
        check_configs(claim(TYPE | {"x": 1}), "spec.spec", DEFAULT_RULES)


def test_a_cluster_may_allow_shares_that_are_not_held() -> None:
    check_configs(claim(TYPE | {"enforce": False}), "spec", Rules(allow_disable_control=True))


configs = st.builds(
    ShareConfig,
    priority=st.integers(0, 1),
    core_policy=st.sampled_from(CorePolicy),
    weight=st.integers(1, 1000),
    live_cores=st.booleans(),
    copies=st.sampled_from(Copies),
)


@given(configs)
def test_whatever_we_write_ourselves_passes(config: ShareConfig) -> None:
    check_configs(claim(config.parameters()), "spec", DEFAULT_RULES)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["devices", "config", "opaque", "driver", "parameters", "kind", "weight"]), inner
        )
    ),
    max_leaves=15,
)


def refusal_of(spec: dict[str, Any]) -> str | None:
    try:
        check_configs(spec, "spec", DEFAULT_RULES)
    except InvalidInputError as error:
        return str(error)
    return None


@given(st.dictionaries(st.just("devices"), anything), anything)
def test_any_claim_passes_or_is_refused_in_words(spec: dict[str, Any], parameters: object) -> None:
    assert refusal_of(spec) is None or "opaque.parameters" in str(refusal_of(spec))
    for each in (parameters, TYPE | parameters if isinstance(parameters, dict) else []):
        assert str(refusal_of(claim(each)) or PARAMETERS).startswith(PARAMETERS)
