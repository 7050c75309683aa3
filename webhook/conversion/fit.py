"""Whether any card of the fleet could meet a need at all: what none can is refused at once, and not left Pending.

Pure. Not here: whether one is free at the moment, which is the scheduler's to say.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from catalog.errors import InvalidInputError
from webhook.conversion.fleet import CardKind, Fleet
from webhook.conversion.needs import Need
from webhook.conversion.preferences import modes_of
from webhook.conversion.rules import Rules
from webhook.conversion.selectors import allows
from webhook.conversion.wishes import AVOID_TYPE, MODE, USE_TYPE, Mode, Wishes

_NAMED_KINDS: Final = 8


def check_fit(container: str, need: Need, wishes: Wishes, rules: Rules, fleet: Fleet) -> tuple[str, ...]:
    """Return warnings about a need that only cards could meet which are not there yet; nothing is known, nothing is said.

    Raises `InvalidInputError` with the largest card there is.
    """
    if not fleet.is_known:
        return ()
    modes = modes_of(need, wishes, fleet)
    suited = [kind for kind in fleet.kinds if kind.memory_mib >= (need.memory_mib or 0) and _suits(kind, modes, wishes)]
    if any(kind.cards for kind in suited):
        return ()
    if suited:
        return (
            f'container "{container}": no card that is there now is enough; the pod waits for one of fleet.expected',
        )
    present = [kind for kind in fleet.kinds if kind.cards]
    if not present:
        return (f'container "{container}": no node offers a card at the moment; the pod waits for one',)
    raise InvalidInputError(f'container "{container}": {_reason(present, need, modes, wishes, rules)}')


def _suits(kind: CardKind, modes: Sequence[Mode], wishes: Wishes) -> bool:
    in_mode = Mode.MIG in modes if kind.is_mig else Mode.SHARE in modes or Mode.WHOLE in modes
    return in_mode and allows(wishes, kind.product_name)


def _reason(present: Sequence[CardKind], need: Need, modes: Sequence[Mode], wishes: Wishes, rules: Rules) -> str:
    named = [kind for kind in present if allows(wishes, kind.product_name)]
    if not named:
        return f"annotations {USE_TYPE} and {AVOID_TYPE} leave no card; there are: {_names(present)}"
    suited = [kind for kind in named if _suits(kind, modes, wishes)]
    if not suited:
        return f"no card is there in mode {', '.join(modes)}; write another mode into annotation {MODE}"
    largest = max(suited, key=lambda kind: kind.memory_mib)
    return (
        f"{rules.names.memory} {need.memory_mib} MiB per card; largest card is {largest.memory_mib} MiB, {largest.product_name}:"
        " ask for at most that, or let fleet.expected in the webhook's configuration name a larger one that will come"
    )


def _names(kinds: Iterable[CardKind]) -> str:
    names = sorted({kind.product_name or "cards without a name" for kind in kinds})
    return ", ".join(names[:_NAMED_KINDS]) + (", …" if len(names) > _NAMED_KINDS else "")
