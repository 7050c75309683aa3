"""What becomes of a stored template: who owns it, whether pods name it, and for how long they have not."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.webhook_pods import Object, container, conversion_of, pod
from webhook.templates.stored import (
    FIELD_MANAGER,
    KEPT_UNUSED,
    UNUSED_ANNOTATION,
    Fate,
    fate_of,
    mark,
    named_by,
    read_template,
    waited_for,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


TEMPLATE = conversion_of(pod(container("main", gpu=1, gpumem=4000))).template


def stored(*managers: str, since: str | None = None) -> Object:
    assert TEMPLATE
    item: Object = deepcopy(TEMPLATE.manifest())
    item["metadata"] |= {"uid": "u", "resourceVersion": "7", "managedFields": [{"manager": name} for name in managers]}
    if since is not None:
        item["metadata"]["annotations"] = {UNUSED_ANNOTATION: since}
    return item


def fate(item: Object, *, is_named: bool, now: datetime = NOW) -> Fate:
    template = read_template(item)
    assert template
    return fate_of(template, is_named=is_named, now=now)


def test_a_template_that_pods_name_stays_and_loses_its_mark() -> None:
    assert fate(stored(FIELD_MANAGER), is_named=True) is Fate.STAY
    assert fate(stored(FIELD_MANAGER, since="2026-01-01T00:00:00+00:00"), is_named=True) is Fate.UNMARK


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(), Fate.STAY), (KEPT_UNUSED - timedelta(seconds=1), Fate.STAY), (KEPT_UNUSED, Fate.COLLECT)],
)
def test_a_template_that_no_pod_names_is_marked_and_collected_a_day_later(age: timedelta, expected: Fate) -> None:
    assert fate(stored(FIELD_MANAGER), is_named=False) is Fate.MARK
    marked = stored(FIELD_MANAGER, since=NOW.isoformat())
    assert fate(marked, is_named=False, now=NOW + age) is expected


@pytest.mark.parametrize("managers", [(), ("kubectl-create",), (FIELD_MANAGER, "kubectl-client-side-apply")])
def test_what_somebody_else_has_written_is_not_ours_to_collect(managers: tuple[str, ...]) -> None:
    old = (NOW - 10 * KEPT_UNUSED).isoformat()
    assert fate(stored(*managers), is_named=False) is Fate.STAY
    assert fate(stored(*managers, since=old), is_named=False) is Fate.STAY


def test_a_mark_that_nobody_can_read_is_written_anew() -> None:
    assert fate(stored(FIELD_MANAGER, since="yesterday"), is_named=False) is Fate.MARK


def test_a_mark_is_read_as_it_was_written() -> None:
    annotations = mark("7", NOW)["metadata"]["annotations"]
    template = read_template(stored(FIELD_MANAGER, since=annotations[UNUSED_ANNOTATION]))
    assert template
    assert template.unused_since == NOW


def test_what_is_larger_than_any_of_ours_is_not_kept() -> None:
    item = stored(FIELD_MANAGER)
    item["spec"]["spec"]["devices"]["requests"] = [{"name": "x" * 1000}] * 200
    assert read_template(item) is None


def waiting(*claims: tuple[str, str | None], made: tuple[str, ...] = ()) -> dict[str, Any]:
    entries = [
        {"name": name} | ({"resourceClaimTemplateName": template} if template else {}) for name, template in claims
    ]
    return {"spec": {"resourceClaims": entries}, "status": {"resourceClaimStatuses": [{"name": name} for name in made]}}


def test_a_pod_waits_for_the_templates_of_which_it_has_no_claim() -> None:
    pods = [waiting(("hami", "one"), ("own", "two"), ("other", None), made=("own",)), {"spec": {}}]
    assert list(waited_for(pods)) == ["one"]
    assert list(named_by(pods)) == ["one", "two"]


@given(
    st.lists(st.sampled_from([FIELD_MANAGER, "kubectl"]), max_size=2),
    st.none() | st.datetimes(timezones=st.just(UTC)) | st.text(max_size=5),
    st.booleans(),
)
def test_only_what_is_ours_unnamed_and_old_is_ever_collected(
    managers: list[str],
    since: datetime | str | None,
    is_named: bool,
) -> None:
    text = since.isoformat() if isinstance(since, datetime) else since
    if fate(stored(*managers, since=text), is_named=is_named) is Fate.COLLECT:
        assert not is_named
        assert set(managers) == {FIELD_MANAGER}
        assert isinstance(since, datetime)
        assert NOW - since >= KEPT_UNUSED
