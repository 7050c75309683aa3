"""What must not hurt running pods: a killed driver, a lost CDI file, a restarted kubelet, a corrupt checkpoint."""

import pytest

from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace, eventually
from tests.cluster.objects import HOLD, container, pod
from tests.node.test_shares import files_of_shares, proof_of

pytestmark = pytest.mark.node


def test_pods_outlive_a_killed_driver_and_new_ones_start_after_it_returns(
    namespace: Namespace, system: LocalSystem
) -> None:
    before = set(files_of_shares(system))
    namespace.apply(pod("old", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("old")
    system.driver.kill()
    namespace.apply(pod("new", container(command=HOLD, gpu=1, gpumem=2000)))
    assert list(proof_of(namespace, "old").values()) == [(2000, 2000)]
    namespace.kubectl("delete", "pod", "old", "--wait=false")
    system.driver.start()
    namespace.wait_running("new")
    assert list(proof_of(namespace, "new").values()) == [(2000, 2000)]
    namespace.kubectl("wait", "--for=delete", "pod/old", "--timeout=60s")
    namespace.delete_pod("new")
    assert set(files_of_shares(system)) == before


def test_a_lost_spec_is_written_again_when_the_driver_starts(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("kept", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("kept")
    specs = set(system.cluster.cdi_dir.iterdir())
    for path in specs:
        path.unlink()
    system.driver.stop()
    system.driver.start()
    assert set(system.cluster.cdi_dir.iterdir()) == specs


def test_a_restarted_kubelet_finds_slices_and_shares_again(namespace: Namespace, system: LocalSystem) -> None:
    namespace.apply(pod("before", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("before")
    system.cluster.restart("kubelet")
    namespace.apply(pod("after", container(command=HOLD, gpu=1, gpumem=2000)))
    namespace.wait_running("after", timeout_s=90)
    assert list(proof_of(namespace, "after").values()) == [(2000, 2000)]


def test_a_corrupt_checkpoint_is_kept_aside_and_nothing_is_guessed(namespace: Namespace, system: LocalSystem) -> None:
    folder = system.cluster.kubelet_dir / "plugins" / "hami.io"
    checkpoint = folder / "checkpoint.json"
    good = checkpoint.read_bytes()
    system.driver.stop()
    checkpoint.write_bytes(good[: len(good) // 2])
    system.driver.start()
    try:
        namespace.apply(pod("refused", container(command=HOLD, gpu=1, gpumem=2000)))
        words = eventually(
            lambda: namespace.events("refused") if "checkpoint" in namespace.events("refused") else "", "an event"
        )
        assert "corrupt" in words
        aside = list(folder.glob("checkpoint.json.corrupt-*"))
        assert [path.read_bytes() for path in aside] == [good[: len(good) // 2]]
    finally:
        system.driver.stop()
        for path in folder.glob("checkpoint.json.corrupt-*"):
            path.unlink()
        checkpoint.write_bytes(good)
        system.driver.start()
    namespace.wait_running("refused", timeout_s=90)
