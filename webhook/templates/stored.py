"""A template of ours as the API server has it, and what is to become of it once no pod names it. Pure.

A template that nobody but us has written (`metadata.managedFields`) is marked when no pod names it, and collected when the mark is a day
old. Who applies one by hand owns it: it may wait for a Deployment that is scaled to zero. Not here: the calls (webhook.templates.life).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any, Final

import msgspec

FIELD_MANAGER: Final = "hami-dra-webhook"
"""By this name the API server notes what admission writes."""
UNUSED_ANNOTATION: Final = "hami.io/unused-since"
"""When no pod named the template any more (RFC 3339). An admission that names it takes the mark away first, so that a collection
that is under way fails by its precondition."""
KEPT_UNUSED: Final = timedelta(days=1)

_SPEC_LIMIT_BYTES: Final = 2**17
"""What is kept of one; ours have some hundred bytes."""


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """One template: which (`uid`), in which version, its claims' spec as JSON, who wrote it, and since when it is unused."""

    uid: str
    version: str
    spec: bytes
    is_ours: bool
    """Whether nobody else has written it."""
    unused_since: datetime | None


class Fate(Enum):
    """What is to be done about a template."""

    STAY = auto()
    MARK = auto()
    UNMARK = auto()
    COLLECT = auto()


def read_template(item: Mapping[str, Any]) -> StoredTemplate | None:
    """Return what is kept of a ResourceClaimTemplate; None of one that is larger than any of ours."""
    metadata = item["metadata"]
    spec = msgspec.json.encode((item.get("spec") or {}).get("spec") or {})
    if len(spec) > _SPEC_LIMIT_BYTES:
        return None
    managers = [entry.get("manager") for entry in metadata.get("managedFields") or ()]
    return StoredTemplate(
        uid=metadata["uid"],
        version=metadata["resourceVersion"],
        spec=spec,
        is_ours=bool(managers) and all(manager == FIELD_MANAGER for manager in managers),
        unused_since=_time((metadata.get("annotations") or {}).get(UNUSED_ANNOTATION)),
    )


def is_marked(item: Mapping[str, Any]) -> bool:
    """Whether a template has the mark, readable or not."""
    return UNUSED_ANNOTATION in (item["metadata"].get("annotations") or {})


def mark(version: str, since: datetime | None) -> dict[str, Any]:
    """Return the merge patch that marks the template of that version as unused since then, or with None takes the mark away."""
    text = since.isoformat(timespec="seconds") if since else None
    return {"metadata": {"resourceVersion": version, "annotations": {UNUSED_ANNOTATION: text}}}


def fate_of(template: StoredTemplate, *, is_named: bool, now: datetime) -> Fate:
    """Return what is to be done about a template that pods name, or do not."""
    if is_named:
        return Fate.STAY if template.unused_since is None else Fate.UNMARK
    if not template.is_ours:
        return Fate.STAY
    if template.unused_since is None:
        return Fate.MARK
    return Fate.COLLECT if now - template.unused_since >= KEPT_UNUSED else Fate.STAY


def named_by(pods: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names of the templates that pods name."""
    for pod in pods:
        for claim in pod["spec"].get("resourceClaims") or ():
            name = claim.get("resourceClaimTemplateName")
            if name:
                yield name


def waited_for(pods: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names of the templates of which pods have no claim yet."""
    for pod in pods:
        statuses = (pod.get("status") or {}).get("resourceClaimStatuses") or ()
        made = {status["name"] for status in statuses}
        waiting = [claim for claim in pod["spec"].get("resourceClaims") or () if claim["name"] not in made]
        yield from named_by([{"spec": {"resourceClaims": waiting}}])


def _time(text: str | None) -> datetime | None:
    """The time of a mark; one that cannot be read is none, and so is written anew."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
