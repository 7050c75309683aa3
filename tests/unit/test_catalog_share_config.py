"""ShareConfig: strict, complete defaults, round trip, messages that name place, field and remedy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.share_config import Copies, CorePolicy, ShareConfig, parse_share_config

TYPE = {"apiVersion": "hami.io/v1alpha1", "kind": "ShareConfig"}

CONFIGS = st.builds(
    ShareConfig,
    priority=st.integers(0, 1),
    core_policy=st.sampled_from(CorePolicy),
    weight=st.integers(1, 1000),
    live_cores=st.booleans(),
    copies=st.sampled_from(Copies),
    enforce=st.booleans(),
)


def test_the_type_alone_is_a_whole_configuration() -> None:
    assert parse_share_config(TYPE, "claim a") == ShareConfig()


@given(CONFIGS)
def test_parameters_are_read_back(config: ShareConfig) -> None:
    assert parse_share_config(config.parameters(), "claim a") == config


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({**TYPE, "prioritty": 1}, "prioritty"),
        ({**TYPE, "priority": 2}, r"\$\.priority"),
        ({**TYPE, "priority": "high"}, r"\$\.priority"),
        ({**TYPE, "corePolicy": "sometimes"}, r"\$\.corePolicy"),
        ({**TYPE, "copies": "sometimes"}, r"\$\.copies"),
        ({**TYPE, "copies": True}, r"\$\.copies"),
        ({**TYPE, "weight": 0}, r"\$\.weight"),
        ({**TYPE, "kind": "GpuConfig"}, r"\$\.kind"),
        ({**TYPE, "corePolicy": "\ud800"}, "surrogates not allowed"),
        ({"kind": "ShareConfig"}, "apiVersion is missing"),
        ({"apiVersion": "hami.io/v1alpha1"}, "kind is missing"),
    ],
)
def test_anything_else_is_refused_with_place_and_field(parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named) as caught:
        parse_share_config(parameters, "claim team-a/trainer, config 0")
    assert "claim team-a/trainer, config 0" in str(caught.value)
