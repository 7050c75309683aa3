"""Keeps the webhook's own certificates: in a Secret that all replicas share, and in the caBundle of the registrations that lead here.

Whichever replica comes first writes; the others take what is there. A registration that cert-manager injects into is left to it.
Not here: what is due when (webhook.certificates.authority).
"""

import asyncio
import base64
import binascii
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final

from catalog.errors import ConflictError, HamiError, InvalidInputError, UnavailableError
from catalog.names import MANAGED_BY, MANAGED_BY_LABEL
from kube.changes import follow_changes
from kube.client import STRATEGIC_PATCH, ApiError, ApiServer, Object
from webhook.certificates.authority import Material, renewed
from webhook.certificates.shown import ShownCertificate
from webhook.registration import CONFIGURATION_NAME, service_of

CONFIGURATIONS: Final = tuple(
    f"/apis/admissionregistration.k8s.io/v1/{kind}"
    for kind in ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
)
_INJECTED: Final = "cert-manager.io/inject-ca-from"
"""Begins the annotations by which cert-manager is told to fill in the caBundle."""
_ATTEMPTS: Final = 5
_KEYS: Final = {"ca.crt": "authorities", "ca.key": "authority_key", "tls.crt": "chain", "tls.key": "key"}
_RETRY_S: Final = 2.0
_SUBDOMAIN: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*", re.ASCII
)

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the certificates are kept, and for which DNS names and addresses they are."""

    namespace: str
    secret: str
    names: tuple[str, ...]


def place_for(service: str, secret: str, further_names: Sequence[str] = ()) -> Place:
    """Return the place for a Service, given as `NAMESPACE/NAME`; its DNS names are those by which the API server and others call it.

    Raises `InvalidInputError`.
    """
    found = service_of(service, "--service")
    namespace, name = found.namespace, found.name
    names = (f"{name}.{namespace}.svc", f"{name}.{namespace}.svc.cluster.local", f"{name}.{namespace}", *further_names)
    for further in names:
        if not _is_usable(further):
            raise InvalidInputError(f"--tls-name {further}: write a DNS name or an address")
    if not _SUBDOMAIN.fullmatch(secret):
        raise InvalidInputError(f"--tls-secret {secret}: write the name of a Secret, without its namespace")
    return Place(namespace, secret, names)


def _is_usable(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return bool(_SUBDOMAIN.fullmatch(name.lower()))
    return True


class OwnCertificate:
    """The certificates of all replicas, and this one's part in keeping them."""

    def __init__(
        self,
        api: ApiServer,
        place: Place,
        shown: ShownCertificate,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """`now`: by default the API server's clock, which all replicas have in common and by which certificates are judged."""
        self._api = api
        self._place = place
        self._shown = shown
        self._now = now or api.now
        self._in_use: Material | None = None
        self._look = asyncio.Event()
        self._collection = f"/api/v1/namespaces/{place.namespace}/secrets"

    @property
    def is_there(self) -> bool:
        """Whether the certificate that the replicas share is shown."""
        return self._in_use is not None

    async def keep_current(self) -> None:
        """Look whenever something changes, and every few minutes for what ends, until cancelled. Troubles are said once and tried again."""
        watched = [(self._collection, self._place.secret), *((path, CONFIGURATION_NAME) for path in CONFIGURATIONS)]
        async with asyncio.TaskGroup() as group:
            for collection, name in watched:
                group.create_task(follow_changes(self._api, collection, name, self._look.set))
            await self._keep()

    async def _keep(self) -> None:
        reported = ""
        while True:
            self._look.clear()
            try:
                await self.look()
                reported = ""
            except HamiError as error:
                if str(error) != reported:
                    _log.warning("certificate: %s; tried again", error)
                reported = str(error)
                await asyncio.sleep(_RETRY_S)
                continue
            await self._look.wait()

    async def look(self) -> None:
        """Do what is due: make, exchange, show, and vouch. Raises `UnavailableError` if the API server did not take it."""
        for _ in range(_ATTEMPTS):
            registrations = [one for path in CONFIGURATIONS if (one := await self._registration(path))]
            material = await self._settled(registrations)
            if material:
                self._show(material)
                await self._vouch(registrations, material.authorities)
                return
        raise UnavailableError(f"{self._what}: was changed by others at each of {_ATTEMPTS} attempts")

    async def _settled(self, registrations: Sequence["_Registration"]) -> Material | None:
        """Return what the Secret holds once it holds what is due, or None where somebody else wrote at the same time."""
        stored = await self._stored()
        material = _material(stored)
        is_trusted = material is not None and all(one.trusts(_first(material.authorities)) for one in registrations)
        wanted = renewed(material, self._place.names, self._now(), is_trusted=is_trusted)
        if wanted is material:
            return material
        try:
            await self._write(stored, wanted)
        except ApiError as error:
            if error.conflict or (stored and error.not_found):
                return None
            raise
        _log.info("certificate: %s: %s", self._what, _change(material, wanted))
        self._look.set()  # what was written may make the next step due
        return wanted

    @property
    def _what(self) -> str:
        return f"Secret {self._place.namespace}/{self._place.secret}"

    async def _stored(self) -> Object | None:
        try:
            secret = await self._api.get(f"{self._collection}/{self._place.secret}")
        except ApiError as error:
            if error.not_found:
                return None
            raise
        labels = secret["metadata"].get("labels") or {}
        if secret.get("data") and labels.get(MANAGED_BY_LABEL) != MANAGED_BY:
            raise ConflictError(
                f"{self._what}: holds something that is not of hami-dra; name another with --tls-secret, or, if it is the"
                " webhook's certificate, mount it and give --tls-cert and --tls-key"
            )
        return secret

    async def _write(self, stored: Object | None, material: Material) -> None:
        data = {key: base64.b64encode(getattr(material, field)).decode() for key, field in _KEYS.items()}
        if stored:
            version = stored["metadata"]["resourceVersion"]
            patch = {"metadata": {"resourceVersion": version}, "data": data}
            await self._api.patch(f"{self._collection}/{self._place.secret}", patch)
            return
        metadata = {"name": self._place.secret, "labels": {MANAGED_BY_LABEL: MANAGED_BY}}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data}
        await self._api.create(self._collection, secret)

    def _show(self, material: Material) -> None:
        if self._in_use and (self._in_use.chain, self._in_use.key) == (material.chain, material.key):
            return
        self._shown.show(material.chain, material.key)
        _log.info("certificate: shown until %s", f"{self._shown.ends_at:%Y-%m-%d %H:%M}Z")
        self._in_use = material

    async def _registration(self, collection: str) -> "_Registration | None":
        path = f"{collection}/{CONFIGURATION_NAME}"
        try:
            registered = await self._api.get(path)
        except ApiError as error:
            if error.not_found:
                return None
            raise
        annotations = registered["metadata"].get("annotations") or {}
        if any(name.startswith(_INJECTED) for name in annotations):
            return None
        return _Registration(path, registered)

    async def _vouch(self, registrations: Sequence["_Registration"], authorities: bytes) -> None:
        for one in registrations:
            patch = one.patch(authorities)
            if patch is None:
                continue
            try:
                await self._api.patch(one.path, patch, STRATEGIC_PATCH)
                _log.info("certificate: caBundle of %s is as it has to be", one.path)
            except ApiError as error:
                if not (error.conflict or error.not_found):
                    raise
                self._look.set()  # somebody was faster: what there is now is looked at anew


@dataclass(frozen=True, slots=True)
class _Registration:
    """A webhook configuration that leads here."""

    path: str
    registered: Mapping[str, Any]

    def trusts(self, authority: bytes) -> bool:
        """Whether each of its webhooks is called with trust in an authority (PEM)."""
        return all(authority.strip() in _bundle(webhook) for webhook in self._webhooks)

    def patch(self, authorities: bytes) -> Object | None:
        """Return what makes its caBundles these authorities, unless it changed meanwhile; or None where they are."""
        others = [webhook["name"] for webhook in self._webhooks if _bundle(webhook) != authorities]
        if not others:
            return None
        bundle = {"caBundle": base64.b64encode(authorities).decode()}
        version = self.registered["metadata"]["resourceVersion"]
        webhooks = [{"name": name, "clientConfig": bundle} for name in others]
        return {"metadata": {"resourceVersion": version}, "webhooks": webhooks}

    @property
    def _webhooks(self) -> Sequence[Mapping[str, Any]]:
        return self.registered.get("webhooks") or ()


def _bundle(webhook: Mapping[str, Any]) -> bytes:
    return base64.b64decode(webhook["clientConfig"].get("caBundle") or "")


def _first(bundle: bytes) -> bytes:
    end = b"-----END CERTIFICATE-----"
    return bundle.partition(end)[0] + end


def _material(secret: Object | None) -> Material | None:
    data = (secret or {}).get("data") or {}
    try:
        return Material(**{field: base64.b64decode(data[key], validate=True) for key, field in _KEYS.items()})
    except (KeyError, binascii.Error):
        return None


def _change(before: Material | None, after: Material) -> str:
    if before is None or before.authority_key != after.authority_key:
        return "a new authority" if before is None or before.chain != after.chain else "an authority to follow"
    return "a new certificate" if before.chain != after.chain else "without authorities that have ended"
