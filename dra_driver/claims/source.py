"""Where claims come from: the API server, asked again while its fault may pass.

The kubelet repeats a failed Prepare only after 11 to 15 s and gives a call 45 s, so a short outage is waited out here.
Not here: what a claim says (dra_driver.claims.allocation).
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from catalog.errors import InvalidInputError, UnavailableError
from dra_driver.slices.plan import API_VERSION
from kube.client import ApiError, ApiServer

_PATIENCE_S: Final = 25.0
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 2.0
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_SHOWN: Final = 80
_PASSING: Final = frozenset({0, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class ClaimReference:
    """How the kubelet names a claim."""

    namespace: str
    name: str
    uid: str

    def __str__(self) -> str:
        return f"claim {self.namespace}/{self.name} ({self.uid})"


class ClaimGoneError(InvalidInputError):
    """The API server has no such claim any more; one of the same name is another."""


class ClaimSource(Protocol):
    """Whoever knows claims."""

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        """Return the claim object. Raises `HamiError` when it cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class ApiClaims:
    """The claims of an API server."""

    api: ApiServer

    async def get(self, reference: ClaimReference) -> Mapping[str, Any]:
        """Return the claim object, which must still be the one the kubelet means. Raises `ClaimGoneError` if it is not."""
        _check(reference)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                claim = await self._get(reference)
        except TimeoutError as error:
            raise UnavailableError(
                f"{reference}: the API server did not answer for {_PATIENCE_S:.0f} s; the kubelet tries again"
            ) from error
        uid = claim["metadata"]["uid"]
        if uid != reference.uid:
            raise ClaimGoneError(f"{reference}: was deleted and made anew as {uid}; delete the pod that uses it")
        return claim

    async def _get(self, reference: ClaimReference) -> Mapping[str, Any]:
        path = f"/apis/{API_VERSION}/namespaces/{reference.namespace}/resourceclaims/{reference.name}"
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return await self.api.get(path)
            except ApiError as error:
                if error.not_found:
                    raise ClaimGoneError(
                        f"{reference}: does not exist any more; delete the pod that uses it"
                    ) from error
                if error.status not in _PASSING:
                    raise
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _check(reference: ClaimReference) -> None:
    """Let no name near a path that Kubernetes would not give."""
    if not _LABEL.fullmatch(reference.namespace) or not _SUBDOMAIN.fullmatch(reference.name):
        shown = f"claim {reference.namespace[:_SHOWN]!r}/{reference.name[:_SHOWN]!r} ({reference.uid[:_SHOWN]!r})"
        raise InvalidInputError(f"{shown}: its name is not one that Kubernetes gives; nothing was prepared")
