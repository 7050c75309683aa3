"""One admission of a ResourceClaim or a template of such, from review to answer: is its configuration one, and does its namespace's
quota have room for it.

Templates make no claim yet and count nothing. Not here: HTTP (webhook.serving.server) and both judgements
(webhook.claims.check, webhook.quotas.quota).
"""

import logging
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final, Protocol

from catalog.errors import InvalidInputError
from webhook.claims.check import check_configs
from webhook.claims.review import ClaimRequest, decode_claim_request
from webhook.contradictions import warnings_of_claim
from webhook.conversion.review import Response, encode_response
from webhook.conversion.rules import Rules
from webhook.outcome import MALFORMED, Observe, outcome_of, unobserved
from webhook.refusal import decided, on_one_line

_REVIEW: Final = "validate"
_POD_CLAIM_NAME: Final = "resource.kubernetes.io/pod-claim-name"
"""Annotation of claims that Kubernetes makes for a pod from a template."""

_log: Final = logging.getLogger(__name__)


class Quotas(Protocol):
    """What is counted against the quotas of a namespace."""

    async def admit_claim(
        self, namespace: str, spec: Mapping[str, Any], *, is_for_pod: bool, dry_run: bool = False
    ) -> None:
        """Count a claim that is being made."""


class ClaimAdmission:
    """Answers reviews."""

    def __init__(self, quotas: Quotas, rules: Callable[[], Rules], observe: Observe = unobserved) -> None:
        """`rules`: those that count at the moment."""
        self._quotas = quotas
        self._rules = rules
        self._observe = observe

    async def answer(self, body: bytes) -> bytes:
        """Return the review that answers the one in `body`; raises `InvalidInputError` if that is none of a claim or template."""
        started_s = perf_counter()
        try:
            request = decode_claim_request(body)
        except InvalidInputError:
            self._observe(_REVIEW, *MALFORMED, perf_counter() - started_s)
            raise
        response = await decided(request.uid, lambda: _name(request), self._decide(request))
        self._observe(_REVIEW, *outcome_of(response), perf_counter() - started_s)
        return encode_response(response)

    async def _decide(self, request: ClaimRequest) -> Response:
        spec, path = request.claim_spec()
        check_configs(spec, path, self._rules())
        if not request.is_template and request.operation == "CREATE":
            is_for_pod = _POD_CLAIM_NAME in (request.object.metadata.annotations or {})
            await self._quotas.admit_claim(
                request.namespace, spec, is_for_pod=is_for_pod, dry_run=bool(request.dry_run)
            )
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("allowed %s", _name(request))
        warnings = warnings_of_claim(spec, path) if request.operation == "CREATE" else ()
        return Response(request.uid, allowed=True, warnings=warnings)


def _name(request: ClaimRequest) -> str:
    metadata = request.object.metadata
    name = metadata.name or f"{metadata.generate_name}…"
    return on_one_line(f"{request.resource.resource[:-1]} {request.namespace}/{name[:253]} ({request.uid[:36]})")
