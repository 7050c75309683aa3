"""From a decision that fails to an answer: in which words and by which code an object is refused, and what the log says of it.

Not here: decisions. Nothing of an object but its name is logged.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from catalog.errors import ConflictError, ForbiddenError, HamiError, InvalidInputError
from webhook.conversion.review import Response, Status
from webhook.faults import place_of

_log: Final = logging.getLogger(__name__)


async def decided(uid: str, name: Callable[[], str], decision: Coroutine[Any, Any, Response]) -> Response:
    """Return the decision about the review `uid`, or the refusal that its failure is. `name` is the object's, for the log."""
    try:
        return await decision
    except Exception as error:  # noqa: BLE001  a fault of ours must not leave the API server without an answer
        return refusal(uid, name(), error)


def refusal(uid: str, name: str, error: Exception) -> Response:
    """Return the refusal that the failure of the decision about `uid` is, and log it; one that is no `HamiError` is a fault of ours."""
    if isinstance(error, HamiError):
        status = status_of(error)
        _log.info("refused %s: %d %s: %s", name, status.code, status.reason, on_one_line(status.message))
    else:
        _log.error("fault in the admission of %s: %s", name, place_of(error))
        status = Status(500, "InternalError", "hami-dra webhook: internal error; its log says where")
    return Response(uid, allowed=False, status=status)


def status_of(error: HamiError) -> Status:
    """Return code, reason and words for a refusal."""
    match error:
        case InvalidInputError():
            return Status(422, "Invalid", str(error))
        case ForbiddenError():
            return Status(403, "Forbidden", str(error))
        case ConflictError():
            return Status(409, "Conflict", str(error))
    return Status(503, "ServiceUnavailable", str(error))


def on_one_line(text: str) -> str:
    """A user's words, unable to pass for a line of the log: at admission names are not yet checked."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
