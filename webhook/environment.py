"""What a container's environment says of its share, by the variables that HAMi's library reads, as `ShareConfig`.

The library of a managed container reads no environment: what counts is what stands in the claim, within the cluster's bounds. Pure.
Not here: variables that the project sets.
"""

from functools import cache
from typing import Final

from catalog.errors import InvalidInputError
from catalog.share_config import CorePolicy, ShareConfig
from webhook.review import Container, Variable
from webhook.rules import Rules

PRIORITY: Final = "CUDA_TASK_PRIORITY"
CORE_POLICY: Final = "GPU_CORE_UTILIZATION_POLICY"
DISABLE_CONTROL: Final = "CUDA_DISABLE_CONTROL"
_READ: Final = frozenset((PRIORITY, CORE_POLICY, DISABLE_CONTROL))
_PRIORITIES: Final = {"0": 0, "1": 1}


def config_of(container: Container, priority: int | None, rules: Rules) -> tuple[ShareConfig, tuple[str, ...]]:
    """Return the configuration of a container's share, and warnings. `priority` is what its limits say, and goes first.

    Raises `InvalidInputError` naming container, variable and allowed values; never the value, which may be anything.
    """
    found: dict[str, str] = {}
    warnings = []
    for variable in container.env or ():
        if variable.name in _READ:
            found[variable.name] = variable.value or ""
            warnings += _not_followed(container, variable)
    if not found and priority is None:
        return _unsaid(rules.core_policy), ()
    if priority is None:
        priority = _priority(container, found.get(PRIORITY, ""))
    policy = _core_policy(container, found.get(CORE_POLICY, ""), rules)
    enforce = not _disables(container, found.get(DISABLE_CONTROL, ""), rules)
    return ShareConfig(priority=priority, core_policy=policy, enforce=enforce), tuple(warnings)


@cache
def _unsaid(core_policy: CorePolicy) -> ShareConfig:
    """What holds for most containers, whose environment says nothing."""
    return ShareConfig(core_policy=core_policy)


def _not_followed(container: Container, variable: Variable) -> list[str]:
    if variable.value_from is None:
        return []
    return [f"{_place(container, variable.name)}: has no effect from a reference (valueFrom); write its value"]


def _priority(container: Container, text: str) -> int:
    if text in ("", *_PRIORITIES):
        return _PRIORITIES.get(text, 1)
    raise InvalidInputError(f"{_place(container, PRIORITY)}: is neither 0 (goes first) nor 1; write one of them")


def _core_policy(container: Container, text: str, rules: Rules) -> CorePolicy:
    if not text:
        return rules.core_policy
    try:
        return CorePolicy(text)
    except ValueError as error:
        allowed = ", ".join(CorePolicy)
        raise InvalidInputError(f"{_place(container, CORE_POLICY)}: is none of {allowed}; write one of them") from error


def _disables(container: Container, text: str, rules: Rules) -> bool:
    disables = text.strip().lower() == "true"
    if disables and not rules.allow_disable_control:
        raise InvalidInputError(
            f"{_place(container, DISABLE_CONTROL)}: this cluster allows no share without limits; remove the variable, or ask for a"
            f" whole card ({rules.names.count} alone)"
        )
    return disables


def _place(container: Container, variable: str) -> str:
    return f'container "{container.name[:64]}": env {variable}'
