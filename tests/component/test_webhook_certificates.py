"""The webhook's own certificates before an API server: several replicas that start at once end with one authority, registrations are told
and told again, an authority is followed by the next without a moment at which nobody trusts, and what is others' is left alone.
"""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import ConflictError, InvalidInputError
from hack.local_cluster.pki import Authority
from kube import client
from kube.client import ApiServer
from kube.config import load_config
from tests.component.fake_objects import FakeObjects
from tests.waiting import until
from webhook.certificates.authority import AUTHORITY_LIFE, LEAF_LIFE, SETTLING
from webhook.certificates.own import CONFIGURATIONS, OwnCertificate, place_for
from webhook.certificates.shown import ShownCertificate

PLACE = place_for("hami-system/hami-dra-webhook", "webhook-tls", ["127.0.0.1"])
SECRET = "/api/v1/namespaces/hami-system/secrets/webhook-tls"
MUTATING, VALIDATING = (f"{path}/hami-dra" for path in CONFIGURATIONS)


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeObjects]:
    async with FakeObjects(Authority.create(tmp_path / "ca"), tmp_path) as api:
        api.put(MUTATING, registration("pods.hami.io", "applied-again.pods.hami.io"))
        api.put(VALIDATING, registration("claims.hami.io"))
        yield api


def registration(*names: str) -> dict[str, Any]:
    service = {"service": {"namespace": "hami-system", "name": "hami-dra-webhook"}}
    return {"metadata": {}, "webhooks": [{"name": name, "clientConfig": dict(service)} for name in names]}


def bundles(api: FakeObjects) -> list[bytes]:
    webhooks = [webhook for path in (MUTATING, VALIDATING) for webhook in api.objects[path]["webhooks"]]
    return [base64.b64decode(webhook["clientConfig"].get("caBundle", "")) for webhook in webhooks]


def stored(api: FakeObjects, key: str) -> bytes:
    return base64.b64decode(api.objects[SECRET]["data"][key])


@asynccontextmanager
async def replica(
    api: FakeObjects, shown: ShownCertificate | None = None, clock: Clock | None = None
) -> AsyncIterator[OwnCertificate]:
    async with ApiServer(load_config(api.kubeconfig)) as server:
        yield OwnCertificate(server, PLACE, shown or ShownCertificate(), clock or Clock())


@contextmanager
def running(own: OwnCertificate) -> Iterator[None]:
    task = asyncio.create_task(own.keep_current())
    yield
    task.cancel()


async def test_the_first_replica_makes_it_and_tells_both_registrations(api: FakeObjects) -> None:
    shown = ShownCertificate()
    async with replica(api, shown) as own:
        before = own.is_there
        await own.look()
        assert (before, own.is_there) == (False, True)
    assert bundles(api) == [stored(api, "ca.crt")] * 3
    assert api.writes == [("POST", SECRET), ("PATCH", MUTATING), ("PATCH", VALIDATING)]
    assert shown.ends_at is not None
    assert LEAF_LIFE - timedelta(minutes=5) < shown.ends_at - datetime.now(UTC) < LEAF_LIFE
    service = {"namespace": "hami-system", "name": "hami-dra-webhook"}
    assert api.objects[MUTATING]["webhooks"][0]["clientConfig"]["service"] == service


async def test_replicas_that_start_at_once_end_with_one_authority(api: FakeObjects) -> None:
    async with replica(api) as one, replica(api) as two, replica(api) as three:
        await asyncio.gather(one.look(), two.look(), three.look())
        await asyncio.gather(one.look(), two.look(), three.look())
    assert [write for write in api.writes if write[1] == SECRET] == [("POST", SECRET)]
    assert bundles(api) == [stored(api, "ca.crt")] * 3


async def test_a_second_start_writes_nothing(api: FakeObjects) -> None:
    async with replica(api) as own:
        await own.look()
    api.writes.clear()
    async with replica(api) as own:
        await own.look()
    assert api.writes == []


async def test_a_registration_that_is_applied_again_is_told_at_once(api: FakeObjects) -> None:
    async with replica(api) as own:
        with running(own):
            await until(lambda: bundles(api) == [stored(api, "ca.crt")] * 3 if SECRET in api.objects else False)
            api.put(MUTATING, registration("pods.hami.io"))
            await until(lambda: bundles(api) == [stored(api, "ca.crt")] * 2)


async def test_a_deleted_secret_is_made_anew(api: FakeObjects) -> None:
    async with replica(api) as own:
        with running(own):
            await until(lambda: SECRET in api.objects)
            before = stored(api, "ca.crt")
            del api.objects[SECRET]
            api.put(VALIDATING, registration("claims.hami.io"))
            await until(lambda: SECRET in api.objects and bundles(api) == [stored(api, "ca.crt")] * 3)
            assert stored(api, "ca.crt") != before


async def until_a_successor_is_due(own: OwnCertificate, clock: Clock) -> None:
    """Let the time pass; certificates are renewed meanwhile."""
    clock.now += AUTHORITY_LIFE * 2 / 3 - timedelta(days=1)
    await own.look()
    clock.now += timedelta(days=1, hours=1)


async def test_an_authority_is_followed_while_one_that_replicas_show_is_always_trusted(api: FakeObjects) -> None:
    clock, shown, lagging = Clock(), ShownCertificate(), ShownCertificate()
    async with replica(api, shown, clock) as own, replica(api, lagging, clock) as other:
        await own.look()
        first = stored(api, "ca.crt")
        await until_a_successor_is_due(own, clock)
        await own.look()
        overlap, chain = stored(api, "ca.crt"), stored(api, "tls.crt")
        assert overlap.endswith(first)
        assert len(overlap) > len(first)
        assert bundles(api) == [overlap] * 3
        clock.now += SETTLING
        await other.look()
        assert stored(api, "tls.crt") != chain
        assert bundles(api) == [overlap] * 3
        await own.look()
        assert shown.ends_at == lagging.ends_at
        clock.now += AUTHORITY_LIFE / 3
        for _ in range(3):
            await own.look()
        assert first not in stored(api, "ca.crt")
        assert bundles(api) == [stored(api, "ca.crt")] * 3


async def test_a_replica_whose_clock_is_ahead_goes_by_the_servers(
    api: FakeObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return cls.fromtimestamp(datetime.now(UTC).timestamp(), tz) + 2 * AUTHORITY_LIFE

    async with replica(api) as own:
        await own.look()
    before = api.objects[SECRET]["data"]
    monkeypatch.setattr(client, "datetime", Ahead)
    async with ApiServer(load_config(api.kubeconfig)) as server:
        assert server.now() - datetime.now(UTC) > AUTHORITY_LIFE, (
            "before the server has answered there is the host's clock alone"
        )
        shown = ShownCertificate()
        await OwnCertificate(server, PLACE, shown).look()
    assert api.objects[SECRET]["data"] == before
    assert shown.ends_at


async def test_a_successor_does_not_sign_before_registrations_trust_it(api: FakeObjects) -> None:
    clock = Clock()
    async with replica(api, clock=clock) as own:
        await own.look()
        await until_a_successor_is_due(own, clock)
        await own.look()
        chain = stored(api, "tls.crt")
        clock.now += SETTLING
        api.put(MUTATING, registration("pods.hami.io"))
        await own.look()
        assert stored(api, "tls.crt") == chain, "the registration trusted nobody yet"
        await own.look()
        assert stored(api, "tls.crt") != chain


async def test_what_cert_manager_injects_is_left_to_it(api: FakeObjects) -> None:
    injected = registration("claims.hami.io")
    injected["metadata"]["annotations"] = {"cert-manager.io/inject-ca-from": "hami-system/webhook"}
    api.put(VALIDATING, injected)
    async with replica(api) as own:
        await own.look()
    assert ("PATCH", VALIDATING) not in api.writes
    assert bundles(api)[2] == b""


async def test_a_secret_of_somebody_else_is_not_written_over(api: FakeObjects) -> None:
    api.put(SECRET, {"metadata": {}, "data": {"tls.crt": base64.b64encode(b"theirs").decode()}})
    async with replica(api) as own:
        with pytest.raises(
            ConflictError, match="holds something that is not of hami-dra; name another with --tls-secret"
        ):
            await own.look()
    assert api.writes == []


async def test_an_empty_secret_that_was_put_there_for_us_is_filled(api: FakeObjects) -> None:
    api.put(SECRET, {"metadata": {}})
    async with replica(api) as own:
        await own.look()
    assert api.writes[0] == ("PATCH", SECRET)
    assert stored(api, "ca.crt").startswith(b"-----BEGIN CERTIFICATE-----")


async def test_a_damaged_secret_of_ours_is_mended(api: FakeObjects) -> None:
    async with replica(api) as own:
        await own.look()
        api.objects[SECRET]["data"]["tls.key"] = "!"
        await own.look()
        assert bundles(api) == [stored(api, "ca.crt")] * 3


async def test_without_an_api_server_it_waits_and_says_so_once(
    api: FakeObjects, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhook.certificates.own._RETRY_S", 0.01)
    monkeypatch.setattr("kube.changes.PAUSE_S", 0.01)
    caplog.set_level(logging.WARNING)
    api.failures = [500] * 40
    async with replica(api) as own:
        with running(own):
            await until(lambda: own.is_there)
    said = [record for record in caplog.records if "bad day" in record.getMessage()]
    assert 1 <= len(said) <= 3, "once for each call that failed"


async def test_no_key_is_logged(api: FakeObjects, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with replica(api) as own:
        await own.look()
    assert "PRIVATE" not in caplog.text
    assert api.objects[SECRET]["data"]["tls.key"][:40] not in caplog.text


@pytest.mark.parametrize(
    ("service", "secret", "names", "words"),
    [
        ("webhook", "tls", [], "--service webhook: write NAMESPACE/NAME"),
        ("a/B", "tls", [], "--service a/B"),
        ("a/b", "x/y", [], "--tls-secret x/y"),
        ("a/b", "tls", ["a b"], "--tls-name a b"),
    ],
)
def test_what_names_no_place_is_refused(service: str, secret: str, names: list[str], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        place_for(service, secret, names)


def test_certificates_are_for_the_names_of_the_service() -> None:
    assert PLACE.names == (
        "hami-dra-webhook.hami-system.svc",
        "hami-dra-webhook.hami-system.svc.cluster.local",
        "hami-dra-webhook.hami-system",
        "127.0.0.1",
    )
