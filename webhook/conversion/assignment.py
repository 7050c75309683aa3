"""Which request of the pod's claim meets the need of which container.

A pod holds for its whole life what its claim asks. Containers that run at the same time get a request each; an init container
reuses the request of one that starts only after it has ended. Pure. Not here: what a need or a request looks like.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webhook.conversion.needs import Need


@dataclass(frozen=True, slots=True)
class Asking:
    """A container that needs cards. A sidecar is an init container that runs on, beside those that start later."""

    container: str
    need: Need
    is_sidecar: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """The claim's requests by name, and for each container the name of the one that it uses."""

    requests: Mapping[str, Need]
    request_of: Mapping[str, str]


def assign(starting: Sequence[Asking], containers: Sequence[Asking]) -> Assignment:
    """Return requests that meet each need, given the pod's init containers and sidecars in their order, and its containers.

    Each container and each sidecar has a request of its own, named as it is. An init container takes the request that grows least
    by being widened to meet its need too (the first of equals), so that the pod holds the larger of both and not the sum. Sidecars
    that started before it are no choice: they run beside it. Without a choice it has a request of its own, which later init
    containers may take.
    """
    lasting = [*containers, *(asking for asking in starting if asking.is_sidecar)]
    requests = {asking.container: asking.need for asking in lasting}
    request_of = {asking.container: asking.container for asking in lasting}
    running: set[str] = set()
    for asking in starting:
        if asking.is_sidecar:
            running.add(asking.container)
            continue
        name = _cheapest({name: need for name, need in requests.items() if name not in running}, asking.need)
        requests[name or asking.container] = requests[name].joined(asking.need) if name else asking.need
        request_of[asking.container] = name or asking.container
    return Assignment(requests, request_of)


def _cheapest(choices: Mapping[str, Need], need: Need) -> str | None:
    return min(choices, key=lambda name: _growth(choices[name], need), default=None)


def _growth(request: Need, need: Need) -> tuple[int, ...]:
    widened = request.joined(need).weight()
    return tuple(after - before for after, before in zip(widened, request.weight(), strict=True))
