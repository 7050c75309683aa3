"""What the node's own CDI spec of NVIDIA's devices gives a container: of every card alike, and of each card or MIG device. Pure.

Nothing of it is believed unchecked: a spec that is older than the node's driver names files that are gone, and its index 0 may be
another card by now. Not here: where the spec comes from (dra_driver.cards.base_source), and what is made of it
(dra_driver.containers.edits).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from catalog.errors import InvalidInputError
from cdi.foreign import ForeignSpec
from cdi.spec import DeviceNode, Edits, Hook, Mount
from dra_driver.cards.card import Card

BASE_KIND: Final = "nvidia.com/gpu"
"""The kind under which nvidia-ctk, and by it everybody, writes a node's cards."""

_CARD_FILE: Final = re.compile(r"/dev/nvidia(\d+)", re.ASCII)
_OURS: Final = (PurePath("/etc/ld.so.preload"), PurePath("/run/hami.io"))
_VISIBLE: Final = "NVIDIA_VISIBLE_DEVICES"
Exists = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class BaseEdits:
    """A base spec, checked against this node."""

    common: Edits
    """For every container that gets anything."""
    cards: Mapping[str, Edits]
    """For whoever gets a card, by card UUID; cards in MIG mode may be missing."""
    devices: Mapping[str, Edits]
    """All devices, by the spec's own names: `0`, `GPU-…`, `0:1` and `MIG-…` for MIG devices."""

    def named(self, names: Iterable[str], minor: int) -> Edits | None:
        """Return the edits of the first device that has one of `names`; None where there is none.

        Raises `InvalidInputError` when it would give the container another card than `/dev/nvidia<minor>`.
        """
        found = next(((name, self.devices[name]) for name in names if name in self.devices), None)
        if found is None:
            return None
        given = card_minors(found[1])
        if given != {minor}:
            raise InvalidInputError(
                f"device {found[0]} gives {_card_files(given)} and not /dev/nvidia{minor}; {_REMEDY}"
            )
        return found[1]


def base_edits(spec: ForeignSpec, cards: Iterable[Card], root: Path, exists: Exists) -> BaseEdits:
    """Return what containers get by `spec`, with host paths as they are on this node.

    Raises `InvalidInputError` when it is not for this node as it is now: files that are missing, cards that are missing or another's.
    """
    place = _Place(root, exists)
    devices = {name: _placed(_own(edits), place) for name, edits in spec.devices.items() if name != "all"}
    common = _placed(_own(spec.edits), place)
    if card_minors(common):
        raise InvalidInputError(
            f"containerEdits of the whole spec give every container {_card_files(card_minors(common))}; {_REMEDY}"
        )
    base = BaseEdits(common, {}, devices)
    return replace(base, cards=dict(_by_card(base, cards)))


def card_minors(edits: Edits) -> frozenset[int]:
    """Return the minor numbers of the cards whose device file `edits` give, as a node or by a mount."""
    paths = [path for node in edits.device_nodes for path in (node.path, node.host_path or node.path)]
    paths += [path for mount in edits.mounts for path in (mount.container_path, mount.host_path)]
    found = (_CARD_FILE.search(str(PurePath(path))) for path in paths)
    return frozenset(int(match[1]) for match in found if match and match.end() == len(match.string))


def _by_card(base: BaseEdits, cards: Iterable[Card]) -> Iterable[tuple[str, Edits]]:
    for card in cards:
        edits = base.named((card.uuid, str(card.index), f"gpu{card.index}"), card.minor) or _by_minor(base, card.minor)
        if edits is not None:
            yield card.uuid, edits
        elif not card.mig_enabled:
            raise InvalidInputError(f"has no device for card {card.index} ({card.uuid}); {_REMEDY}")


def _by_minor(base: BaseEdits, minor: int) -> Edits | None:
    """Return the edits that give this card alone, whatever their name; not those of a MIG device."""
    names = (name for name in base.devices if ":" not in name and not name.startswith("MIG-"))
    return next((base.devices[name] for name in names if card_minors(base.devices[name]) == {minor}), None)


def _own(edits: Edits) -> Edits:
    """Return the edits without the cards' own choice of NVIDIA's runtime, which is ours to make. Raises where ours would be hidden."""
    for mount in edits.mounts:
        target = PurePath(mount.container_path)
        if any(ours in (target, *target.parents) or target in ours.parents for ours in _OURS):
            raise InvalidInputError(
                f"mounts {mount.host_path} over {target}, where the interceptor stands; remove that mount"
            )
        if target == PurePath("/dev") or PurePath(mount.host_path) == PurePath("/dev"):
            raise InvalidInputError("mounts the whole of /dev, and so every card; remove that mount")
    kept = tuple(entry for entry in edits.environment if entry.partition("=")[0] != _VISIBLE)
    return replace(edits, environment=kept)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a spec's host paths are on this node."""

    root: Path
    exists: Exists

    def file(self, path: str) -> str:
        """Return the path of a file of the driver: below the driver root if it is there, else as it is."""
        return self._first(path, self._below(path), path)

    def program(self, path: str) -> str:
        """Return the path of a program that the runtime calls on the host: as it is, else below the driver root."""
        return self._first(path, path, self._below(path))

    def _below(self, path: str) -> str:
        inside = PurePath(path).is_relative_to(self.root)
        return path if inside else str(self.root / PurePath(path).relative_to("/"))

    def _first(self, path: str, *candidates: str) -> str:
        for candidate in candidates:
            if self.exists(candidate):
                return candidate
        raise InvalidInputError(f"{path} is not there; {_REMEDY}")


def _placed(edits: Edits, place: _Place) -> Edits:
    return replace(
        edits,
        device_nodes=tuple(_placed_node(node, place) for node in edits.device_nodes),
        mounts=tuple(Mount(place.file(m.host_path), m.container_path, m.options) for m in edits.mounts),
        hooks=tuple(_placed_hook(hook, place) for hook in edits.hooks),
    )


def _placed_node(node: DeviceNode, place: _Place) -> DeviceNode:
    host_path = place.file(node.host_path or node.path)
    return replace(node, host_path=host_path if host_path != node.path else None)


def _placed_hook(hook: Hook, place: _Place) -> Hook:
    return replace(hook, path=place.program(hook.path))


def _card_files(minors: Iterable[int]) -> str:
    return ", ".join(f"/dev/nvidia{minor}" for minor in sorted(minors)) or "no card"


_REMEDY: Final = "write it anew with `nvidia-ctk cdi generate`"
