"""Cards in MIG mode and what a node has of them, as tests need them."""

from dataclasses import replace

from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import DriverFile
from dra_driver.cards.mig import MigDevice, smallest_first
from dra_driver.containers.edits import NodeFiles
from tests.unit.driver_objects import Object, card, files_of_real_node, files_of_simulated_node, whole_result


def mig(number: int = 0, profile: str = "1g.10gb", start: int = 0, memory_mib: int = 9728, index: int = 0) -> MigDevice:
    return MigDevice(
        uuid=f"MIG-0000000{index}-0000-5000-8000-{number:012d}",
        profile=profile,
        gpu_instance=number,
        compute_instance=0,
        start=start,
        memory_bytes=memory_mib * 2**20,
        multiprocessors=14 * int(profile[0]),
    )


def mig_card(index: int = 0, *devices: MigDevice) -> Card:
    """A card in MIG mode; without `devices` it has a large one and two small ones."""
    own = devices or (
        mig(0, "3g.40gb", 4, 40192, index),
        mig(1, "1g.10gb", 1, 9728, index),
        mig(2, "1g.10gb", 0, 9728, index),
    )
    return replace(card(index, mig_enabled=True), mig_devices=smallest_first(own))


def mig_result(device: str = "gpu-0-mig-1g10gb-0", request: str = "main") -> Object:
    return whole_result(device, request)


def files_of_simulated_mig_node(*cards: Card) -> NodeFiles:
    files = files_of_simulated_node(*cards)
    found = {
        each.uuid: (_simulated_file(f"dev/hami-sim{card.index}mig{each.gpu_instance}"),)
        for card in cards
        for each in card.mig_devices
    }
    return replace(files, driver_root=replace(files.driver_root, mig_files=found))


def files_of_real_mig_node(*cards: Card) -> NodeFiles:
    files = files_of_real_node(*cards)
    found = {
        each.uuid: tuple(_capability(100 * card.index + 9 * each.gpu_instance + part) for part in (3, 4))
        for card in cards
        for each in card.mig_devices
    }
    return replace(files, driver_root=replace(files.driver_root, mig_files=found))


def _simulated_file(path: str) -> DriverFile:
    return DriverFile(f"/var/lib/hami.io/simulated/{path}", f"/{path}", is_device=False)


def _capability(minor: int) -> DriverFile:
    path = f"/dev/nvidia-caps/nvidia-cap{minor}"
    return DriverFile(path, path, is_device=True)
