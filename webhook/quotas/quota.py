"""Whether a claim fits the ResourceQuotas of its namespace that name legacy resources, and the words where it does not. Pure.

Conversion takes the limits away that Kubernetes would count, so what it counted is counted here: `requests.` and `limits.` alike.
Not here: what claims take (webhook.quotas.charge), and what is in use (webhook.quotas.ledger).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.errors import ForbiddenError, InvalidInputError
from catalog.quantity import parse_quantity
from webhook.conversion.rules import Rules
from webhook.quotas.charge import Charge

_PREFIXES: Final = ("requests.", "limits.")


@dataclass(frozen=True, slots=True)
class Quota:
    """One ResourceQuota: its name, and what it allows of extended resources, by key (`requests.nvidia.com/gpu`)."""

    name: str
    hard: tuple[tuple[str, int], ...]


def read_quota(item: Mapping[str, Any]) -> Quota | None:
    """Return what a ResourceQuota says of extended resources; None where it names none.

    One with scopes says nothing of claims: scopes are of pods, and Kubernetes too counts claims under none.
    """
    spec = item.get("spec") or {}
    if spec.get("scopes") or spec.get("scopeSelector"):
        return None
    hard = sorted((key, _whole(str(value))) for key, value in (spec.get("hard") or {}).items() if _is_extended(key))
    return Quota(item["metadata"]["name"], tuple(hard)) if hard else None


def concerns(quota: Quota, rules: Rules) -> bool:
    """Whether a quota names a resource that is converted."""
    names = (rules.names.count, rules.names.memory, rules.names.cores)
    return any(key.partition(".")[2] in names for key, _ in quota.hard)


def check(quotas: Iterable[Quota], requested: Charge, used: Charge, rules: Rules, whole_mib: int | None) -> None:
    """Raise `ForbiddenError` for the first quota that `requested` exceeds, beside what is in use.

    `whole_mib` is what counts as all memory of a card, None where no card is known.
    """
    for quota in quotas:
        exceeded = []
        for key, hard in quota.hard:
            wanted = _amount(key, requested, rules, whole_mib, quota.name)
            if not wanted:
                continue
            taken = _amount(key, used, rules, whole_mib, quota.name)
            if taken + wanted > hard:
                exceeded.append((key, wanted, taken, hard))
        if exceeded:
            raise ForbiddenError(
                f"exceeded quota: {quota.name}, requested: {_listed((key, wanted) for key, wanted, _, _ in exceeded)},"
                f" used: {_listed((key, taken) for key, _, taken, _ in exceeded)},"
                f" limited: {_listed((key, hard) for key, _, _, hard in exceeded)}"
            )


def _amount(key: str, charge: Charge, rules: Rules, whole_mib: int | None, quota: str) -> int:
    """What a charge counts as under a key, in the unit that users write."""
    names, resource = rules.names, key.partition(".")[2]
    if resource == names.count:
        return charge.cards
    if resource == names.cores:
        return charge.cores
    if resource != names.memory:
        return 0
    if charge.whole_memory and whole_mib is None:
        raise ForbiddenError(
            f"failed quota: {quota}: must specify {names.memory}: it counts the memory of cards, and what a whole card has is not known"
            " while no node offers one"
        )
    memory_mib = charge.memory_mib + charge.whole_memory * (whole_mib or 0)
    return -(-memory_mib // rules.memory_factor)


def _listed(amounts: Iterator[tuple[str, int]]) -> str:
    return ",".join(f"{key}={amount}" for key, amount in amounts)


def _is_extended(key: str) -> bool:
    return key.startswith(_PREFIXES) and "/" in key


def _whole(text: str) -> int:
    """What is no whole number allows nothing: a part of a card is none."""
    try:
        return parse_quantity(text)
    except InvalidInputError:
        return 0
