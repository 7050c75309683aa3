"""Certificates of the local cluster, checked by TLS itself and not by reading them."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from hack.local_cluster.pki import Authority, create_signing_key


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("certs"))


def handshake(authority: Authority, server: tuple[Path, Path], client: tuple[Path, Path], name: str) -> str:
    """Negotiate TLS in memory with certificates on both sides; returns the subject that the server sees."""
    of_server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority.certificate))
    of_server.verify_mode = ssl.CERT_REQUIRED
    of_server.verify_flags |= ssl.VERIFY_X509_STRICT
    of_server.load_cert_chain(*server)
    of_client = ssl.create_default_context(cafile=str(authority.certificate))
    of_client.verify_flags |= ssl.VERIFY_X509_STRICT
    of_client.load_cert_chain(*client)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        of_client.wrap_bio(to_client, to_server, server_hostname=name),
        of_server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return str(ends[1].getpeercert())


def test_server_and_client_accept_each_other_by_name_and_by_address_under_strict_rules(
    authority: Authority, tmp_path: Path
) -> None:
    server = authority.issue(tmp_path / "server", "api", ["localhost", "10.89.7.2"])
    client = authority.issue(tmp_path / "client", "system:node:n", (), ["system:nodes", "another"])
    for name in ("localhost", "10.89.7.2"):
        seen = handshake(authority, server, client, name)
        assert "system:node:n" in seen
        assert "system:nodes" in seen
        assert "another" in seen


def test_another_name_is_refused(authority: Authority, tmp_path: Path) -> None:
    server = authority.issue(tmp_path / "server", "api", ["localhost"])
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(authority, server, server, "elsewhere")


def test_another_authoritys_certificate_is_refused(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority.create(tmp_path / "other")
    server = stranger.issue(tmp_path / "server", "api", ["localhost"])
    with pytest.raises(ssl.SSLCertVerificationError, match="certificate verify failed"):
        handshake(authority, server, server, "localhost")


def test_the_authority_carries_the_key_usage_that_newer_pythons_ask_for(authority: Authority) -> None:
    certificate = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_keys_are_readable_by_their_owner_alone(authority: Authority, tmp_path: Path) -> None:
    create_signing_key(tmp_path / "sa.key", tmp_path / "sa.pub")
    _, key = authority.issue(tmp_path / "client", "someone")
    for path in (authority.key, key, tmp_path / "sa.key"):
        assert path.stat().st_mode & 0o077 == 0
