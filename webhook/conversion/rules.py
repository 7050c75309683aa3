"""What the cluster's administrator decided about conversion: names of resources, defaults, bounds; and the file that says so.

The file is strict YAML in two forms, which may stand beside each other: ours, and over HAMi's device configuration (`nvidia`), which is
read as it is. Pure. Not here: what a pod asks (webhook.conversion.needs, webhook.conversion.wishes), and following the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

import msgspec

from catalog.documents import formed
from catalog.errors import InvalidInputError
from catalog.names import LEGACY_CORES, LEGACY_COUNT, LEGACY_MEMORY, LEGACY_PERCENTAGE, LEGACY_PRIORITY
from catalog.share_config import CorePolicy
from catalog.yaml_text import parse_yaml
from webhook.conversion.device_config import VENDORS, NvidiaSection, without_effect
from webhook.conversion.fleet import CardKind

DEFAULT_SCHEDULER_NAMES: Final = frozenset({"hami-scheduler"})


class Privileged(StrEnum):
    """What happens to a pod with cards of which a container is privileged, and so sees every card of its node."""

    ALLOW = "allow"
    WARN = "warn"
    DENY = "deny"


class NodePolicy(StrEnum):
    """Which nodes are preferred."""

    BINPACK = "binpack"
    """Those with a card in use."""
    SPREAD = "spread"
    """Those without."""


class CardPolicy(StrEnum):
    """Which cards are preferred, or taken at all."""

    BINPACK = "binpack"
    """Cards in use."""
    SPREAD = "spread"
    """Cards that are not."""
    NUMA = "numa"
    """Cards of one NUMA node."""
    TOPOLOGY = "topology-aware"
    """Cards that are linked, else of one NUMA node."""
    MUTEX = "mutex"
    """Only cards that nobody uses; nobody joins them."""


@dataclass(frozen=True, slots=True)
class ResourceNames:
    """What the legacy resources are called, in the order in which they are shown."""

    count: str = LEGACY_COUNT
    memory: str = LEGACY_MEMORY
    percentage: str = LEGACY_PERCENTAGE
    cores: str = LEGACY_CORES
    priority: str = LEGACY_PRIORITY

    def all(self) -> tuple[str, ...]:
        """Return the names of all resources that are converted."""
        return (self.count, self.memory, self.percentage, self.cores, self.priority)


@dataclass(frozen=True, slots=True)
class Rules:
    """All that conversion is told beside the pod and the fleet."""

    names: ResourceNames = ResourceNames()
    memory_factor: int = 1
    """MiB that one unit of the memory resource stands for."""
    default_count: int = 1
    """Cards of a container that names memory, percentage or cores alone; 0: such a container is refused."""
    default_memory_mib: int = 0
    """Of a container that names no memory; 0 is all of the card."""
    default_cores: int = 0
    """Of a container that names no cores, in percent; 0 is not limited."""
    core_policy: CorePolicy = CorePolicy.DEFAULT
    """Of a container whose environment names none."""
    node_policy: NodePolicy | None = None
    """Of a pod that names none."""
    card_policies: tuple[CardPolicy, ...] = ()
    """Of a pod that names none."""
    runtime_class_name: str | None = None
    """For pods with cards that name none."""
    overwrite_env: bool = False
    """Whether containers without a card, in pods that are converted, are told to see none (`NVIDIA_VISIBLE_DEVICES`)."""
    scheduler_names: frozenset[str] = DEFAULT_SCHEDULER_NAMES
    """Names of schedulers that are not there any more: their pods go to `default-scheduler`."""
    privileged: Privileged = Privileged.WARN
    allow_disable_control: bool = False
    """Whether a container may have its share without limits by `CUDA_DISABLE_CONTROL`."""
    node_selector: tuple[tuple[str, str], ...] = ()
    """Labels that converted pods are bound to, for a cluster that is migrated node by node."""
    expected: tuple[CardKind, ...] = ()
    """Kinds of cards that may come, as when nodes are added on demand."""
    without_effect: tuple[str, ...] = ()
    """Fields that were given and mean nothing here."""


DEFAULT_RULES: Final = Rules()


_QUALIFIED: Final = re.compile(
    r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?", re.ASCII
)
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
_Mib = Annotated[int, msgspec.Meta(ge=0, le=2**22)]
_Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
_Form = TypeVar("_Form", bound=msgspec.Struct)
_Value = TypeVar("_Value")


class _Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    count: _Name | None = None
    memory: _Name | None = None
    memory_percentage: _Name | None = None
    cores: _Name | None = None
    priority: _Name | None = None


class _Defaults(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    count: Annotated[int, msgspec.Meta(ge=0, le=32)] | None = None
    memory_mib: _Mib | None = msgspec.field(default=None, name="memoryMiB")
    cores: _Percent | None = None
    core_policy: CorePolicy | None = None
    node_scheduler_policy: NodePolicy | None = None
    gpu_scheduler_policy: tuple[CardPolicy, ...] | None = None


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    memory_mib: Annotated[int, msgspec.Meta(ge=1, le=2**22)] = msgspec.field(name="memoryMiB")
    product_name: Annotated[str, msgspec.Meta(max_length=64)] = ""


class _Fleet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    expected: tuple[_Kind, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What the file may say; None is not said."""

    resources: _Resources = _Resources()
    memory_factor: Annotated[int, msgspec.Meta(ge=1, le=2**20)] | None = None
    defaults: _Defaults = _Defaults()
    runtime_class_name: _Name | None = None
    overwrite_env: bool | None = None
    scheduler_names: frozenset[_Name] | None = None
    privileged: Privileged | None = None
    allow_disable_control: bool | None = None
    node_selector: dict[_Name, Annotated[str, msgspec.Meta(max_length=63)]] = {}
    fleet: _Fleet = _Fleet()


def rules_from(text: str, where: str) -> Rules:
    """Return the rules in a configuration file's text; `where` names it in messages.

    Raises `InvalidInputError` naming file, field and remedy.
    """
    document = parse_yaml(text, where)
    if document is not None and not isinstance(document, Mapping):
        raise InvalidInputError(f"{where}: is no mapping of fields to values; {_SEE_DOCUMENT}")
    ours = {key: value for key, value in (document or {}).items() if key != "nvidia" and key not in VENDORS}
    rules = _over(_of_hami(document or {}, where), _decode(ours, _File, where))
    _refuse_doubled(rules.names, where)
    return rules


def _of_hami(document: Mapping[str, Any], where: str) -> Rules:
    section = document.get("nvidia") or {}
    found = _decode(section, NvidiaSection, f"{where}: nvidia")
    names = ResourceNames()
    policy = CorePolicy.DISABLE if found.disable_core_limit else CorePolicy(found.gpu_core_policy or "default")
    return Rules(
        names=ResourceNames(
            found.resource_count_name or names.count,
            found.resource_memory_name or names.memory,
            found.resource_memory_percentage_name or names.percentage,
            found.resource_core_name or names.cores,
            found.resource_priority_name or names.priority,
        ),
        memory_factor=found.memory_factor or 1,
        default_count=found.default_gpu_num,
        default_memory_mib=found.default_memory,
        default_cores=found.default_cores,
        core_policy=policy,
        runtime_class_name=found.runtime_class_name or None,
        overwrite_env=found.overwrite_env,
        without_effect=(*without_effect(section), *(key for key in document if key in VENDORS)),
    )


def _over(base: Rules, file: _File) -> Rules:
    """Return `base` changed by what the file says."""
    defaults = file.defaults
    return replace(
        base,
        names=_names_over(base.names, file.resources),
        memory_factor=_said(file.memory_factor, base.memory_factor),
        default_count=_said(defaults.count, base.default_count),
        default_memory_mib=_said(defaults.memory_mib, base.default_memory_mib),
        default_cores=_said(defaults.cores, base.default_cores),
        core_policy=_said(defaults.core_policy, base.core_policy),
        node_policy=_said(defaults.node_scheduler_policy, base.node_policy),
        card_policies=_said(defaults.gpu_scheduler_policy, base.card_policies),
        runtime_class_name=_said(file.runtime_class_name, base.runtime_class_name),
        overwrite_env=_said(file.overwrite_env, base.overwrite_env),
        scheduler_names=_said(file.scheduler_names, base.scheduler_names),
        privileged=_said(file.privileged, base.privileged),
        allow_disable_control=_said(file.allow_disable_control, base.allow_disable_control),
        node_selector=_said(tuple(sorted(file.node_selector.items())) or None, base.node_selector),
        expected=tuple(CardKind(kind.product_name, kind.memory_mib, cards=0) for kind in file.fleet.expected),
    )


def _names_over(base: ResourceNames, names: _Resources) -> ResourceNames:
    return ResourceNames(
        _said(names.count, base.count),
        _said(names.memory, base.memory),
        _said(names.memory_percentage, base.percentage),
        _said(names.cores, base.cores),
        _said(names.priority, base.priority),
    )


def _said(value: _Value | None, default: _Value) -> _Value:
    return default if value is None else value


def _refuse_doubled(names: ResourceNames, where: str) -> None:
    for name in names.all():
        if names.all().count(name) > 1:
            raise InvalidInputError(f"{where}: the resource {name} is named twice; give each its own name")
        if not _QUALIFIED.fullmatch(name):
            raise InvalidInputError(
                f"{where}: {name[:64]!r} is no name of a resource; write one such as nvidia.com/gpu"
            )


def _decode(document: object, form: type[_Form], where: str) -> _Form:
    return formed(document, form, where, lambda problem, field: _remedy(problem, field, form))


def _remedy(problem: str, field: str, form: type[msgspec.Struct]) -> str:
    if "unknown field" not in problem:
        return _SEE_DOCUMENT
    fields = _FORMS.get(field.rpartition(".")[2].partition("[")[0], form).__struct_encode_fields__
    return f"the fields here are {', '.join(fields)}"


_FORMS: Final[Mapping[str, type[msgspec.Struct]]] = {
    "resources": _Resources,
    "defaults": _Defaults,
    "fleet": _Fleet,
    "expected": _Kind,
}
_SEE_DOCUMENT: Final = "docs/configuration.md describes the file"
