"""The webhook's own authority over the years: at every moment what a server shows is accepted by who trusts what a registration says,
whichever of both is behind; damage, expiry and new names are mended; clocks that differ do no harm.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store

from webhook.certificates.authority import AUTHORITY_LIFE, LEAF_LIFE, SETTLING, SKEW, Material, expiry, renewed

NAMES = ("hami-dra-webhook.hami-system.svc", "10.0.0.1")
START = datetime(2026, 1, 1, tzinfo=UTC)


def made(now: datetime = START, names: tuple[str, ...] = NAMES) -> Material:
    return renewed(None, names, now, is_trusted=False)


def accepts(bundle: bytes, chain: bytes, now: datetime, name: str = NAMES[0]) -> bool:
    """Whether a client that trusts `bundle` accepts what a server shows, as the API server would."""
    verifier = PolicyBuilder().store(Store(x509.load_pem_x509_certificates(bundle))).time(now)
    try:
        verifier.build_server_verifier(x509.DNSName(name)).verify(x509.load_pem_x509_certificate(chain), [])
    except x509.verification.VerificationError:
        return False
    return True


def count(bundle: bytes) -> int:
    return bundle.count(b"-----BEGIN CERTIFICATE-----")


def test_what_is_made_is_p256_and_accepted() -> None:
    material = made()
    key = x509.load_pem_x509_certificate(material.chain).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert accepts(material.authorities, material.chain, START)
    assert not accepts(made().authorities, material.chain, START), "another authority does not vouch"


def test_a_clock_that_is_an_hour_behind_accepts_it_at_once() -> None:
    material = made()
    assert accepts(material.authorities, material.chain, START - SKEW + timedelta(seconds=1))


def test_while_nothing_is_due_nothing_changes() -> None:
    material = made()
    for days in range(60):
        assert renewed(material, NAMES, START + timedelta(days=days), is_trusted=True) is material


@pytest.mark.parametrize("trust_lag", [timedelta(0), timedelta(days=2)])
def test_for_three_years_server_and_client_agree_though_either_is_one_step_behind(trust_lag: timedelta) -> None:
    shown = made()
    trusted = shown.authorities
    trusted_since, now, exchanges = START, START, 0
    while now < START + 3 * timedelta(days=365):
        now += timedelta(hours=31)
        if trusted != shown.authorities and now - trusted_since >= trust_lag:
            trusted = shown.authorities
        newest = shown.authorities.partition(b"-----END")[0]
        due = renewed(shown, NAMES, now, is_trusted=newest in trusted)
        if due is shown:
            continue
        exchanges += 1
        for chain in (shown.chain, due.chain):
            for bundle in (trusted, due.authorities):
                assert accepts(bundle, chain, now), f"at {now}"
        if due.authorities != shown.authorities:
            trusted_since = now
        shown = due
        assert count(shown.authorities) <= 3
    assert exchanges > 15


def test_a_successor_signs_only_when_it_is_trusted_and_has_settled() -> None:
    now = START + AUTHORITY_LIFE * 2 / 3 + timedelta(days=1)
    fresh_leaf = renewed(made(), NAMES, now - timedelta(days=2), is_trusted=True)
    overlap = renewed(fresh_leaf, NAMES, now, is_trusted=True)
    assert count(overlap.authorities) == 2
    assert overlap.chain == fresh_leaf.chain
    settled = now + SETTLING
    assert renewed(overlap, NAMES, settled - timedelta(seconds=1), is_trusted=True) is overlap
    assert renewed(overlap, NAMES, settled, is_trusted=False) is overlap
    followed = renewed(overlap, NAMES, settled, is_trusted=True)
    assert followed.chain != overlap.chain
    assert followed.authorities == overlap.authorities
    assert accepts(followed.authorities, followed.chain, settled)


def test_after_a_long_sleep_all_is_made_anew() -> None:
    late = START + AUTHORITY_LIFE + timedelta(days=1)
    again = renewed(made(), NAMES, late, is_trusted=True)
    assert accepts(again.authorities, again.chain, late)


def test_a_certificate_that_has_ended_is_replaced_though_nobody_has_settled() -> None:
    late = START + LEAF_LIFE + timedelta(days=1)
    material = made()
    again = renewed(material, NAMES, late, is_trusted=False)
    assert again.authorities == material.authorities
    assert accepts(again.authorities, again.chain, late)


@pytest.mark.parametrize("part", ["authorities", "authority_key", "chain", "key"])
@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"]
)
def test_what_is_damaged_is_made_anew(part: str, damage: bytes) -> None:
    again = renewed(replace(made(), **{part: damage}), NAMES, START, is_trusted=True)
    assert accepts(again.authorities, again.chain, START)


@pytest.mark.parametrize("part", ["authority_key", "key", "chain", "authorities"])
def test_parts_that_do_not_belong_together_are_mended(part: str) -> None:
    again = renewed(replace(made(), **{part: getattr(made(), part)}), NAMES, START, is_trusted=True)
    assert accepts(again.authorities, again.chain, START)


def test_another_name_of_the_service_gets_another_certificate_of_the_same_authority() -> None:
    material = made()
    renamed = renewed(material, ("other.ns.svc",), START, is_trusted=True)
    assert renamed.authorities == material.authorities
    assert accepts(renamed.authorities, renamed.chain, START, "other.ns.svc")


def test_a_name_that_is_spelt_otherwise_is_the_same() -> None:
    material = made(names=("Webhook.Example.ORG", "FD00:0::1"))
    assert renewed(material, ("FD00:0::1", "Webhook.Example.ORG"), START, is_trusted=True) is material


def test_a_clock_that_is_behind_does_not_renew_what_is_not_valid_for_it_yet() -> None:
    material = made()
    assert renewed(material, NAMES, START - timedelta(days=30), is_trusted=True) is material


def test_the_end_is_read_from_the_first_certificate() -> None:
    assert expiry(made().chain) == START + LEAF_LIFE
    with pytest.raises(ValueError, match="PEM"):
        expiry(b"nothing")
