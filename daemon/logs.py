"""The log of a program on standard error: text, or JSON with one object a line.

Not here: what is logged, and what a line is about (whoever sets the log up says so).
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

Format = Literal["text", "json"]
_TEXT: Final = "%(asctime)s %(levelname)s %(message)s"

Subject = Callable[[], Mapping[str, Any]]
"""Returns what the line that is being written is about, as members of its object."""


def nothing() -> Mapping[str, Any]:
    """Return no member."""
    return {}


def set_up_logging(form: Format, level: str, subject: Subject = nothing) -> None:
    """Log to standard error from now on. `level` is a name of Python's, in any case."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(subject) if form == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    for chatty in ("asyncio", "grpc"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonFormatter(logging.Formatter):
    """A record as one JSON object: `time`, `level`, `logger`, `message`, what the subject adds, and `error` where there is one."""

    def __init__(self, subject: Subject = nothing) -> None:
        super().__init__()
        self._subject = subject

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        document: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._subject(),
        }
        if record.exc_info:
            document["error"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False)
