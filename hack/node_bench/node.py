"""A node without Kubernetes: a simulated card, shares of it that stand in a checkpoint, and programs in them.

Not here: how a program gets into a share (hack.gpu_check.tenant), and what is measured.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from catalog.errors import UnavailableError
from catalog.share_config import CorePolicy, ShareConfig
from dra_driver.boot import read_boot_id
from dra_driver.cards.card import Card
from dra_driver.claims.checkpoint import CheckpointFile, State, checkpoint_below
from dra_driver.nvml.cards import read_cards
from dra_driver.shares.card_pages import CardPages
from dra_driver.shares.share import Claim
from dra_driver.simulated.backend import build_driver_root, load_cards
from hack.gpu_check.tenant import LIBRARY, REPOSITORY, Tenant, TimeShare

NAMESPACE: Final = "default"
SHARE_MIB: Final = 1000
_MEMORY: Final = "/dev/shm"  # noqa: S108  a folder in it, with a name of its own
_CARDS: Final = "cards:\n- model: NVIDIA A100-SXM4-80GB\n"
_FORCE: Final = ShareConfig(core_policy=CorePolicy.FORCE)


class Node:
    """Claims `share-0`, `share-1`, … with one share each of one card."""

    def __init__(self, folder: Path, machine: "Machine", shares: int, cores_percent: int) -> None:
        """All shares may have so much of the card's time, whether others are at work or not."""
        self.kubelet, self.state, self.driver_root = folder / "kubelet", folder / "state", machine.driver_root
        self.state.mkdir(parents=True)
        pages = CardPages(self.state / "cards", read_boot_id())
        pages.make_ready()
        self.tenants = tuple(
            Tenant(
                self.state,
                machine.driver_root,
                machine.card,
                SHARE_MIB,
                machine.context_bytes,
                time=TimeShare(f"share-{number}", cores_percent, _FORCE, pages),
            )
            for number in range(shares)
        )
        checkpoint = checkpoint_below(self.kubelet)
        checkpoint.parent.mkdir(parents=True)
        CheckpointFile(checkpoint).save(State(read_boot_id(), tuple(map(_claim, self.tenants))))


@dataclass(frozen=True, slots=True)
class Machine:
    """One simulated card. There is one for all that is measured, since a process opens NVML once."""

    folder: Path
    driver_root: Path
    card: Card
    context_bytes: int

    def node(self, name: str, shares: int, cores_percent: int) -> Node:
        """Return a new node on it."""
        return Node(self.folder / name, self, shares, cores_percent)


@contextmanager
def machine() -> Iterator[Machine]:
    """Have a machine inside the block. Raises `UnavailableError` where what it takes is not built."""
    if not LIBRARY.exists():
        raise UnavailableError(f"{LIBRARY} is missing; run make native")
    with TemporaryDirectory(prefix="hami-bench-", dir=_MEMORY) as place:
        folder = Path(place)
        cards_file, driver_root = folder / "cards.yaml", folder / "root"
        cards_file.write_text(_CARDS)
        (simulated,) = load_cards(cards_file, "bench")
        build_driver_root((simulated,), REPOSITORY / "build/sim", driver_root)
        (card,) = read_cards(driver_root)
        yield Machine(folder, driver_root, card, simulated.context_bytes)


def held(kubelet: Path) -> Sequence[Claim]:
    """Return the claims of a node, as a driver that starts finds them."""
    state = CheckpointFile(checkpoint_below(kubelet)).load()
    return state.claims if state else ()


def _claim(tenant: Tenant) -> Claim:
    name = tenant.share_folder.name
    return replace(tenant.claim, uid=name, namespace=NAMESPACE, name=name)
