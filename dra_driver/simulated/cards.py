"""The cards file: YAML that says which cards a simulated node has, checked strictly, as frozen values.

Pure: a parsed document in, cards out. Known models carry their data sheet, so that `model:` alone makes a card.
Not here: reading the file and laying out the driver root (dra_driver.simulated.backend), bytes (dra_driver.simulated.card_file).
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from catalog.documents import formed
from catalog.errors import InvalidInputError
from catalog.names import MIB
from catalog.quantity import parse_quantity
from dra_driver.simulated.card_layout import LINKS
from dra_driver.simulated.mig import MigSpec, SimulatedInstance, parse_instances

MAX_CARDS: Final = 64
CARD_FILE_PREFIX: Final = "hami-sim"

ARCHITECTURES: Final = {"Volta": 5, "Turing": 6, "Ampere": 7, "Ada": 8, "Hopper": 9, "Blackwell": 10}
"""Architecture → nvmlDeviceArchitecture_t."""
BRANDS: Final = {"Quadro": 1, "Tesla": 2, "GeForce": 5, "Titan": 6, "NVIDIA": 14}
"""Brand → nvmlBrandType_t."""

_UUID_NAMESPACE: Final = uuid.UUID("6f0c1f0e-6d1b-5a5e-9d0a-68616d692e69")
_MAX_MEMORY_MIB: Final = 16 * 1024 * 1024
_NAME_BYTES: Final = 95


@dataclass(frozen=True, slots=True)
class Model:
    """What a data sheet, and the driver, say of a model. `pci_device_id` is the upper half of NVML's."""

    memory_mib: int
    architecture: str
    brand: str
    compute_capability: tuple[int, int]
    multiprocessors: int
    pci_device_id: int
    mig_capable: bool = False


MODELS: Final[Mapping[str, Model]] = {
    "NVIDIA A100-SXM4-80GB": Model(81920, "Ampere", "NVIDIA", (8, 0), 108, 0x20B2, mig_capable=True),
    "NVIDIA A100-SXM4-40GB": Model(40960, "Ampere", "NVIDIA", (8, 0), 108, 0x20B0, mig_capable=True),
    "NVIDIA A100 80GB PCIe": Model(81920, "Ampere", "NVIDIA", (8, 0), 108, 0x20B5, mig_capable=True),
    "NVIDIA A10": Model(23028, "Ampere", "NVIDIA", (8, 6), 72, 0x2236),
    "NVIDIA H100 80GB HBM3": Model(81559, "Hopper", "NVIDIA", (9, 0), 132, 0x2330, mig_capable=True),
    "NVIDIA H200": Model(143771, "Hopper", "NVIDIA", (9, 0), 132, 0x2335, mig_capable=True),
    "NVIDIA B200": Model(183359, "Blackwell", "NVIDIA", (10, 0), 148, 0x2901, mig_capable=True),
    "NVIDIA L4": Model(23034, "Ada", "NVIDIA", (8, 9), 58, 0x27B8),
    "NVIDIA L40S": Model(46068, "Ada", "NVIDIA", (8, 9), 142, 0x26B9),
    "NVIDIA GeForce RTX 4090": Model(24564, "Ada", "GeForce", (8, 9), 128, 0x2684),
    "Tesla T4": Model(15360, "Turing", "NVIDIA", (7, 5), 40, 0x1EB8),
    "Tesla V100-SXM2-16GB": Model(16384, "Volta", "Tesla", (7, 0), 80, 0x1DB1),
    "Tesla V100-SXM2-32GB": Model(32768, "Volta", "Tesla", (7, 0), 80, 0x1DB5),
}


class SimulatedHealth(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How a simulated card is just now; may change while the driver runs."""

    lost: bool = False
    """It fell off the bus."""
    xid: Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)] = 0
    """The XID error that it has; 0: none."""
    uncorrected_ecc_errors: Annotated[int, msgspec.Meta(ge=0, le=2**32)] = 0


Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class SimulatedUtilization(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How busy NVML says that a simulated card is just now, in percent of the last second; may change while the driver runs."""

    gpu: Percent = 0
    memory: Percent = 0


class Refusal(StrEnum):
    """What NVML answers where it does not say something."""

    NOT_SUPPORTED = "notSupported"
    """As virtual GPUs do."""
    NO_PERMISSION = "noPermission"
    """As where rights are missing."""


class SimulatedRefusals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What NVML does not say of a simulated card; may change while the driver runs."""

    processes: Refusal | None = None
    """Who uses it."""
    samples: Refusal | None = None
    """What part of its time each used."""


WELL: Final = SimulatedHealth()
IDLE: Final = SimulatedUtilization()
OPEN: Final = SimulatedRefusals()


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """One card of a simulated node, complete: nothing about it depends on the others or on defaults any more.

    `brand` and `architecture` are NVML's numbers, `cuda_version` is 1000 · major + 10 · minor, `numa_node` is −1 where
    there is none, and `linked_bus_ids` are the PCI addresses of the cards at the far ends of its NVLinks.
    """

    index: int
    uuid: str
    name: str
    brand: int
    architecture: int
    compute_capability: tuple[int, int]
    multiprocessors: int
    mig_capable: bool
    memory_bytes: int
    reserved_bytes: int
    context_bytes: int
    pci_bus_id: str
    pci_device_id: int
    numa_node: int
    driver_version: str
    cuda_version: int
    linked_bus_ids: tuple[str, ...]
    health: SimulatedHealth = WELL
    utilization: SimulatedUtilization = IDLE
    refusals: SimulatedRefusals = OPEN
    instances: tuple[SimulatedInstance, ...] | None = None
    """Its MIG instances; None: it is not in MIG mode."""
    instance: SimulatedInstance | None = None
    """What this is, where it is not a card but an instance of one."""

    @property
    def file_name(self) -> str:
        """The name of its file."""
        number = f"mig{self.instance.number}" if self.instance else ""
        return f"{CARD_FILE_PREFIX}{self.index}{number}"


class _CardSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    model: Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$")]
    count: Annotated[int, msgspec.Meta(ge=1, le=MAX_CARDS)] = 1
    memory: str | int | None = None
    architecture: str | None = None
    brand: str | None = None
    compute_capability: Annotated[str, msgspec.Meta(pattern=r"^\d{1,2}\.\d$")] | None = None
    numa_node: Annotated[int, msgspec.Meta(ge=0, le=1023)] | None = None
    pci_bus_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\.0$")] | None = (
        msgspec.field(default=None, name="pciBusID")
    )
    uuid: Annotated[str, msgspec.Meta(pattern=r"^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    links: tuple[Annotated[int, msgspec.Meta(ge=0)], ...] = ()
    context_mib: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(default=64, name="contextMiB")
    reserved_mib: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(default=0, name="reservedMiB")
    health: SimulatedHealth = WELL
    utilization: SimulatedUtilization = IDLE
    refusals: SimulatedRefusals = OPEN
    mig: tuple[MigSpec, ...] | None = None


class _CardsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    cards: Annotated[tuple[_CardSpec, ...], msgspec.Meta(min_length=1)]
    driver_version: Annotated[str, msgspec.Meta(pattern=r"^\d{3,4}(\.\d{1,4}){1,2}$")] = "580.95.05"
    cuda_version: Annotated[str, msgspec.Meta(pattern=r"^\d{2}\.\d$")] = "13.0"


@dataclass(frozen=True, slots=True)
class _Place:
    """One card's spec, where it stands in the file, and the card's index."""

    index: int
    path: str
    spec: _CardSpec


def parse_cards(document: object, node_name: str, where: str) -> tuple[SimulatedCard, ...]:
    """Return the cards of a parsed cards file, in the order of their indexes.

    `where` names the file in messages. UUIDs that are not given follow from node name and index alone.
    Raises `InvalidInputError` naming file, field and remedy.
    """
    file = formed(document, _CardsFile, where, _remedy)
    places = tuple(_places(file.cards, where))
    if len(places) > MAX_CARDS:
        raise InvalidInputError(
            f"{where}: cards: {len(places)} cards; a node has at most {MAX_CARDS}: lower the counts"
        )
    bus_ids = tuple(place.spec.pci_bus_id or _generated_bus_id(place.index) for place in places)
    links = _completed_links(places)
    cards = tuple(
        _card(place, file, node_name, bus_ids[place.index], tuple(bus_ids[peer] for peer in sorted(links[place.index])))
        for place in places
    )
    _refuse_twins([card.uuid for card in cards], places, "uuid")
    _refuse_twins([card.pci_bus_id for card in cards], places, "pciBusID")
    return cards


def files_of(cards: Iterable[SimulatedCard]) -> dict[str, SimulatedCard]:
    """Return what has a card file, by the file's name: the cards, and their MIG instances, as cards of their own size."""
    parts = (_part(card, instance) for card in cards for instance in card.instances or ())
    return {each.file_name: each for each in (*cards, *parts)}


def _part(card: SimulatedCard, instance: SimulatedInstance) -> SimulatedCard:
    return replace(
        card,
        uuid=instance.uuid,
        name=f"{card.name} MIG {instance.profile}",
        multiprocessors=instance.multiprocessors,
        memory_bytes=instance.memory_bytes,
        reserved_bytes=0,
        linked_bus_ids=(),
        health=WELL,
        utilization=IDLE,
        refusals=OPEN,
        instances=None,
        instance=instance,
    )


def _remedy(problem: str, field: str) -> str:
    if "unknown field" in problem:
        return f"the fields here are {', '.join(_fields_at(field))}"
    example = _EXAMPLES.get(field.rpartition(".")[2])
    if example is not None:
        return f"write it as in this example: {example}"
    return "docs/examples/cards shows complete files"


def _fields_at(path: str) -> tuple[str, ...]:
    if path.endswith(".health"):
        return SimulatedHealth.__struct_encode_fields__
    if path.endswith(".utilization"):
        return SimulatedUtilization.__struct_encode_fields__
    if path.endswith(".refusals"):
        return SimulatedRefusals.__struct_encode_fields__
    if ".mig[" in path:
        return MigSpec.__struct_encode_fields__
    return _CardSpec.__struct_encode_fields__ if path.startswith("cards[") else _CardsFile.__struct_encode_fields__


_EXAMPLES: Final = {
    "model": "NVIDIA A100-SXM4-80GB",
    "computeCapability": '"8.0"',
    "pciBusID": '"0000:17:00.0"',
    "memory": "80Gi",
    "uuid": "GPU-8d3ac2b1-44a1-5c0f-8e57-0a6f0a4d2c11",
    "driverVersion": '"580.95.05"',
    "cudaVersion": '"13.0"',
    "start": "0",
}


def _places(specs: Sequence[_CardSpec], where: str) -> Iterator[_Place]:
    index = 0
    for number, spec in enumerate(specs):
        path = f"{where}: cards[{number}]"
        for field, value in (("pciBusID", spec.pci_bus_id), ("uuid", spec.uuid)):
            if value is not None and spec.count > 1:
                raise InvalidInputError(
                    f"{path}.{field}: one value cannot name {spec.count} cards; remove it or the count"
                )
        for _ in range(spec.count):
            yield _Place(index, path, spec)
            index += 1


def _completed_links(places: Sequence[_Place]) -> list[set[int]]:
    """Return each card's peers; what one side says holds for both. Cards of one `count` may list the whole group."""
    links: list[set[int]] = [set() for _ in places]
    for place in places:
        for peer in place.spec.links:
            if peer >= len(places):
                raise InvalidInputError(
                    f"{place.path}.links: there is no card {peer}; indexes go from 0 to {len(places) - 1}"
                )
            if peer == place.index and place.spec.count == 1:
                raise InvalidInputError(f"{place.path}.links: card {peer} cannot be linked to itself; list other cards")
            if peer != place.index:
                links[place.index].add(peer)
                links[peer].add(place.index)
    for place in places:
        if len(links[place.index]) > LINKS:
            raise InvalidInputError(f"{place.path}.links: card {place.index} has over {LINKS} links; list fewer cards")
    return links


def _card(
    place: _Place, file: _CardsFile, node_name: str, pci_bus_id: str, linked_bus_ids: tuple[str, ...]
) -> SimulatedCard:
    spec = place.spec
    model = _model(place)
    cuda_major, cuda_minor = file.cuda_version.split(".")
    card_uuid = spec.uuid or f"GPU-{uuid.uuid5(_UUID_NAMESPACE, f'{node_name}/{place.index}')}"
    return SimulatedCard(
        index=place.index,
        uuid=card_uuid,
        name=spec.model,
        brand=BRANDS[model.brand],
        architecture=ARCHITECTURES[model.architecture],
        compute_capability=model.compute_capability,
        multiprocessors=model.multiprocessors,
        mig_capable=model.mig_capable,
        memory_bytes=model.memory_mib * MIB,
        reserved_bytes=spec.reserved_mib * MIB,
        context_bytes=spec.context_mib * MIB,
        pci_bus_id=pci_bus_id.upper(),
        pci_device_id=model.pci_device_id << 16 | 0x10DE,
        numa_node=-1 if spec.numa_node is None else spec.numa_node,
        driver_version=file.driver_version,
        cuda_version=1000 * int(cuda_major) + 10 * int(cuda_minor),
        linked_bus_ids=tuple(bus_id.upper() for bus_id in linked_bus_ids),
        health=spec.health,
        utilization=spec.utilization,
        refusals=spec.refusals,
        instances=_instances(place, card_uuid, model),
    )


def _instances(place: _Place, card_uuid: str, model: Model) -> tuple[SimulatedInstance, ...] | None:
    specs = place.spec.mig
    if specs is None:
        return None
    if not model.mig_capable:
        capable = ", ".join(name for name, known in MODELS.items() if known.mig_capable)
        raise InvalidInputError(
            f"{place.path}.mig: {place.spec.model} has no MIG mode; remove it, or take one of {capable}"
        )
    instances = parse_instances(specs, card_uuid, model.memory_mib * MIB, model.multiprocessors, place.path)
    least_bytes = (place.spec.context_mib + 2) * MIB
    if any(instance.memory_bytes < least_bytes for instance in instances):
        raise InvalidInputError(f"{place.path}.mig: an instance is smaller than contextMiB + 2; lower contextMiB")
    return instances


def _model(place: _Place) -> Model:
    """Return the model's data: the catalogue's, overridden by what the spec says."""
    spec = place.spec
    known = MODELS.get(spec.model)
    given = {
        "memory": spec.memory,
        "architecture": spec.architecture,
        "brand": spec.brand,
        "computeCapability": spec.compute_capability,
    }
    if known is None and None in given.values():
        missing = ", ".join(field for field, value in given.items() if value is None)
        raise InvalidInputError(
            f"{place.path}: the model {spec.model!r} is not known: give {missing} too, or a known model: {', '.join(MODELS)}"
        )
    if len(spec.model) > _NAME_BYTES:
        raise InvalidInputError(f"{place.path}.model: longer than {_NAME_BYTES} characters; shorten it")
    base = known or Model(0, "", "", (0, 0), 64, 0x20B0)
    capability = spec.compute_capability.split(".") if spec.compute_capability else base.compute_capability
    return Model(
        memory_mib=_memory_mib(place, base.memory_mib),
        architecture=_choice(place, "architecture", spec.architecture or base.architecture, ARCHITECTURES),
        brand=_choice(place, "brand", spec.brand or base.brand, BRANDS),
        compute_capability=(int(capability[0]), int(capability[1])),
        multiprocessors=base.multiprocessors,
        pci_device_id=base.pci_device_id,
        mig_capable=base.mig_capable,
    )


def _memory_mib(place: _Place, known_mib: int) -> int:
    spec = place.spec
    memory_mib = known_mib
    if spec.memory is not None:
        try:
            memory_mib, rest = divmod(parse_quantity(str(spec.memory)), MIB)
        except InvalidInputError as error:
            raise InvalidInputError(f"{place.path}.memory: {error}") from error
        if rest:
            raise InvalidInputError(
                f"{place.path}.memory: {spec.memory} is not a whole number of MiB; write such as 80Gi"
            )
    least = spec.reserved_mib + spec.context_mib + 2
    if not least <= memory_mib <= _MAX_MEMORY_MIB:
        raise InvalidInputError(
            f"{place.path}.memory: {memory_mib}Mi is out of range; at least reservedMiB + contextMiB + 2 = {least}Mi, "
            f"at most {_MAX_MEMORY_MIB}Mi"
        )
    return memory_mib


def _choice(place: _Place, field: str, value: str, choices: Mapping[str, int]) -> str:
    if value not in choices:
        raise InvalidInputError(f"{place.path}.{field}: {value!r} is not known; one of {', '.join(choices)}")
    return value


def _generated_bus_id(index: int) -> str:
    """Return the PCI address of card `index` where none is given: two cards under each root, roots 0x10 apart."""
    pair, second = divmod(index, 2)
    domain, root = divmod(pair, 14)
    return f"{domain:04X}:{(root + 1) * 0x10 + 7 * (1 + second):02X}:00.0"


def _refuse_twins(values: Sequence[str], places: Sequence[_Place], field: str) -> None:
    value, times = Counter(values).most_common(1)[0]
    if times > 1:
        second = places[[place for place, other in enumerate(values) if other == value][1]]
        raise InvalidInputError(f"{second.path}.{field}: {value} names more than one card; give each its own")
