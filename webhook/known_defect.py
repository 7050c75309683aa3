"""The one defect of an older scheduler that a claim cannot be shaped around without loss: pods that would meet it are refused.

Kubernetes 1.35 compares each share of a request with the one before it only (kubernetes#140438), so that the third is of the first
one's card again; from 1.36 on it takes the devices of a request in their order, and none twice. Seen with the allocators of 1.35.10,
1.36.6 and 1.37.1. Not here: how many cards a pod asks for (webhook.conversion.pod).
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from catalog.errors import InvalidInputError
from catalog.names import SHARE_CLASS
from kube.client import ApiError, ApiServer

Version = tuple[int, int]
"""Of Kubernetes: major and minor."""

FIRST_SOUND: Final[Version] = (1, 36)
_MOST_CARDS: Final = 2
"""Of which each is compared with each other."""
_AGAIN_S: Final = 600.0
"""Clusters are upgraded under a webhook that runs."""
_FIRST_PAUSE_S: Final = 0.5

_log: Final = logging.getLogger(__name__)


def check_cards(spec: Mapping[str, Any], kubernetes: Version | None) -> None:
    """Raise `InvalidInputError` for a claim's spec whose cards this Kubernetes would give out twice; None is not known, and not judged."""
    if kubernetes is None or kubernetes >= FIRST_SOUND:
        return
    for request in spec["devices"]["requests"]:
        for asked in _alternatives(request):
            if asked["deviceClassName"] == SHARE_CLASS and asked["count"] > _MOST_CARDS:
                raise InvalidInputError(
                    f'container "{request["name"]}": asks for shares of {asked["count"]} cards, and Kubernetes {_text(kubernetes)}'
                    f" would give several of one card (kubernetes#140438); ask for at most {_MOST_CARDS}, or for whole cards, or use"
                    f" Kubernetes {_text(FIRST_SOUND)} or newer"
                )


def _alternatives(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "exactly" in request:
        yield request["exactly"]
    yield from request.get("firstAvailable", ())


def _text(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


class KubernetesVersion:
    """Which Kubernetes the API server is, looked at now and then while `run` runs."""

    def __init__(self, api: ApiServer) -> None:
        self._api = api
        self.current: Version | None = None
        """None until it is known."""

    async def run(self) -> None:
        """Look, until cancelled; what cannot be read leaves what was known, and is tried again with growing pauses."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                self.current = read_version(await self._api.get("/version"))
                pause_s = _AGAIN_S
            except (ApiError, InvalidInputError) as error:
                pause_s = min(2 * pause_s, _AGAIN_S)
                _log.warning("the version of Kubernetes: %s; looking again in %.0f s", error, pause_s)
            await asyncio.sleep(pause_s)


def read_version(answer: Mapping[str, Any]) -> Version:
    """Return the version in an answer to `GET /version` (k8s.io/apimachinery/pkg/version, Info); vendors write `35+` as well.

    Raises `InvalidInputError` where there is none.
    """
    parts = [str(answer.get(field, "")).rstrip("+") for field in ("major", "minor")]
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts):
        raise InvalidInputError(
            "GET /version: names no major and minor version; does a proxy stand before the API server?"
        )
    return int(parts[0]), int(parts[1])
