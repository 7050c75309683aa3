"""The webhook's own certificate authority: what is made, and when it is exchanged for what.

Certificates are exchanged before they end, and an authority signs only after API servers have learned to trust it, so that at no moment a
server shows what a client does not accept. EC P-256. Pure. Not here: where it is kept (webhook.certificates.own).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SKEW: Final = timedelta(hours=1)
"""Certificates are valid from so far in the past, for clocks that are behind."""
AUTHORITY_LIFE: Final = timedelta(days=365)
LEAF_LIFE: Final = timedelta(days=90)
SETTLING: Final = timedelta(minutes=10)
"""Age of an authority at which it begins to sign: API servers follow a changed registration within seconds."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the replicas share, each in PEM."""

    authorities: bytes
    """The authorities that vouch, the newest first: what a registration's caBundle has to be."""
    authority_key: bytes
    """The newest authority's."""
    chain: bytes
    """The certificate that servers show."""
    key: bytes


@dataclass(frozen=True, slots=True)
class _Read:
    """Material, understood."""

    authorities: tuple[x509.Certificate, ...]
    authority_key: ec.EllipticCurvePrivateKey
    leaf: x509.Certificate

    @classmethod
    def of(cls, material: Material) -> Self | None:
        """Return what the material says, or None where it cannot be used: damaged, or parts that do not belong together."""
        try:
            authorities = tuple(x509.load_pem_x509_certificates(material.authorities))
            authority_key = _private_key(material.authority_key)
            leaf = x509.load_pem_x509_certificate(material.chain)
            leaf_key = _private_key(material.key)
        except (ValueError, TypeError):
            return None
        fits = _belongs(authority_key, authorities[0]) and _belongs(leaf_key, leaf)
        return cls(authorities, authority_key, leaf) if fits else None

    @property
    def newest(self) -> x509.Certificate:
        """The authority that signs, or will."""
        return self.authorities[0]

    def signed_by(self, authority: x509.Certificate) -> bool:
        """Whether the leaf is of that authority."""
        try:
            self.leaf.verify_directly_issued_by(authority)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True


def renewed(material: Material | None, names: Sequence[str], now: datetime, *, is_trusted: bool) -> Material:
    """Return the material that is to be shown from now on; the same object where nothing is due.

    `names` are the DNS names of the server. `is_trusted` says whether all registrations hold the newest authority. At a third of its life
    before its end an authority gets a successor, which is added to the bundle first, and signs when it is trusted and has settled.
    """
    names = sorted({_spelt(name) for name in names})
    read = _Read.of(material) if material else None
    if material is None or read is None or read.newest.not_valid_after_utc <= now:
        return _made(names, now)
    if _is_due(read.newest, AUTHORITY_LIFE, now):
        return _with_successor(material, read, now)
    vouching = [each for each in read.authorities if each.not_valid_after_utc > now]
    if len(vouching) < len(read.authorities):
        return replace(material, authorities=_pem(vouching))
    return _with_leaf(material, read, names, now) if _needs_leaf(read, names, now, is_trusted=is_trusted) else material


def expiry(chain: bytes) -> datetime:
    """Return when a PEM certificate ends. Raises `ValueError` if it is none."""
    return x509.load_pem_x509_certificate(chain).not_valid_after_utc


def _needs_leaf(read: _Read, names: list[str], now: datetime, *, is_trusted: bool) -> bool:
    vouched = any(read.signed_by(each) for each in read.authorities)
    if read.leaf.not_valid_after_utc <= now or not vouched or _names_of(read.leaf) != names:
        return True  # nobody accepts it as it is: whoever signs, it cannot get worse
    has_settled = is_trusted and now - (read.newest.not_valid_before_utc + SKEW) >= SETTLING
    may_sign = has_settled or len(read.authorities) == 1
    return may_sign and (_is_due(read.leaf, LEAF_LIFE, now) or not read.signed_by(read.newest))


def _is_due(certificate: x509.Certificate, life: timedelta, now: datetime) -> bool:
    return certificate.not_valid_after_utc - now < life / 3


def _made(names: Sequence[str], now: datetime) -> Material:
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(key, now)
    chain, leaf_key = _leaf(authority, key, names, now)
    return Material(_pem([authority]), key_pem(key), chain, leaf_key)


def _with_successor(material: Material, read: _Read, now: datetime) -> Material:
    key = ec.generate_private_key(ec.SECP256R1())
    return replace(material, authorities=_pem([_authority(key, now), *read.authorities]), authority_key=key_pem(key))


def _with_leaf(material: Material, read: _Read, names: Sequence[str], now: datetime) -> Material:
    chain, key = _leaf(read.newest, read.authority_key, names, now)
    return replace(material, chain=chain, key=key)


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _named(f"hami-dra webhook authority {now:%Y-%m-%dT%H:%M:%SZ}")
    return (
        _builder(name, name, key.public_key(), now, now + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, names: Sequence[str], now: datetime
) -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(now + LEAF_LIFE, authority.not_valid_after_utc)
    certificate = (
        _builder(_named("hami-dra webhook"), authority.subject, key.public_key(), now, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    return _pem([certificate]), key_pem(key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Return what a key is for: to sign certificates, or in TLS (RFC 5280, 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def general_name(name: str) -> x509.GeneralName:
    """Return a DNS name or an address as certificates name it (RFC 5280, 4.2.1.6)."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _names_of(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return sorted(str(name.value) for name in names)


def _spelt(name: str) -> str:
    """A name or address as a certificate gives it back, so that one that is written otherwise is not taken for another."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.lower()


def _private_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not an EC key")
    return key


def _belongs(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bool:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _pem(certificates: Sequence[x509.Certificate]) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key in PEM, PKCS #8, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
