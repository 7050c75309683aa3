"""The log as JSON, one object a line, with the claim and the pods of the call that a line is about.

Not here: what is logged; the text form is Python's own.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final, Literal

from dra_driver.call import Call, current_call

Format = Literal["text", "json"]
_TEXT: Final = "%(asctime)s %(levelname)s %(message)s"


def set_up_logging(form: Format, level: str) -> None:
    """Log to standard error from now on. `level` is a name of Python's, in any case."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for chatty in ("asyncio", "grpc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: `time`, `level`, `logger`, `message`, and `claim`, `pods`, `error` where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        document: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        call = current_call()
        if call is not None:
            document |= _about(call)
        if record.exc_info:
            document["error"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)


def _about(call: Call) -> dict[str, Any]:
    claim = {"namespace": call.namespace, "name": call.name, "uid": call.uid}
    return {"claim": claim} | ({"pods": [pod.name for pod in call.pods]} if call.pods else {})
