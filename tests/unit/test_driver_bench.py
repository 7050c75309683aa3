"""The comparison with the Go driver: figures are compared round by round, and a missed target is said."""

import os
from pathlib import Path

import pytest

from catalog.names import DRIVER
from dra_driver.claims.allocation import read_claim
from dra_driver.claims.occupancy import check_room
from dra_driver.shares.share import Claim
from hack.driver_bench import figures
from hack.driver_bench.contenders import CLAIMS, PEER_DRIVER, Contender, ours, peer
from hack.driver_bench.processes import cpu_s, memory
from hack.local_cluster.programs import Profile, dra_test_driver, sources
from hack.local_cluster.versions import pinned
from tests.unit.driver_objects import card

CARDS = tuple(card(index) for index in range(4))


def both(folder: Path) -> tuple[Contender, Contender]:
    kubeconfig = folder / "kubeconfig"
    return ours(folder / "ours", folder / "cdi", "n", kubeconfig), peer(
        folder / "peer", folder / "cdi", "n", kubeconfig, Path("/bin/peer")
    )


def test_the_ratio_is_the_median_of_the_rounds_and_shows_their_scatter() -> None:
    row = figures.beside("Prepare", [[2.0], [3.0], [8.0]], [[1.0], [1.0], [4.0]], 50)
    assert (row.ours, row.peer, row.missed) == (3.0, 1.0, True)
    assert row.ratio == "2.00 (2.00 to 3.00)"
    assert row.text().endswith("≤ 1.0×  MISSED")


def test_a_figure_at_its_limit_meets_it() -> None:
    assert figures.below("resident", "MiB", 70.0, 70).text().endswith("≤ 70 MiB  met")
    assert figures.below("resident", "MiB", 70.1, 70).missed


def test_percentiles_lie_between_the_times() -> None:
    assert figures.percentile([1.0], 99) == 1.0
    assert figures.percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert 2.9 < figures.percentile([1.0, 2.0, 3.0], 99) < 3.0


def test_all_claims_of_ours_fit_its_cards_at_once(tmp_path: Path) -> None:
    contender, held = both(tmp_path)[0], list[Claim]()
    for number in range(CLAIMS):
        document = contender.claim(number) | {"status": contender.status(number)}
        document["metadata"]["uid"] = f"00000000-0000-0000-0000-{number:012d}"
        claim = read_claim(document, contender.node, CARDS)
        check_room(claim, held, CARDS, 100)
        held.append(claim)
    assert len(held) == CLAIMS


def test_both_drivers_are_asked_for_devices_of_their_own(tmp_path: Path) -> None:
    drivers = [contender.status(7)["allocation"]["devices"]["results"][0]["driver"] for contender in both(tmp_path)]
    assert drivers == [DRIVER, PEER_DRIVER]


@pytest.mark.parametrize("profile", list(Profile))
def test_no_cluster_builds_the_peer(profile: Profile) -> None:
    assert dra_test_driver(pinned()) not in sources(pinned(), profile)


def test_the_peer_is_of_the_clusters_kubernetes() -> None:
    assert pinned().dra_test_driver.version == pinned().kubernetes.version
    assert (
        f"k8s.io/kubernetes {pinned().kubernetes.version}" in (dra_test_driver(pinned()).module / "go.mod").read_text()
    )


def test_a_process_is_seen_to_occupy_memory_and_to_compute() -> None:
    occupied = memory(os.getpid())
    assert 0 < occupied.private_mib <= occupied.proportional_mib <= occupied.resident_mib
    before_s = cpu_s(os.getpid())
    while cpu_s(os.getpid()) == before_s:
        pass
