"""What is wished for a cluster: refused where it cannot be, compared with the one that is up, and parsed from flags."""

import re
from collections.abc import Mapping

import msgspec
import pytest

from catalog.errors import InvalidInputError
from hack.local_cluster.emulation import gates_text, parsed_gates
from hack.local_cluster.programs import Profile
from hack.local_cluster.shape import Shape
from hack.local_cluster.versions import pinned
from tests.unit.test_local_cluster_record import RECORD

OWN = ".".join(pinned().kubernetes.version.removeprefix("v").split(".")[:2])


@pytest.mark.parametrize("version", ["1.34", "1.38", "v1.36", "1.36.4", "latest", ""])
def test_a_version_that_is_not_played_is_refused_with_those_that_are(version: str) -> None:
    with pytest.raises(
        InvalidInputError, match=rf"--emulate {re.escape(version)}: .* take 1.35, 1.36, or leave it out"
    ):
        Shape(Profile.FULL, version=version)


def test_the_version_as_built_needs_no_emulation() -> None:
    assert Shape(Profile.FULL, version=OWN).emulation.flags() == {}


@pytest.mark.parametrize("nodes", [0, -1, 10])
def test_a_number_of_nodes_that_cannot_be_is_refused(nodes: int) -> None:
    with pytest.raises(InvalidInputError, match=f"--nodes {nodes}: take 1 to 9"):
        Shape(Profile.FULL, nodes)


def test_a_control_plane_alone_has_no_nodes() -> None:
    with pytest.raises(InvalidInputError, match="--nodes: profile control-plane has none"):
        Shape(Profile.CONTROL_PLANE, 2)


@pytest.mark.parametrize(
    ("shape", "difference"),
    [
        (Shape(Profile.FULL), ""),
        (Shape(Profile.FULL, 1, OWN, {}), ""),
        (Shape(Profile.CONTROL_PLANE), "profile full, not control-plane"),
        (Shape(Profile.FULL, 3), "1 node(s), not 3"),
        (
            Shape(Profile.FULL, version="1.35"),
            "Kubernetes as built, not Kubernetes 1.35 (emulated; the kubelet is not)",
        ),
        (Shape(Profile.FULL, feature_gates={"A": True}), "Kubernetes as built, not feature gates A=true"),
    ],
)
def test_only_what_was_wished_for_is_compared(shape: Shape, difference: str) -> None:
    assert shape.difference(RECORD) == difference


def test_a_bare_wish_fits_a_cluster_of_several_nodes_that_plays_an_older_version() -> None:
    record = msgspec.structs.replace(RECORD, nodes=3, emulated_version="1.35", feature_gates={"A": True})
    assert Shape(Profile.FULL).difference(record) == ""


@pytest.mark.parametrize(
    ("text", "gates"), [("", {}), ("A=true", {"A": True}), ("Bc=false,A1=true", {"A1": True, "Bc": False})]
)
def test_feature_gates_are_parsed_and_written_in_one_order(text: str, gates: Mapping[str, bool]) -> None:
    assert parsed_gates(text) == gates
    assert parsed_gates(gates_text(gates)) == gates


@pytest.mark.parametrize("text", ["A", "A=1", "a=true", "A=true;B=true", "A=true B=true", "=true"])
def test_what_is_no_feature_gate_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is not a gate; write Name=true or Name=false"):
        parsed_gates(text)
