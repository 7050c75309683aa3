"""One admission from review to answer: convert, make sure of the template, and say in which words a pod is refused.

Not here: HTTP (webhook.server) and the decision itself (webhook.conversion). Nothing of a pod but its name is logged.
"""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final, Protocol

from catalog.errors import InvalidInputError
from webhook.conversion import Conversion, convert, convert_again
from webhook.fleet import UNKNOWN_FLEET, Fleet
from webhook.outcome import MALFORMED, Observe, outcome_of, unobserved
from webhook.refusal import decided, on_one_line
from webhook.review import Request, Response, decode_request, encode_patch, encode_response
from webhook.rules import DEFAULT_RULES, Rules
from webhook.template import Template

_log: Final = logging.getLogger(__name__)


Tell = Callable[[Request, tuple[str, ...]], None]


class Templates(Protocol):
    """Where templates are kept."""

    async def ensure(self, namespace: str, template: Template) -> None:
        """Return when the template is in the namespace."""


class Quotas(Protocol):
    """What is counted against the quotas of a namespace."""

    async def admit(self, namespace: str, spec: Mapping[str, Any], *, dry_run: bool = False) -> Callable[[], None]:
        """Count a claim that will be made, and return what takes that back."""


class NoQuotas:
    """A cluster in which nothing is counted."""

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

    async def answer(self, body: bytes) -> bytes:
        """Return the review that answers the one in `body`; raises `InvalidInputError` if that is no review of a pod."""
        started_s = perf_counter()
        try:
            request = decode_request(body)
        except InvalidInputError:
            self._observe("mutate", *MALFORMED, perf_counter() - started_s)
            raise
        response = await decided(request.uid, lambda: _name(request), self._decide(request))
        self._observe("mutate", *outcome_of(response), perf_counter() - started_s)
        return encode_response(response)

    async def _decide(self, request: Request) -> Response:
        conversion = self._convert(request)
        if conversion and conversion.template:
            await self._make_sure(request, conversion.template)
        if conversion and conversion.warnings:
            self._tell(request, conversion.warnings)
        return _allowed(request, conversion)

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
        return convert(request.object, self.rules, self.fleet)


def _allowed(request: Request, conversion: Conversion | None) -> Response:
    if conversion is None:
        return Response(request.uid, allowed=True)
    template = conversion.template.name if conversion.template else "no new claim"
    _log.debug("converted %s: %s%s", _name(request), template, " (dry run)" if request.dry_run else "")
    patch = encode_patch(conversion.patch)
    return Response(request.uid, allowed=True, patch=patch, patch_type="JSONPatch", warnings=conversion.warnings)


def _name(request: Request) -> str:
    metadata = request.object.metadata
    name = metadata.name or f"{metadata.generate_name}…"
    return on_one_line(f"pod {request.namespace}/{name[:253]} ({request.uid[:36]})")
