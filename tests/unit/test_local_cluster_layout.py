"""Names, paths and addresses: within the kernel's limits, apart from each other, and chosen around what is taken."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import ConflictError, InvalidInputError
from catalog.names import DRIVER
from hack.local_cluster import addresses
from hack.local_cluster.layout import MAX_NODES, SERVICE_NETWORK, Addresses, Layout

SUN_PATH_BYTES = 107
LINK_NAME_BYTES = 15
SHIM_SOCKET_FOLDER_BYTES = 42
NETWORKS = [IPv4Network(f"10.89.{third}.0/24") for third in range(256)]
names = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


def layout(name: str) -> Layout:
    return Layout(name, Path("/home/somebody/.cache/hami-dra/state") / name)


@given(names)
def test_names_and_sockets_of_every_cluster_fit_the_kernels_limits(name: str) -> None:
    made = layout(name)
    node = made.node(MAX_NODES - 1)
    rolling = node.kubelet / "plugins_registry" / f"{DRIVER}-{'0' * 36}-reg.sock"
    assert len(made.resource) <= LINK_NAME_BYTES
    assert max(len(str(path)) for path in (node.containerd_socket, rolling)) <= SUN_PATH_BYTES
    assert len(str(node.state / "shims")) <= SHIM_SOCKET_FOLDER_BYTES


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a_b", "a/b", "..", "eleven-long", "ä", "a\n"])
def test_an_unusable_name_is_refused_with_what_would_do(name: str) -> None:
    with pytest.raises(InvalidInputError, match="not usable; take 1 to 10 of a-z, 0-9"):
        layout(name)


@given(names, names)
def test_clusters_of_different_names_share_nothing(one: str, other: str) -> None:
    if one != other:
        a, b = layout(one), layout(other)
        assert a.resource != b.resource
        assert not a.state.is_relative_to(b.state)
        assert not a.data.is_relative_to(b.data)


@given(st.sampled_from(NETWORKS))
def test_the_parts_of_a_network_do_not_overlap(network: IPv4Network) -> None:
    parts = Addresses(network)
    ends = {parts.host, *map(parts.kubelet, range(MAX_NODES))}
    assert len(ends) == 1 + MAX_NODES
    assert ends <= set(parts.link.hosts())
    assert parts.kubelet(0) == parts.node
    assert parts.link.subnet_of(network)
    assert parts.pods.subnet_of(network)
    assert not parts.pods.overlaps(parts.link)
    assert not network.overlaps(SERVICE_NETWORK)


@given(names, st.sets(st.sampled_from(NETWORKS), max_size=255))
def test_a_free_network_is_found_while_there_is_one(name: str, taken: set[IPv4Network]) -> None:
    assert addresses.choose(name, taken).network in set(NETWORKS) - taken


@given(names)
def test_a_name_gets_the_same_network_again_and_another_one_if_part_of_that_is_taken(name: str) -> None:
    first = addresses.choose(name, [])
    assert addresses.choose(name, []) == first
    assert addresses.choose(name, [IPv4Network(f"{first.pods[7]}/32")]) != first


def test_where_everything_is_taken_the_message_says_where_to_look() -> None:
    with pytest.raises(ConflictError, match=r"every network 10.89.0.0/24 … 10.89.255.0/24 is in use .*`ip route`"):
        addresses.choose("demo", [IPv4Network("10.0.0.0/8")])
