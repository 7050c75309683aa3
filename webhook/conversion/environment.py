"""What a container's environment says of its share, by the variables that HAMi's library reads, as `ShareConfig`.

The library of a managed container reads no environment: what counts is what stands in the claim, within the cluster's bounds. Pure.
Not here: variables that the project sets.
"""

from functools import cache
from typing import Final

from catalog.errors import InvalidInputError
from catalog.share_config import CorePolicy, ShareConfig
from webhook.contradictions import warnings_of_policy
from webhook.conversion.review import Container, Variable
from webhook.conversion.rules import Rules

PRIORITY: Final = "CUDA_TASK_PRIORITY"
CORE_POLICY: Final = "GPU_CORE_UTILIZATION_POLICY"
DISABLE_CONTROL: Final = "CUDA_DISABLE_CONTROL"
OVERSUBSCRIBE: Final = "CUDA_OVERSUBSCRIBE"
_READ: Final = frozenset((PRIORITY, CORE_POLICY, DISABLE_CONTROL, OVERSUBSCRIBE))
_SWITCHES: Final = {"": True, "true": True, "1": True, "false": False, "0": False}
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
    oversubscribe = _oversubscribes(container, found.get(OVERSUBSCRIBE, ""))
    config = ShareConfig(priority=priority, core_policy=policy, enforce=enforce, oversubscribe=oversubscribe)
    return config, tuple(warnings)


def contradictions(container: Container, cores: int, cores_name: str) -> tuple[str, ...]:
    """Return what a sound policy of the container's own contradicts of the cores (percent) that it asks under this name."""
    values = [variable.value for variable in container.env or () if variable.name == CORE_POLICY]
    if not values or not values[-1]:
        return ()
    found = warnings_of_policy(CorePolicy(values[-1]), cores, cores_name)
    return tuple(f"{_place(container, CORE_POLICY)}: {text}" for text in found)


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


def _oversubscribes(container: Container, text: str) -> bool:
    switch = _SWITCHES.get(text.strip().lower())
    if switch is None:
        raise InvalidInputError(
            f"{_place(container, OVERSUBSCRIBE)}: is neither true nor false; write false where the container's memory must stay on its card"
        )
    return switch


def _place(container: Container, variable: str) -> str:
    return f'container "{container.name[:64]}": env {variable}'
