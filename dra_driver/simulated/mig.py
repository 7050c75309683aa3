"""MIG instances of a simulated card: which the cards file may ask for, and what each is. Pure.

A card has eight memory slices and seven compute slices; the profiles and their places are those of NVIDIA's cards with that many
(MIG User Guide, Supported MIG Profiles). Not here: the rest of a card (dra_driver.simulated.cards), bytes (dra_driver.simulated.card_file).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import MIB

MEMORY_SLICES: Final = 8
COMPUTE_SLICES: Final = 7

_UUID_NAMESPACE: Final = uuid.UUID("0b1c9a52-6c3d-5f0e-8a41-6d69672d6861")
_SHAPES: Final[Mapping[tuple[int, int], tuple[int, ...]]] = {
    (1, 1): (0, 1, 2, 3, 4, 5, 6),
    (1, 2): (0, 2, 4, 6),
    (2, 2): (0, 2, 4),
    (3, 4): (0, 4),
    (4, 4): (0,),
    (7, 8): (0,),
}
"""(compute slices, memory slices) → the first memory slice, of which an instance may lie at each."""


class MigSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One instance as the cards file asks for it."""

    profile: str
    start: Annotated[int, msgspec.Meta(ge=0, lt=MEMORY_SLICES)]
    """Its first memory slice."""


@dataclass(frozen=True, slots=True)
class SimulatedInstance:
    """One MIG instance of a simulated card: a GPU instance with one compute instance, as large as itself."""

    uuid: str
    profile: str
    number: int
    """Of the GPU instance: its place in the cards file."""
    start: int
    memory_slices: int
    compute_slices: int
    memory_bytes: int
    multiprocessors: int


def parse_instances(
    specs: Sequence[MigSpec], card_uuid: str, memory_bytes: int, multiprocessors: int, path: str
) -> tuple[SimulatedInstance, ...]:
    """Return the instances of a card with so much memory and so many multiprocessors; each has its slices' part of both.

    UUIDs follow from the card's and what the instance is. Raises `InvalidInputError` naming the field, below `path`, and a remedy.
    """
    shapes = profiles(memory_bytes)
    taken: dict[int, int] = {}
    found = []
    for number, spec in enumerate(specs):
        where = f"{path}.mig[{number}]"
        if spec.profile not in shapes:
            raise InvalidInputError(f"{where}.profile: {spec.profile!r} is none of this card: {', '.join(shapes)}")
        compute, memory = shapes[spec.profile]
        _take(taken, number, range(spec.start, spec.start + memory), _SHAPES[compute, memory], where)
        found.append(
            SimulatedInstance(
                uuid=f"MIG-{uuid.uuid5(_UUID_NAMESPACE, f'{card_uuid}/{spec.profile}/{spec.start}')}",
                profile=spec.profile,
                number=number,
                start=spec.start,
                memory_slices=memory,
                compute_slices=compute,
                memory_bytes=memory_bytes * memory // MEMORY_SLICES // MIB * MIB,
                multiprocessors=multiprocessors * compute // MEMORY_SLICES,
            )
        )
    _check_compute(found, path)
    return tuple(found)


def profiles(memory_bytes: int) -> dict[str, tuple[int, int]]:
    """Return the profiles of a card: name → (compute slices, memory slices). Their names round its memory to GiB."""
    card_gib = -(-memory_bytes // (1024 * MIB))
    return {
        f"{compute}g.{(card_gib * memory * 2 + MEMORY_SLICES) // (2 * MEMORY_SLICES)}gb": (compute, memory)
        for compute, memory in _SHAPES
    }


def _take(taken: dict[int, int], number: int, slices: range, starts: Sequence[int], where: str) -> None:
    if slices.start not in starts:
        places = ", ".join(map(str, starts))
        raise InvalidInputError(f"{where}.start: {slices.start}: an instance of this profile begins at one of {places}")
    for slice_ in slices:
        if slice_ in taken:
            raise InvalidInputError(
                f"{where}.start: memory slice {slice_} is that of mig[{taken[slice_]}] already; move or remove one of the two"
            )
        taken[slice_] = number


def _check_compute(instances: Sequence[SimulatedInstance], path: str) -> None:
    wanted = sum(instance.compute_slices for instance in instances)
    if wanted > COMPUTE_SLICES:
        raise InvalidInputError(
            f"{path}.mig: the instances have {wanted} compute slices together, a card has {COMPUTE_SLICES}; remove some"
        )
