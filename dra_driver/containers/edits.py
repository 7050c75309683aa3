"""What a container gets for a claim, as a CDI spec: driver libraries, device files, pages, interceptor. Pure.

A share gets the interceptor, its two pages and its card's; a whole card, a MIG device, and whoever monitors one, device files alone, at
native speed.
Not here: writing the spec (cdi.store), and where things stand on the node (dra_driver.cards.driver_root, dra_driver.containers.library).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from catalog.names import CDI_KIND
from cdi.spec import Device, DeviceNode, Edits, Mount, Spec, qualified_name
from dra_driver.cards.base_edits import BaseEdits
from dra_driver.cards.driver_root import DriverFile, DriverRoot
from dra_driver.containers.delivery import Delivery, interceptor_mounts, with_shims
from dra_driver.containers.device_metadata import metadata_mount
from dra_driver.containers.library import Library
from dra_driver.shares.folders import CARD, LIMITS, USAGE
from dra_driver.shares.share import Claim, Share

SHARES_IN_CONTAINER: Final = "/run/hami.io/shares"

_READ_ONLY: Final = ("ro", "nosuid", "nodev", "bind")
_READ_WRITE: Final = ("rw", "nosuid", "nodev", "noexec", "bind")
_NO_OTHER_CARDS: Final = "NVIDIA_VISIBLE_DEVICES=void"
"""Where NVIDIA's runtime is the default one, it would add every card otherwise."""


@dataclass(frozen=True, slots=True)
class NodeFiles:
    """Where everything stands on this node that a container may get."""

    driver_root: DriverRoot
    library: Library
    shares: Path
    """The folder of the share directories."""
    metadata: Path
    """The folder of what containers can read about their devices."""
    base: BaseEdits | None = None
    """What the node's CDI spec of its cards gives; where there is none, the driver root's files."""
    delivery: Delivery = Delivery.PRELOAD


def claim_spec(claim: Claim, files: NodeFiles) -> Spec:
    """Return the CDI spec of a claim: one device per share. Raises `InvalidInputError` where a shim would stand before nothing."""
    spec = Spec(
        kind=CDI_KIND,
        devices=tuple(
            Device(share.name, _share_edits(share, files, metadata))
            for share, metadata in _with_metadata(claim, files.metadata)
        ),
        edits=_common_edits(files),
    )
    return with_shims(spec, files.library) if files.delivery.shims else spec


def cdi_device(share: Share) -> str:
    """Return the name by which the container runtime is asked for a share."""
    return qualified_name(CDI_KIND, share.name)


def _with_metadata(claim: Claim, folder: Path) -> Iterator[tuple[Share, tuple[Mount, ...]]]:
    """Yield the shares, the first of each request with the request's metadata: a container gets all shares of a request."""
    seen: set[str] = set()
    for share in claim.shares:
        yield share, () if share.request in seen else (metadata_mount(claim, share.request, folder),)
        seen.add(share.request)


def _common_edits(files: NodeFiles) -> Edits:
    if files.base is not None:
        common = files.base.common
        return replace(common, environment=(*common.environment, _NO_OTHER_CARDS))
    return Edits(environment=(_NO_OTHER_CARDS,), mounts=tuple(_library_mounts(files.driver_root.libraries)))


def _share_edits(share: Share, files: NodeFiles, metadata: tuple[Mount, ...]) -> Edits:
    interceptor = interceptor_mounts(files.library, files.delivery)
    own = (*_page_mounts(share, files.shares), *interceptor) if share.is_limited else ()
    return _card_edits(share, files).and_then(Edits(mounts=(*own, *metadata)))


def _card_edits(share: Share, files: NodeFiles) -> Edits:
    """Return what gives a container the share's card; of a card that the base spec leaves out, what the driver root has."""
    base = None if files.base is None else _base_edits(share, files.base, files.driver_root)
    if base is not None:
        return base
    root = files.driver_root
    mig = root.mig_files[share.mig_uuid] if share.mig_uuid else ()
    devices = (*root.control_files, root.device_files[share.card_uuid], *mig)
    return Edits(
        device_nodes=tuple(_device_node(file) for file in devices if file.is_device),
        mounts=tuple(Mount(file.host_path, file.container_path, _READ_WRITE) for file in devices if not file.is_device),
    )


def _base_edits(share: Share, base: BaseEdits, root: DriverRoot) -> Edits | None:
    if share.mig_uuid is None:
        return base.cards.get(share.card_uuid)
    minor = root.device_files[share.card_uuid].container_path.removeprefix("/dev/nvidia")
    return base.named((share.mig_uuid,), int(minor))


def _device_node(file: DriverFile) -> DeviceNode:
    host_path = file.host_path if file.host_path != file.container_path else None
    return DeviceNode(file.container_path, host_path, permissions="rw")


def _library_mounts(libraries: Iterable[DriverFile]) -> Iterator[Mount]:
    return (Mount(file.host_path, file.container_path, _READ_ONLY) for file in libraries)


def _page_mounts(share: Share, shares: Path) -> Iterator[Mount]:
    for page, options in ((LIMITS, _READ_ONLY), (USAGE, _READ_WRITE), (CARD, _READ_WRITE)):
        yield Mount(str(shares / share.name / page), f"{SHARES_IN_CONTAINER}/{share.name}/{page}", options)
