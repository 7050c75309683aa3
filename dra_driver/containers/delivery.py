"""How the interceptor reaches the programs of a container: before them, in the place of the driver's libraries, or both. Pure.

A shim stands wherever libcuda or libnvidia-ml stood, and leads to the interceptor and to the driver's own file, at a place of our choice.
All claims of a node have it, shares or not: where a container has several claims, the last mount at a place counts.
Not here: the shims (native/shim/shim.mk), and what each delivery holds (docs/deliveries.md).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from catalog.errors import InvalidInputError
from cdi.spec import Edits, Mount, Spec
from dra_driver.cards.driver_root import LIBRARY_FOLDERS
from dra_driver.containers.library import LIBRARY_IN_CONTAINER, PRELOAD_IN_CONTAINER, SHIMS, Library

DRIVER_IN_CONTAINER: Final = "/run/hami.io/driver"
"""The folder of the driver's own files behind the shims, by soname."""

_READ_ONLY: Final = ("ro", "nosuid", "nodev", "bind")
_CUDA: Final = "libcuda.so.1"
_SHIMMED: Final = re.compile(r"(lib(?:cuda|nvidia-ml)\.so)(?:\.[0-9.]+)?", re.ASCII)


class Delivery(StrEnum):
    """How a node's containers get the interceptor."""

    PRELOAD = "preload"
    """By the loader's preload list: before every program of a container that has a share."""
    SHIM = "shim"
    """In the place of the driver's libraries."""
    BOTH = "both"

    @property
    def preloads(self) -> bool:
        """Whether there is a preload list."""
        return self is not Delivery.SHIM

    @property
    def shims(self) -> bool:
        """Whether there are shims."""
        return self is not Delivery.PRELOAD


def interceptor_mounts(library: Library, delivery: Delivery) -> Iterator[Mount]:
    """Yield what a container gets with a share, beyond what every container of the node gets."""
    if not delivery.shims:
        yield _library_mount(library)
    if delivery.preloads:
        yield Mount(str(library.preload), PRELOAD_IN_CONTAINER, _READ_ONLY)


def with_shims(spec: Spec, library: Library) -> Spec:
    """Return a claim's spec with shims where libcuda and libnvidia-ml are mounted, and those files behind them.

    Raises `InvalidInputError` when no libcuda is mounted by itself: its containers would be without a limit.
    """
    devices = tuple(replace(device, edits=_shimmed(device.edits, library)) for device in spec.devices)
    common = _shimmed(spec.edits, library)
    if not _has_shim(common) and not all(_has_shim(device.edits) for device in devices):
        raise InvalidInputError(
            f"claim spec: no mount has the driver's {_CUDA} for a shim to stand before; "
            "name another spec with --base-cdi-spec, or set delivery: preload for this node"
        )
    return replace(spec, edits=replace(common, mounts=(*common.mounts, _library_mount(library))), devices=devices)


def _shimmed(edits: Edits, library: Library) -> Edits:
    mounts = tuple(_shim_mount(mount, library) for mount in edits.mounts)
    return replace(edits, mounts=(*mounts, *_driver_mounts(edits.mounts)))


def _shim_mount(mount: Mount, library: Library) -> Mount:
    soname = _soname(mount)
    return Mount(str(library.shim(soname)), mount.container_path, _READ_ONLY) if soname else mount


def _driver_mounts(mounts: Iterable[Mount]) -> Iterator[Mount]:
    """Yield the mount of each library's own file: of several, that of this word size."""
    candidates = sorted((mount for mount in mounts if _soname(mount)), key=_rank, reverse=True)
    for soname, mount in {_soname(mount): mount for mount in candidates}.items():
        yield replace(mount, container_path=f"{DRIVER_IN_CONTAINER}/{soname}")


def _soname(mount: Mount) -> str | None:
    """Return the soname of the driver's library that stands at the mount's place; None for anything else."""
    match = _SHIMMED.fullmatch(PurePath(mount.container_path).name)
    return f"{match[1]}.1" if match and f"{match[1]}.1" in SHIMS else None


def _rank(mount: Mount) -> int:
    """Return how late a place comes among those where this word size is; other folders come last."""
    folders = [PurePath("/") / folder for folder in LIBRARY_FOLDERS]
    parent = PurePath(mount.container_path).parent
    return folders.index(parent) if parent in folders else len(folders)


def _has_shim(edits: Edits) -> bool:
    return any(mount.container_path == f"{DRIVER_IN_CONTAINER}/{_CUDA}" for mount in edits.mounts)


def _library_mount(library: Library) -> Mount:
    return Mount(str(library.path), LIBRARY_IN_CONTAINER, _READ_ONLY)
