"""One admission from review to answer: convert, make sure of the template, and say in which words a pod is refused.

Not here: HTTP (webhook.server) and the decision itself (webhook.conversion). Nothing of a pod but its name is logged.
"""

import logging
import traceback
from typing import Final, Protocol

from catalog.errors import ConflictError, HamiError, InvalidInputError
from webhook.conversion import Conversion, convert, convert_again
from webhook.fleet import UNKNOWN_FLEET, Fleet
from webhook.review import Request, Response, Status, decode_request, encode_patch, encode_response
from webhook.rules import DEFAULT_RULES, Rules
from webhook.template import Template

_log: Final = logging.getLogger(__name__)


class Templates(Protocol):
    """Where templates are kept."""

    async def ensure(self, namespace: str, template: Template) -> None:
        """Return when the template is in the namespace."""


class Admission:
    """Answers reviews."""

    def __init__(self, templates: Templates, rules: Rules = DEFAULT_RULES, fleet: Fleet = UNKNOWN_FLEET) -> None:
        self._templates = templates
        self.rules = rules
        """What counts from the next review on."""
        self.fleet = fleet

    async def answer(self, body: bytes) -> bytes:
        """Return the review that answers the one in `body`; raises `InvalidInputError` if that is no review of a pod."""
        request = decode_request(body)
        return encode_response(await self._decide(request))

    async def _decide(self, request: Request) -> Response:
        try:
            conversion = self._convert(request)
            if conversion and conversion.template and not request.dry_run:
                await self._templates.ensure(request.namespace, conversion.template)
        except HamiError as error:
            status = _status_of(error)
            _log.info("refused %s: %d %s: %s", _name(request), status.code, status.reason, _on_one_line(status.message))
            return Response(request.uid, allowed=False, status=status)
        except Exception as error:  # noqa: BLE001  a fault of ours must not leave the API server without an answer
            _log.error("fault in the admission of %s: %s", _name(request), _place_of(error))
            status = Status(500, "InternalError", "hami-dra webhook: internal error; its log says where")
            return Response(request.uid, allowed=False, status=status)
        return _allowed(request, conversion)

    def _convert(self, request: Request) -> Conversion | None:
        if request.operation == "UPDATE":
            return convert_again(request.object, self.rules)
        return convert(request.object, self.rules, self.fleet)


def _allowed(request: Request, conversion: Conversion | None) -> Response:
    if conversion is None:
        return Response(request.uid, allowed=True)
    template = conversion.template.name if conversion.template else "no new claim"
    _log.info("converted %s: %s%s", _name(request), template, " (dry run)" if request.dry_run else "")
    patch = encode_patch(conversion.patch)
    return Response(request.uid, allowed=True, patch=patch, patch_type="JSONPatch", warnings=conversion.warnings)


def _status_of(error: HamiError) -> Status:
    if isinstance(error, InvalidInputError):
        return Status(422, "Invalid", str(error))
    if isinstance(error, ConflictError):
        return Status(409, "Conflict", str(error))
    return Status(503, "ServiceUnavailable", str(error))


def _name(request: Request) -> str:
    metadata = request.object.metadata
    name = metadata.name or f"{metadata.generate_name}…"
    return _on_one_line(f"pod {request.namespace}/{name[:253]} ({request.uid[:36]})")


def _on_one_line(text: str) -> str:
    """A user's words, unable to pass for a line of the log: at admission names are not yet checked."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _place_of(error: Exception) -> str:
    """The kind of an exception and where it was raised: not its words, which may quote the pod."""
    frames = traceback.format_tb(error.__traceback__)
    return f"{type(error).__name__}\n{''.join(frames)}"
