"""The form of an event (v1 Event), and how long its parts may be. Not here: who is told of what, how often, and by whom it is written."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from kube.client import Object

MESSAGE_LIMIT: Final = 1000
_NAME_LIMIT: Final = 253


def events_in(namespace: str) -> str:
    """Return the path of the events of a namespace."""
    return f"/api/v1/namespaces/{namespace}/events"


def warning(
    about: Mapping[str, str],
    reason: str,
    message: str,
    source: Mapping[str, str],
    *,
    first: datetime | None = None,
    last: datetime | None = None,
    count: int = 1,
) -> Object:
    """Return a warning about an object, as `involvedObject` names it; of one without a namespace it is in `default`. It was so `count`
    times, from `first` to `last` (now).
    """
    now, suffix = datetime.now(UTC), f".{time.time_ns():x}"
    name = about["name"][: _NAME_LIMIT - len(suffix)] + suffix
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"namespace": about.get("namespace", "default"), "name": name},
        "involvedObject": dict(about),
        "type": "Warning",
        "reason": reason,
        "message": message[:MESSAGE_LIMIT],
        "source": dict(source),
        "firstTimestamp": timestamp(first or now),
        "lastTimestamp": timestamp(last or now),
        "count": count,
    }


def timestamp(moment: datetime) -> str:
    """Return a moment in UTC as Kubernetes writes it (RFC 3339, to the second)."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
