"""One admission from review to answer: convert, make sure of the template, and say in which words a pod is refused.

What needs nobody else, as all but the first of many replicas, is answered without waiting.
Not here: HTTP (webhook.serving.server) and the decision itself (webhook.conversion.pod). Nothing of a pod but its name is logged.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any, Final, Protocol

from catalog.errors import InvalidInputError
from webhook.conversion.fleet import UNKNOWN_FLEET, Fleet
from webhook.conversion.pod import Conversion, convert, convert_again
from webhook.conversion.review import Request, Response, decode_request, encode_patch, encode_response
from webhook.conversion.rules import DEFAULT_RULES, Rules
from webhook.conversion.template import Template
from webhook.known_defect import Version, check_cards
from webhook.outcome import MALFORMED, Observe, outcome_of, unobserved
from webhook.refusal import on_one_line, refusal

_log: Final = logging.getLogger(__name__)


Tell = Callable[[Request, tuple[str, ...]], None]


class Templates(Protocol):
    """Where templates are kept."""

    def is_known(self, namespace: str, template: Template) -> bool:
        """Whether the template is known to be in the namespace, so that `ensure` has nothing to do."""

    async def ensure(self, namespace: str, template: Template) -> None:
        """Return when the template is in the namespace."""


class Quotas(Protocol):
    """What is counted against the quotas of a namespace."""

    def may_count(self, namespace: str) -> bool:
        """Whether `admit` could count a claim in the namespace; False is certain."""

    async def admit(self, namespace: str, spec: Mapping[str, Any], *, dry_run: bool = False) -> Callable[[], None]:
        """Count a claim that will be made, and return what takes that back."""


class NoQuotas:
    """A cluster in which nothing is counted."""

    def may_count(self, _namespace: str) -> bool:
        """Count nothing."""
        return False

    async def admit(self, _namespace: str, _spec: Mapping[str, Any], *, dry_run: bool = False) -> Callable[[], None]:
        """Count nothing."""
        return lambda: None


class Admission:
    """Answers reviews."""

    def __init__(
        self,
        templates: Templates,
        rules: Rules = DEFAULT_RULES,
        fleet: Fleet = UNKNOWN_FLEET,
        observe: Observe = unobserved,
        tell: Tell = lambda _request, _warnings: None,
    ) -> None:
        """`tell` is told what was warned of, for those who do not read answers."""
        self._tell = tell
        self._templates = templates
        self.quotas: Quotas = NoQuotas()
        """What a pod's claim is counted against before its template is written."""
        self._observe = observe
        self.rules = rules
        """What counts from the next review on."""
        self.fleet = fleet
        self.kubernetes: Callable[[], Version | None] = lambda: None
        """Which Kubernetes schedules the pods; None is not known."""

    def reply(self, body: bytes) -> bytes | Awaitable[bytes]:
        """Return the review that answers the one in `body`, later only where something has to be waited for.

        Raises `InvalidInputError` if that is no review of a pod.
        """
        started_s = perf_counter()
        try:
            request = decode_request(body)
        except InvalidInputError:
            self._observe("mutate", *MALFORMED, perf_counter() - started_s)
            raise
        try:
            conversion = self._convert(request)
            template = conversion.template if conversion else None
            if template and self._has_to_wait(request, template):
                return self._reply_later(started_s, request, conversion, template)
            response = self._admitted(request, conversion)
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave the API server without an answer
            response = refusal(request.uid, _name(request), error)
        return self._told(started_s, response)

    async def _reply_later(
        self, started_s: float, request: Request, conversion: Conversion | None, template: Template
    ) -> bytes:
        try:
            await self._make_sure(request, template)
            response = self._admitted(request, conversion)
        except Exception as error:  # noqa: BLE001  as above
            response = refusal(request.uid, _name(request), error)
        return self._told(started_s, response)

    def _admitted(self, request: Request, conversion: Conversion | None) -> Response:
        if conversion and conversion.warnings:
            self._tell(request, conversion.warnings)
        return _allowed(request, conversion)

    def _told(self, started_s: float, response: Response) -> bytes:
        self._observe("mutate", *outcome_of(response), perf_counter() - started_s)
        return encode_response(response)

    def _has_to_wait(self, request: Request, template: Template) -> bool:
        if self.quotas.may_count(request.namespace):
            return True
        return not (request.dry_run or self._templates.is_known(request.namespace, template))

    async def _make_sure(self, request: Request, template: Template) -> None:
        """Count the pod's claim against the quotas of its namespace, and have its template written."""
        take_back = await self.quotas.admit(request.namespace, template.spec, dry_run=bool(request.dry_run))
        if request.dry_run:
            return
        try:
            await self._templates.ensure(request.namespace, template)
        except BaseException:
            take_back()
            raise

    def _convert(self, request: Request) -> Conversion | None:
        if request.operation == "UPDATE":
            return convert_again(request.object, self.rules)
        conversion = convert(request.object, self.rules, self.fleet)
        if conversion and conversion.template:
            check_cards(conversion.template.spec, self.kubernetes())
        return conversion


def _allowed(request: Request, conversion: Conversion | None) -> Response:
    if conversion is None:
        return Response(request.uid, allowed=True)
    if _log.isEnabledFor(logging.DEBUG):
        template = conversion.template.name if conversion.template else "no new claim"
        _log.debug("converted %s: %s%s", _name(request), template, " (dry run)" if request.dry_run else "")
    patch = encode_patch(conversion.patch)
    return Response(request.uid, allowed=True, patch=patch, patch_type="JSONPatch", warnings=conversion.warnings)


def _name(request: Request) -> str:
    metadata = request.object.metadata
    name = metadata.name or f"{metadata.generate_name}…"
    return on_one_line(f"pod {request.namespace}/{name[:253]} ({request.uid[:36]})")
