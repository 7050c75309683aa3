"""Who else converts pods here: HAMi's and HAMi-DRA's webhooks. Two of a kind would undo each other's work, so ours ends beside one.

Not here: device plugins and drivers beside ours (dra_driver.slices.rivals).
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from catalog.errors import ConflictError
from kube.client import ApiError, ApiServer, Object
from webhook.registration import CONFIGURATION_NAME

_REGISTRATIONS: Final = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
_DOMAIN: Final = ".hami.io"
"""What the names of their webhooks end in, whatever their release is called: `vgpu.hami.io`, `mutate.hami.io`."""
_OURS: Final = "pods.hami.io"
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
LOOK_AGAIN_S: Final = 60.0

_LOG: Final = logging.getLogger(__name__)


class RivalCheck:
    """Looks as soon as the API server answers, and from time to time for one that comes later."""

    def __init__(self, api: ApiServer) -> None:
        self._api = api
        self.is_done = False
        """Whether it has looked, and nobody else was there."""
        self.found: tuple[str, ...] = ()
        """Who has come since; our webhook goes on, since pods with cards could not be made without it."""

    async def run(self) -> None:
        """Look until cancelled. Raises `ConflictError` where somebody is there at the first look; later it is said, once for each."""
        refuse_rivals(await self._registrations())
        self.is_done = True
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            self._note(tuple(rivals_among(await self._registrations())))

    async def _registrations(self) -> list[Object]:
        """Return what is registered; API errors are tried again with growing pauses."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return (await self._api.page(_REGISTRATIONS)).items
            except ApiError as error:
                _LOG.warning("other webhooks: %s; looking again in %.1f s", error, pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _note(self, found: tuple[str, ...]) -> None:
        if found and found != self.found:
            _LOG.error("other webhooks: %s; pods may be converted twice until then", _in_the_way(found))
        elif self.found and not found:
            _LOG.info("other webhooks: nobody else converts pods any more")
        self.found = found


def refuse_rivals(registrations: Iterable[Object]) -> None:
    """Raise `ConflictError` where one of these MutatingWebhookConfigurations converts pods as we do."""
    found = rivals_among(registrations)
    if found:
        raise ConflictError(f"{_in_the_way(found)}, then start this webhook")


def rivals_among(registrations: Iterable[Object]) -> list[str]:
    """Return who converts pods as we do, in words.

    Where our registration is there and asks about no pods (`hami-dra manifests --convert none`), nobody is in the way.
    """
    registrations = list(registrations)
    if any(each["metadata"]["name"] == CONFIGURATION_NAME and not each.get("webhooks") for each in registrations):
        return []
    return sorted(each for registration in registrations for each in _rivals(registration))


def _in_the_way(found: Iterable[str]) -> str:
    return (
        f"{' and '.join(found)} is registered in this cluster and would convert the same pods; uninstall HAMi or HAMi-DRA, or delete"
        " its MutatingWebhookConfiguration"
    )


def _rivals(registration: Mapping[str, Any]) -> Iterator[str]:
    name = registration["metadata"]["name"]
    for webhook in registration.get("webhooks") or ():
        called = webhook.get("name", "")
        is_ours = name == CONFIGURATION_NAME and (called == _OURS or called.endswith(f".{_OURS}"))
        if called.endswith(_DOMAIN) and not is_ours and any(map(_is_about_new_pods, webhook.get("rules") or ())):
            yield f"webhook {called} of MutatingWebhookConfiguration {name}"


def _is_about_new_pods(rule: Mapping[str, Any]) -> bool:
    resources, operations = rule.get("resources") or (), rule.get("operations") or ()
    return any(each in ("pods", "*", "*/*") for each in resources) and any(
        each in ("CREATE", "*") for each in operations
    )
