"""What the cluster's administrator decided about conversion: names of resources, defaults, bounds.

Pure. Not here: what a pod asks (webhook.needs, webhook.wishes), and how HAMi writes the same (webhook.device_config).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.names import LEGACY_CORES, LEGACY_COUNT, LEGACY_MEMORY
from catalog.share_config import CorePolicy
from webhook.fleet import CardKind

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
    percentage: str = "nvidia.com/gpumem-percentage"
    cores: str = LEGACY_CORES
    priority: str = "nvidia.com/priority"

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


def rules_from(text: str, where: str) -> Rules:
    """Return the rules in a configuration file's text; `where` names it in messages.

    Raises `InvalidInputError` naming the field and the remedy.
    """
    raise NotImplementedError
