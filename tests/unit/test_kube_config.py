"""Kubeconfigs: certificates in line and in files, tokens, the in-cluster account; each fault with file, field and remedy."""

import base64
import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from catalog.errors import InvalidInputError
from kube.config import from_kubeconfig, from_service_account, load_config


@pytest.fixture(scope="module")
def identity() -> tuple[bytes, bytes]:
    """A self-signed certificate and its key, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def kubeconfig(folder: Path, cluster: dict[str, Any], user: dict[str, Any]) -> Path:
    path = folder / "kubeconfig"
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": user}],
    }
    path.write_text(yaml.safe_dump(document))
    return path


def test_certificates_in_line_and_in_files_are_the_same(tmp_path: Path, identity: tuple[bytes, bytes]) -> None:
    certificate, key = identity
    (tmp_path / "crt.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    encoded = {name: base64.b64encode(data).decode() for name, data in zip(("crt", "key"), identity, strict=True)}
    in_line = from_kubeconfig(
        kubeconfig(
            tmp_path,
            {"server": "https://127.0.0.1:6443/", "certificate-authority-data": encoded["crt"]},
            {"client-certificate-data": encoded["crt"], "client-key-data": encoded["key"]},
        )
    )
    in_files = from_kubeconfig(
        kubeconfig(
            tmp_path,
            {"server": "https://127.0.0.1:6443", "certificate-authority": "crt.pem"},
            {"client-certificate": "crt.pem", "client-key": "key.pem"},
        )
    )
    assert in_line.url == in_files.url == "https://127.0.0.1:6443"
    assert in_line.tls.get_ca_certs() == in_files.tls.get_ca_certs() != []
    assert in_line.bearer_token() is None


def test_a_token_file_is_read_again_each_time(tmp_path: Path) -> None:
    config = from_kubeconfig(kubeconfig(tmp_path, {"server": "https://x"}, {"tokenFile": "token"}))
    for token in ("first", "second"):
        (tmp_path / "token").write_text(token + "\n")
        assert config.bearer_token() == token


def test_a_pod_finds_its_service_account(
    tmp_path: Path, identity: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.crt").write_bytes(identity[0])
    (tmp_path / "token").write_text("t")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "fd00::1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "6443")
    config = from_service_account(tmp_path)
    assert (config.url, config.bearer_token()) == ("https://[fd00::1]:6443", "t")


def test_neither_file_nor_pod_says_how_to_name_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(InvalidInputError, match="--kubeconfig FILE"):
        load_config(None)


@pytest.mark.parametrize(
    ("cluster", "user", "named"),
    [
        ({"server": "http://x"}, {}, "write an https:// URL"),
        ({}, {}, "write an https:// URL"),
        ({"server": "https://me:word@x"}, {}, "holds a user or password, which would be logged"),
        ({"server": "https://x", "insecure-skip-tls-verify": True}, {}, "insecure-skip-tls-verify"),
        ({"server": "https://x"}, {"exec": {"command": "aws"}}, "use a certificate or a token"),
        ({"server": "https://x", "certificate-authority": "missing.pem"}, {}, r"missing\.pem"),
        ({"server": "https://x", "certificate-authority-data": "%%%"}, {}, "not base64"),
        ({"server": "https://x", "certificate-authority-data": "YWJj"}, {}, "write the kubeconfig anew"),
    ],
)
def test_each_fault_names_field_and_remedy(
    tmp_path: Path, cluster: dict[str, Any], user: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidInputError, match=named):
        from_kubeconfig(kubeconfig(tmp_path, cluster, user))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a: [", "not YAML"),
        ("[]", "kind is not Config"),
        ("kind: Config", "contexts has no None"),
        (None, "No such file"),
    ],
)
def test_an_unusable_file_is_named(tmp_path: Path, text: str | None, named: str) -> None:
    path = tmp_path / "kubeconfig"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InvalidInputError, match=named) as caught:
        from_kubeconfig(path)
    assert str(path) in str(caught.value)
