"""The cluster's certificate authority: one root, and leaf certificates for components, people and webhooks.

EC P-256 throughout. Certificates live for a year; a cluster is not meant to.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from webhook.certificates.authority import general_name, key_pem, key_usage

LIFETIME: Final = timedelta(days=365)
SKEW: Final = timedelta(minutes=5)
"""Certificates are valid from a little in the past, for clocks that differ."""


class Authority:
    """A certificate authority kept as `ca.crt` and `ca.key` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "ca.crt"
        self.key = folder / "ca.key"

    @classmethod
    def create(cls, folder: Path) -> "Authority":
        """Make a new authority in `folder`."""
        authority = cls(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = ec.generate_private_key(ec.SECP256R1())
        name = _subject("hami-dra local cluster", ())
        usage = key_usage(signs_certificates=True)
        certificate = (
            _builder(name, name, key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)  # Python ≥ 3.13 refuses an authority without it
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        authority.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_key(authority.key, key)
        return authority

    def issue(
        self, stem: Path, common_name: str, names: Sequence[str] = (), organizations: Sequence[str] = ()
    ) -> tuple[Path, Path]:
        """Issue a certificate for server and client use; returns the paths of `<stem>.crt` and `<stem>.key`.

        `names` are DNS names or IP addresses (subject alternative names); Kubernetes reads `common_name` as the user and
        `organizations` as the groups.
        """
        ca = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        ca_key = serialization.load_pem_private_key(self.key.read_bytes(), None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self.key}: not the EC key that was written there")
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(_subject(common_name, organizations), ca.subject, key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(key_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False
            )
        certificate_path, key_path = Path(f"{stem}.crt"), Path(f"{stem}.key")
        stem.parent.mkdir(parents=True, exist_ok=True)
        certificate_path.write_bytes(builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        _write_key(key_path, key)
        return certificate_path, key_path


def create_signing_key(private: Path, public: Path) -> None:
    """Make the key pair that signs and verifies ServiceAccount tokens."""
    key = ec.generate_private_key(ec.SECP256R1())
    _write_key(private, key)
    public.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return (
        builder.serial_number(x509.random_serial_number()).not_valid_before(now - SKEW).not_valid_after(now + LIFETIME)
    )


def _subject(common_name: str, organizations: Sequence[str]) -> x509.Name:
    groups = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization) for organization in organizations]
    return x509.Name([*groups, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key_pem(key))
