"""What an allocated ResourceClaim grants on this node: from the API object to shares. Pure.

Source: resource.k8s.io/v1, ResourceClaim.status.allocation; KEP-5075 (consumedCapacity), KEP-4816 (subrequests). What is
enforced is consumedCapacity: the scheduler rounded the request. Not here: whether that much is left (dra_driver.claims.occupancy).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import CAPACITY_CORES, CAPACITY_MEMORY, CAPACITY_SLOTS, CORES_PER_CARD, DRIVER, SLOTS_PER_CARD
from catalog.quantity import parse_quantity
from catalog.share_config import ShareConfig, parse_share_config
from dra_driver.call import Pod
from dra_driver.cards.card import Card
from dra_driver.cards.mig import MigDevice
from dra_driver.shares.share import Claim, Share, share_name

_UID: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,34}[A-Za-z0-9])?", re.ASCII)
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_POD_CLAIM_NAME: Final = "resource.kubernetes.io/pod-claim-name"
"""Annotation of claims that Kubernetes makes from a template."""

_UNREADABLE: Final = (msgspec.ValidationError, UnicodeError)
"""JSON can name halves of characters, which are text for Python alone."""


class _Result(msgspec.Struct, frozen=True, rename="camel"):
    """A DeviceRequestAllocationResult; what is not read here is the scheduler's and the API server's."""

    driver: str
    pool: str
    device: str
    request: str
    share_id: str | None = msgspec.field(default=None, name="shareID")
    admin_access: bool = False
    consumed_capacity: dict[str, str] = {}


class _Opaque(msgspec.Struct, frozen=True):
    driver: str
    parameters: dict[str, Any] = {}


class _Configuration(msgspec.Struct, frozen=True):
    source: str
    requests: tuple[str, ...] = ()
    opaque: _Opaque | None = None


class _Devices(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...] = ()
    config: tuple[_Configuration, ...] = ()


class _Allocation(msgspec.Struct, frozen=True):
    devices: _Devices = _Devices()


class _Metadata(msgspec.Struct, frozen=True):
    namespace: str
    name: str
    uid: str


class _User(msgspec.Struct, frozen=True):
    resource: str
    name: str
    uid: str = ""


class _Status(msgspec.Struct, frozen=True, rename="camel"):
    reserved_for: tuple[_User, ...] = ()


class _Document(msgspec.Struct, frozen=True):
    status: _Status | None = None


@dataclass(frozen=True, slots=True)
class _Reader:
    """One claim being read: what messages call it, where it must be, and what it is allocated."""

    claim: str
    uid: str
    node_name: str
    devices: Mapping[str, Card]
    configurations: tuple[_Configuration, ...]


def read_claim(claim: Mapping[str, Any], node_name: str, cards: Sequence[Card]) -> Claim:
    """Return the shares that `claim` was allocated of this driver on this node.

    Raises `InvalidInputError` naming claim, request and remedy.
    """
    namespace, name, uid = _identity(claim)
    words = f"claim {namespace}/{name}"
    allocation = _allocation(claim, words)
    own = [result for result in allocation.devices.results if result.driver == DRIVER]
    if not own:
        others = ", ".join(sorted({result.driver for result in allocation.devices.results})) or "no driver"
        raise InvalidInputError(
            f"{words}: is allocated from {others}, nothing of it from {DRIVER}; ask a device class of {DRIVER}"
        )
    reader = _Reader(words, uid, node_name, _by_device(cards), allocation.devices.config)
    shares = tuple(_share(reader, result) for result in own)
    if len({share.name for share in shares}) < len(shares):
        raise InvalidInputError(
            f"{words}: two allocation results have the same request, device and shareID; delete the pod and let the scheduler "
            "place it anew"
        )
    return Claim(
        uid=uid,
        namespace=namespace,
        name=name,
        shares=shares,
        pod_claim_name=_pod_claim_name(claim["metadata"]),
        pods=tuple(pod.name for pod in users(claim)),
    )


def users(claim: Mapping[str, Any]) -> tuple[Pod, ...]:
    """Return the pods that a claim object is reserved for; none where that cannot be read."""
    namespace = str(claim["metadata"]["namespace"])
    users = _reserved_for(claim) or ()
    return tuple(Pod(namespace, user.name, user.uid) for user in users if user.resource == "pods")


def users_of(claim: Mapping[str, Any]) -> str:
    """Return the consumers that a claim is reserved for, in words for the log."""
    users = _reserved_for(claim)
    if users is None:
        return "users that cannot be read"
    return ", ".join(f"{user.resource} {user.name}" for user in users) or "nobody yet"


def is_uid(uid: str) -> bool:
    """Whether `uid` may be part of a file's name: Kubernetes gives UUIDs, and nothing else gets near a path."""
    return _UID.fullmatch(uid) is not None


def _reserved_for(claim: Mapping[str, Any]) -> tuple[_User, ...] | None:
    """Return the claim's consumers; None where they cannot be read."""
    try:
        status = msgspec.convert(claim, _Document).status
    except _UNREADABLE:
        return None
    return status.reserved_for if status else ()


def _pod_claim_name(metadata: Mapping[str, Any]) -> str | None:
    """Return what the pod calls the claim. The name becomes part of a path, and anyone may annotate a claim of their own."""
    annotations = metadata.get("annotations")
    name = annotations.get(_POD_CLAIM_NAME) if isinstance(annotations, Mapping) else None
    return name if isinstance(name, str) and _LABEL.fullmatch(name) else None


def _identity(claim: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return namespace, name and UID."""
    try:
        metadata = msgspec.convert(claim.get("metadata"), _Metadata)
    except _UNREADABLE as error:
        raise InvalidInputError(
            f"claim: metadata cannot be read: {error}; is this a resource.k8s.io/v1 claim?"
        ) from error
    if not is_uid(metadata.uid):
        raise InvalidInputError(
            f"claim {metadata.namespace}/{metadata.name}: metadata.uid {metadata.uid!r} is not one that Kubernetes gives; "
            "nothing was prepared"
        )
    return metadata.namespace, metadata.name, metadata.uid


def _allocation(claim: Mapping[str, Any], words: str) -> _Allocation:
    status = claim.get("status")
    document = status.get("allocation") if isinstance(status, Mapping) else None
    if not document:
        raise InvalidInputError(
            f"{words}: is not allocated (status.allocation is empty); the scheduler must place its pod first, "
            "so leave spec.nodeName of the pod unset"
        )
    try:
        return msgspec.convert(document, _Allocation)
    except _UNREADABLE as error:
        raise InvalidInputError(
            f"{words}: status.allocation cannot be read: {error}; is this a resource.k8s.io/v1 claim?"
        ) from error


def _by_device(cards: Sequence[Card]) -> dict[str, Card]:
    """Return the card of each device. A card in MIG mode has MIG devices alone."""
    plain = [card for card in cards if not card.mig_enabled]
    parts = {card.mig_device_name(mig): card for card in cards for mig in card.mig_devices}
    return {card.device_name: card for card in plain} | {card.share_device_name: card for card in plain} | parts


def _share(reader: _Reader, result: _Result) -> Share:
    request = result.request.partition("/")[0]
    words = f"{reader.claim}, request {request}"
    if not (_LABEL.fullmatch(request) and is_uid(result.share_id or reader.uid)):
        raise InvalidInputError(f"{words}: request or shareID is not one that Kubernetes gives; nothing was prepared")
    card = _card(reader, result, words)
    config = _config(reader, result, words)
    whole = result.device == card.device_name and not result.admin_access
    mig = next((mig for mig in card.mig_devices if card.mig_device_name(mig) == result.device), None)
    memory_bytes, cores_percent, slots = _amounts(result, card, mig, words)
    if not (config.enforce or whole or mig or result.admin_access):
        raise InvalidInputError(
            f"{words}: ShareConfig.enforce is false, and this cluster does not allow a share without limits; "
            "remove the field or ask a whole card"
        )
    return Share(
        name=share_name(reader.uid, request, result.device, result.share_id),
        request=request,
        pool=result.pool,
        device=result.device,
        share_id=result.share_id,
        card_uuid=card.uuid,
        whole=whole,
        memory_bytes=memory_bytes,
        cores_percent=cores_percent,
        slots=slots,
        config=config,
        admin_access=result.admin_access,
        mig_uuid=mig.uuid if mig else None,
    )


def _card(reader: _Reader, result: _Result, words: str) -> Card:
    if result.pool != reader.node_name:
        raise InvalidInputError(
            f"{words}: is allocated from pool {result.pool}, but this node is {reader.node_name}; delete the pod and let the "
            "scheduler place it"
        )
    if result.device not in reader.devices:
        known = ", ".join(reader.devices) or "none"
        raise InvalidInputError(
            f"{words}: device {result.device} is not on this node (there are: {known}); was a card removed? "
            "delete the pod and let the scheduler place it anew"
        )
    return reader.devices[result.device]


def _amounts(result: _Result, card: Card, mig: MigDevice | None, words: str) -> tuple[int, int, int]:
    """Return what is taken of the card: memory in bytes, cores in percent, slots."""
    if result.admin_access:
        return 0, 0, 0
    if mig:
        return mig.memory_bytes, 0, 0
    if result.device == card.device_name:
        return card.memory_bytes, CORES_PER_CARD, SLOTS_PER_CARD
    return _consumed(result, words)


def _consumed(result: _Result, words: str) -> tuple[int, int, int]:
    """Return what the scheduler charged: memory in bytes, cores in percent, slots."""
    values = []
    for capacity in (CAPACITY_MEMORY, CAPACITY_CORES, CAPACITY_SLOTS):
        if capacity not in result.consumed_capacity:
            raise InvalidInputError(
                f"{words}: consumedCapacity has no {capacity}; turn on the feature gate DRAConsumableCapacity of API server "
                "and scheduler"
            )
        values.append(_amount(result.consumed_capacity[capacity], f"{words}: consumedCapacity.{capacity}"))
    memory_bytes, cores_percent, slots = values
    if memory_bytes == 0:
        raise InvalidInputError(f"{words}: consumedCapacity.memory is 0; ask at least 1Mi")
    if cores_percent > CORES_PER_CARD:
        raise InvalidInputError(
            f"{words}: consumedCapacity.cores is {cores_percent}; a share has at most {CORES_PER_CARD} percent of its card"
        )
    if slots == 0:
        raise InvalidInputError(f"{words}: consumedCapacity.slots is 0; ask at least 1, or leave it out")
    return memory_bytes, cores_percent, slots


def _amount(text: str, words: str) -> int:
    try:
        amount = parse_quantity(text)
    except InvalidInputError as error:
        raise InvalidInputError(f"{words}: {error}") from error
    if amount < 0:
        raise InvalidInputError(f"{words}: {text} is negative; delete the pod and let the scheduler place it anew")
    return amount


def _config(reader: _Reader, result: _Result, words: str) -> ShareConfig:
    """Return the configuration that counts: the last of the claim's that names the request, else of the class's."""
    found = ShareConfig()
    for source in ("FromClass", "FromClaim"):
        for parameters in _parameters(reader, source, result.request):
            found = parse_share_config(parameters, f"{words}: config ({source})")
    return found


def _parameters(reader: _Reader, source: str, request: str) -> Iterator[Mapping[str, Any]]:
    names = {request, request.partition("/")[0]}
    for entry in reader.configurations:
        concerned = not entry.requests or bool(names & set(entry.requests))
        if entry.source == source and concerned and entry.opaque and entry.opaque.driver == DRIVER:
            yield entry.opaque.parameters
