"""Everything that reads what others wrote gives a good value or an error in words: never another exception, whatever is spoilt."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.errors import HamiError
from catalog.names import CDI_KIND
from cdi.store import SpecStore
from dra_driver.claims.allocation import read_claim, users, users_of
from dra_driver.claims.checkpoint import State, decode, encode
from dra_driver.configuration import NodeConfiguration, parse_configuration
from dra_driver.simulated.backend import load_cards
from kube.config import from_kubeconfig
from tests.unit.driver_objects import NODE, Object, card, claim_object, opaque, share_result, whole_result

CARDS = (card(0), card(1))
CLAIM = claim_object(share_result(), whole_result("gpu-1", request="big"), config=[opaque({"priority": 0}, "main")])
CLAIM["metadata"]["annotations"] = {"resource.kubernetes.io/pod-claim-name": "gpu"}
CLAIM["status"]["reservedFor"] = [{"resource": "pods", "name": "trainer", "uid": "4e9d"}]
OURS = {
    "defaults": {"deviceSplitCount": 10, "mode": "share"},
    "nodes": [{"name": NODE, "filterDevices": {"index": [1]}}],
}
HAMI = {"nodeconfig": [{"name": NODE, "devicesplitcount": 5, "filterdevices": {"uuid": [], "index": []}}]}
CARDS_FILE = {"cards": [{"model": "A100-SXM4-80GB"}]}
KUBECONFIG = {
    "kind": "Config",
    "current-context": "a",
    "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
    "clusters": [{"name": "a", "cluster": {"server": "https://a:1"}}],
    "users": [{"name": "a", "user": {"token": "t"}}],
}
ODD = st.sampled_from(
    ["", "0", "-1", "1e400", "NaN", "a" * 253, "GPU-x", "gpu-9-share", "../..", "\x00", "\ud800", 2**70, -1]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SEVERAL = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
HOSTILE = (
    "2020-13-45",
    "[" * 3000,
    "!!int x",
    "? {a: b}\n: c",
    "=",
    "\x00",
    "- a\n b",
    "&a [*a]",
    "{kind: Config}",
    "",
    "\ufeff",
)


def spoilt(data: st.DataObject, document: Object) -> Object:
    """Return the document with one of its parts, at any depth, taken away or replaced."""
    changed = deepcopy(document)
    at: Any = changed
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not (isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans())):
            break
        at = at[key]
    if data.draw(st.booleans()):
        del at[key]
    else:
        at[key] = data.draw(JSON)
    return changed


@SEVERAL
@given(st.data())
def test_claims(data: st.DataObject) -> None:
    document = spoilt(data, CLAIM)
    try:
        claim = read_claim(document, NODE, CARDS)
    except HamiError:
        return
    assert {share.card_uuid for share in claim.shares} <= {each.uuid for each in CARDS}
    assert users_of(document) is not None
    assert isinstance(users(document), tuple)


@SEVERAL
@given(st.data(), st.sampled_from([OURS, HAMI]))
def test_configuration_files(data: st.DataObject, document: Object) -> None:
    try:
        found = parse_configuration(json.dumps(spoilt(data, document)), NODE, "file", NodeConfiguration())
    except HamiError:
        return
    assert 1 <= found.split_count <= 1000


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_no_yaml_loader_likes(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    for read in (
        lambda: parse_configuration(text, NODE, "file", NodeConfiguration()),
        lambda: load_cards(path, NODE),
        lambda: from_kubeconfig(path),
    ):
        try:
            read()
        except HamiError as error:
            assert "file" in str(error)  # noqa: PT017


@SEVERAL
@given(data=st.data())
def test_cards_files_and_kubeconfigs(data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "file"
    for document, read in ((CARDS_FILE, lambda: load_cards(path, NODE)), (KUBECONFIG, lambda: from_kubeconfig(path))):
        path.write_text(yaml.safe_dump(json.loads(json.dumps(spoilt(data, document)))), errors="surrogatepass")
        try:
            read()
        except HamiError as error:
            assert str(error)  # noqa: PT017


@SEVERAL
@given(st.data())
def test_checkpoints(data: st.DataObject) -> None:
    content = encode(State(UUID(int=7), (read_claim(CLAIM, NODE, CARDS),)))
    envelope = json.loads(content)
    text = json.dumps(spoilt(data, envelope)).encode()
    for broken in (text, content[: data.draw(st.integers(0, len(content) - 3))]):
        try:
            decode(broken)
        except HamiError as error:
            assert str(error)  # noqa: PT017


@SEVERAL
@given(content=st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode()))
def test_cdi_folders_with_broken_and_foreign_files(content: bytes, tmp_path: Path) -> None:
    store = SpecStore(tmp_path, CDI_KIND)
    store.path("a").write_bytes(content)
    (tmp_path / "other.json").write_bytes(content)
    assert isinstance(store.device_names("a"), frozenset)
    assert store.ids() == {"a"}
    assert len(store.texts()) == 1


def test_a_claim_of_32_results_has_32_shares() -> None:
    many = [share_result(request=f"r{n}", share_id=str(UUID(int=n)), memory="1Mi", slots="1") for n in range(32)]
    shares = read_claim(claim_object(*many), NODE, CARDS).shares
    assert [share.request for share in shares] == [f"r{n}" for n in range(32)]
    assert len({share.name for share in shares}) == 32
    with pytest.raises(HamiError, match="two allocation results have the same request, device and shareID"):
        read_claim(claim_object(*many, many[0]), NODE, CARDS)


def test_names_as_long_as_kubernetes_allows_are_names_of_files() -> None:
    long = share_result(request="r" * 63, share_id=str(UUID(int=1)))
    (share,) = read_claim(claim_object(long, name="n" * 253), NODE, CARDS).shares
    assert len(share.name) <= 63
    with pytest.raises(HamiError, match="request or shareID is not one that Kubernetes gives"):
        read_claim(claim_object(long | {"request": "r" * 64}), NODE, CARDS)


@pytest.mark.parametrize(
    ("consumed", "words"),
    [
        ({"memory": "0"}, "consumedCapacity.memory is 0; ask at least 1Mi"),
        ({"slots": "0"}, "consumedCapacity.slots is 0; ask at least 1"),
        ({"memory": "-1"}, "consumedCapacity.memory: -1 is negative"),
        ({"cores": "-1"}, "consumedCapacity.cores: -1 is negative"),
        ({"memory": "1500m"}, "consumedCapacity.memory: "),
    ],
)
def test_a_capacity_that_grants_nothing_is_refused_with_the_remedy(consumed: dict[str, str], words: str) -> None:
    with pytest.raises(HamiError, match=words):
        read_claim(claim_object(share_result(**consumed)), NODE, CARDS)


def test_zero_cores_are_no_limit() -> None:
    (share,) = read_claim(claim_object(share_result(cores="0")), NODE, CARDS).shares
    assert share.cores_percent == 0
