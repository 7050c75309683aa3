"""The webhook's certificate in files: a key that cannot be read, and exchange while the webhook serves. Certificates that it makes itself:
test_webhook_certificates.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from catalog.errors import InvalidInputError
from hack.local_cluster.pki import Authority
from tests.waiting import until
from webhook.certificates.shown import Certificate
from webhook.serving.readiness import Readiness
from webhook.serving.server import Server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def certificate(authority: Authority, tmp_path: Path) -> Certificate:
    return Certificate(*authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"]))


@pytest.fixture
async def url(certificate: Certificate) -> AsyncIterator[str]:
    async with Server({}, Readiness(), certificate.context, "127.0.0.1", 0) as server:
        yield f"https://127.0.0.1:{server.port}"


def test_a_key_under_a_password_is_refused_and_nobody_is_asked(authority: Authority, tmp_path: Path) -> None:
    chain, key = authority.issue(tmp_path / "locked", "webhook", ["127.0.0.1"])
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    under_password = serialization.BestAvailableEncryption(b"password")
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    key.write_bytes(private.private_bytes(*form, under_password))
    with pytest.raises(InvalidInputError, match="not a PEM certificate chain with its key"):
        Certificate(chain, key)


async def serial_at(url: str, authority: Authority) -> int:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]), ssl=trust)
    shown = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    await writer.wait_closed()
    return int(shown["serialNumber"], 16)


async def until_another_serial(url: str, authority: Authority, before: int) -> None:
    for _ in range(1000):
        if await serial_at(url, authority) != before:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the certificate was not exchanged")


async def test_a_changed_certificate_is_shown_to_new_connections_and_open_ones_go_on(
    url: str, certificate: Certificate, authority: Authority, tmp_path: Path
) -> None:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]), ssl=trust)
    before = await serial_at(url, authority)
    renewal = asyncio.create_task(certificate.keep_current(poll_s=0.01))
    authority.issue(tmp_path / "tls", "webhook", ["127.0.0.1"])
    await until_another_serial(url, authority, before)
    renewal.cancel()
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: webhook\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).endswith(b"ok\n")
    writer.close()
    await writer.wait_closed()


async def test_files_that_do_not_match_leave_the_certificate_as_it_was_until_they_do(
    url: str, certificate: Certificate, authority: Authority, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = await serial_at(url, authority)
    new_chain, new_key = authority.issue(tmp_path / "new", "webhook", ["127.0.0.1"])
    renewal = asyncio.create_task(certificate.keep_current(poll_s=0.01))
    (tmp_path / "tls.crt").write_bytes(new_chain.read_bytes())
    await until(lambda: "the certificate stays as it was" in caplog.text)
    assert await serial_at(url, authority) == before
    (tmp_path / "tls.key").write_bytes(new_key.read_bytes())
    await until_another_serial(url, authority, before)
    renewal.cancel()
    assert caplog.text.count("the certificate stays as it was") == 1
