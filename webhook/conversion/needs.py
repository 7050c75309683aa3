"""What a container needs, read from its legacy limits: how many cards, and how much of each.

Source: HAMi's resources, where memory (MiB or percent) and cores (percent) count per card. Pure. Not here: which request of
the claim meets a need (webhook.conversion.assignment), and what the pod as a whole wishes (webhook.conversion.wishes).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from catalog.errors import InvalidInputError
from catalog.names import CORES_PER_CARD
from catalog.quantity import parse_quantity
from catalog.share_config import CorePolicy, ShareConfig
from webhook.conversion.review import Container
from webhook.conversion.rules import DEFAULT_RULES, Rules
from webhook.conversion.wishes import NO_WISHES, Wishes

RESOURCES: Final[tuple[str, ...]] = DEFAULT_RULES.names.all()
"""The resources that are converted where nothing else is configured, in the order in which they are shown."""

MEMORY_LIMIT_MIB: Final = 2**22
"""4 TiB, more than a card has: beyond it somebody wrote `4Gi` where the unit is MiB, and would wait for ever."""

WHOLE_PERCENT: Final = 100
LOWEST_PRIORITY: Final = 1
_FREEDOM: Final = (CorePolicy.FORCE, CorePolicy.DEFAULT, CorePolicy.DISABLE)
PLAIN: Final = ShareConfig()


@dataclass(frozen=True, slots=True)
class Need:
    """`count` different cards, and of each card all of it (`whole`), or a share of it.

    `memory_mib` None is all memory of the card; with `memory_percent` it is the larger of both. `cores` (percent) 0 is nothing
    guaranteed and nothing limited. `alone`: nobody else on the card, though the share has its limits.
    """

    count: int
    whole: bool = False
    memory_mib: int | None = None
    cores: int = 0
    memory_percent: int = 0
    alone: bool = False
    config: ShareConfig = PLAIN

    def joined(self, other: "Need") -> "Need":
        """Return the least need that meets both: as many cards, whole if either is, and the larger part of each.

        Cores count as a guarantee: joined with a need that named none, 30 stays 30.
        """
        count = max(self.count, other.count)
        if self.whole or other.whole:
            return Need(count, whole=True)
        return Need(
            count,
            memory_mib=_larger_memory(self.memory_mib, other.memory_mib),
            cores=max(self.cores, other.cores),
            memory_percent=0
            if None in (self.memory_mib, other.memory_mib)
            else max(self.memory_percent, other.memory_percent),
            alone=self.alone or other.alone,
            config=_freer(self.config, other.config),
        )

    def weight(self) -> tuple[int, int, int, int, int, int]:
        """Return what the need takes from others, the scarcest first: whole cards, cards alone, cards, MiB, percent of memory, cores."""
        if self.whole:
            return (self.count, self.count, self.count, 0, 0, 0)
        memory_mib = MEMORY_LIMIT_MIB + 1 if self.memory_mib is None else self.memory_mib
        shares = (self.count * memory_mib, self.count * self.memory_percent, self.count * self.cores)
        return (0, self.count * self.alone, self.count, *shares)


def asked_by(container: Container, rules: Rules = DEFAULT_RULES) -> dict[str, int]:
    """Return the legacy resources that a container names, as whole numbers; limits go before requests.

    Raises `InvalidInputError` naming container, resource, value and remedy.
    """
    resources = container.resources
    if resources is None or not (resources.limits or resources.requests):
        return {}
    named = (resources.requests or {}) | (resources.limits or {})
    return {
        name: _whole_number(container.name, name, str(named[name]), most, rules)
        for name, most in zip(rules.names.all(), _largest(rules.memory_factor), strict=True)
        if name in named
    }


@lru_cache(maxsize=8)
def _largest(memory_factor: int) -> tuple[int | None, ...]:
    """The largest number that each resource takes, in the order of their names."""
    return (None, MEMORY_LIMIT_MIB // memory_factor, WHOLE_PERCENT, CORES_PER_CARD, LOWEST_PRIORITY)


def need_of(
    container: str, asked: Mapping[str, int], wishes: Wishes = NO_WISHES, rules: Rules = DEFAULT_RULES
) -> Need | None:
    """Return what a container needs that asked so, or None if that is no card.

    A count of 0 is no card whatever stands beside it, and 0 MiB or percent is no memory named: both as HAMi has it. All cores and
    all memory are a whole card; all cores and part of the memory, a share that is alone on its card.
    """
    names = rules.names
    count, cores = asked.get(names.count), asked.get(names.cores)
    memory_mib, percent = asked.get(names.memory, 0) * rules.memory_factor, asked.get(names.percentage, 0)
    if count is None:
        count = _default_count(container, rules) if memory_mib or percent or cores else 0
    elif cores is None and not memory_mib and not percent:
        memory_mib, cores = wishes.memory_mib, wishes.cores
    if count == 0:
        return None
    if cores is None:
        nothing_less = percent == WHOLE_PERCENT or not (memory_mib or percent)
        cores = CORES_PER_CARD if nothing_less else rules.default_cores
    if not memory_mib and not percent:
        memory_mib = rules.default_memory_mib
    return _need(count, memory_mib, percent, cores)


def _need(count: int, memory_mib: int, percent: int, cores: int) -> Need:
    """Return the need of so much of each card; a number of MiB goes before percent, and neither is all."""
    alone = cores == CORES_PER_CARD
    if memory_mib:
        return Need(count, memory_mib=memory_mib, cores=cores, alone=alone)
    if 0 < percent < WHOLE_PERCENT:
        return Need(count, memory_mib=0, memory_percent=percent, cores=cores, alone=alone)
    return Need(count, whole=True) if alone else Need(count, cores=cores)


def _default_count(container: str, rules: Rules) -> int:
    if rules.default_count == 0:
        raise InvalidInputError(
            f'container "{container[:64]}": {rules.names.count} is missing, and this cluster has no default (defaults.count is 0);'
            " write how many cards"
        )
    return rules.default_count


def _whole_number(container: str, resource: str, text: str, most: int | None, rules: Rules) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 19:
        value = int(text)
    else:
        try:
            value = parse_quantity(text)
        except InvalidInputError as error:
            raise _unusable(container, resource, text, rules) from error
    if value < 0 or (most is not None and value > most):
        raise _unusable(container, resource, text, rules)
    return value


def _unusable(container: str, resource: str, text: str, rules: Rules) -> InvalidInputError:
    unit = "MiB" if rules.memory_factor == 1 else f"pieces of {rules.memory_factor} MiB"
    most = MEMORY_LIMIT_MIB // rules.memory_factor
    remedies = (
        "write the number of cards, 0, 1, 2, …",
        f"write {unit} per card as a plain number, such as 4000 for {4000 * rules.memory_factor} MiB, at most {most}",
        "write percent of the memory of a card, a whole number from 0 to 100",
        "write percent of a card, a whole number from 0 to 100",
        "write 0 (goes first) or 1",
    )
    remedy = remedies[rules.names.all().index(resource)]
    return InvalidInputError(f'container "{container[:64]}": {resource}: {text[:64]} is not usable; {remedy}')


def _larger_memory(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _freer(one: ShareConfig, other: ShareConfig) -> ShareConfig:
    """Return the configuration that takes nothing from either of two containers that use one share, one after the other."""
    if one == other:
        return one
    policy = max(one.core_policy, other.core_policy, key=_FREEDOM.index)
    enforce = one.enforce and other.enforce
    return ShareConfig(
        priority=min(one.priority, other.priority),
        core_policy=policy,
        enforce=enforce,
        oversubscribe=one.oversubscribe and other.oversubscribe,
    )
