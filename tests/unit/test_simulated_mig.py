"""MIG in the cards file: profiles of known models, what an instance is, and what each refusal says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import InvalidInputError
from catalog.names import MIB
from dra_driver.simulated.card_file import static_part
from dra_driver.simulated.cards import MODELS, SimulatedCard, files_of
from dra_driver.simulated.mig import profiles
from tests.unit.test_simulated_cards import cards_of

A100 = "NVIDIA A100-SXM4-80GB"
PROFILES = {
    "NVIDIA A100-SXM4-40GB": ["1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"],
    A100: ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"],
    "NVIDIA H100 80GB HBM3": ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"],
    "NVIDIA H200": ["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"],
    "NVIDIA B200": ["1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"],
}


def card_with(mig: str, model: str = A100, more: str = "") -> SimulatedCard:
    (card,) = cards_of(f"cards: [{{model: {model}, mig: {mig}{more}}}]")
    return card


@pytest.mark.parametrize("model", PROFILES)
def test_profiles_are_called_as_nvidia_calls_them(model: str) -> None:
    assert list(profiles(MODELS[model].memory_mib * MIB)) == PROFILES[model]


def test_an_instance_has_its_slices_of_the_card_and_a_file_of_its_own() -> None:
    card = card_with("[{profile: 3g.40gb, start: 4}, {profile: 1g.10gb, start: 0}]")
    files = files_of((card,))
    assert list(files) == ["hami-sim0", "hami-sim0mig0", "hami-sim0mig1"]
    large, small = files["hami-sim0mig0"], files["hami-sim0mig1"]
    assert (large.memory_bytes, small.memory_bytes) == (40960 * MIB, 10240 * MIB)
    assert (large.multiprocessors, small.multiprocessors) == (40, 13)
    assert large.name == f"{A100} MIG 3g.40gb"
    assert (files["hami-sim0"].memory_bytes, files["hami-sim0"].name) == (81920 * MIB, A100)
    assert len({static_part(each) for each in files.values()}) == 3


def test_uuids_follow_from_the_card_and_the_place() -> None:
    first, again = card_with("[{profile: 1g.10gb, start: 0}]"), card_with("[{profile: 1g.10gb, start: 0}]")
    moved = card_with("[{profile: 1g.10gb, start: 1}]")
    uuids = [each.uuid for card in (first, again, moved) for each in card.instances or ()]
    assert uuids[0] == uuids[1] != uuids[2]
    assert all(uuid.startswith("MIG-") and len(uuid) == 40 for uuid in uuids)


def test_mig_mode_without_instances_is_not_the_same_as_none() -> None:
    (plain,) = cards_of(f"cards: [{{model: {A100}}}]")
    assert (plain.instances, card_with("[]").instances) == (None, ())
    assert static_part(plain) != static_part(card_with("[]"))


@pytest.mark.parametrize("starts", [[0, 1, 2, 3, 4, 5, 6]])
def test_seven_small_instances_fill_a_card(starts: list[int]) -> None:
    card = card_with(f"[{', '.join(f'{{profile: 1g.10gb, start: {start}}}' for start in starts)}]")
    assert [each.number for each in card.instances or ()] == starts


@pytest.mark.parametrize(
    ("mig", "words"),
    [
        (
            "[{profile: 1g.5gb, start: 0}]",
            r"cards\[0\].mig\[0\].profile: '1g.5gb' is none of this card: 1g.10gb, 1g.20gb",
        ),
        ("[{profile: 3g.40gb, start: 2}]", r"mig\[0\].start: 2: an instance of this profile begins at one of 0, 4"),
        (
            "[{profile: 3g.40gb, start: 0}, {profile: 1g.10gb, start: 3}]",
            r"mig\[1\].start: memory slice 3 is that of mig\[0\] already",
        ),
        ("[{profile: 7g.80gb, start: 0}, {profile: 1g.10gb, start: 6}]", r"memory slice 6 is that of mig\[0\]"),
        (
            "[{profile: 4g.40gb, start: 0}, {profile: 1g.10gb, start: 4}, {profile: 3g.40gb, start: 4}]",
            r"memory slice 4 is that of mig\[1\]",
        ),
        ("[{profile: 1g.10gb}]", r"mig\[0\]: .*missing required field `start`"),
        ("[{profile: 1g.10gb, start: 8}]", r"mig\[0\].start: .*write it as in this example: 0"),
        ("[{profile: 1g.10gb, begin: 0}]", r"unknown field `begin`; the fields here are profile, start"),
    ],
)
def test_instances_that_cannot_be_are_refused_with_place_and_remedy(mig: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        card_with(mig)


def test_a_model_without_mig_is_refused() -> None:
    with pytest.raises(
        InvalidInputError, match=r"cards\[0\].mig: NVIDIA L4 has no MIG mode; remove it, or take one of NV"
    ):
        card_with("[]", "NVIDIA L4")


def test_an_instance_must_have_room_for_a_context() -> None:
    with pytest.raises(InvalidInputError, match=r"smaller than contextMiB \+ 2; lower contextMiB"):
        card_with("[{profile: 1g.10gb, start: 0}]", more=", contextMiB: 20000")


def test_the_example_is_accepted() -> None:
    text = (Path(__file__).parents[2] / "docs/examples/cards/mig.yaml").read_text()
    plain, card = cards_of(text)
    assert (plain.instances, len(card.instances or ())) == (None, 4)


INSTANCES = st.lists(st.tuples(st.sampled_from(PROFILES[A100]), st.integers(0, 7)), max_size=8)


@given(INSTANCES)
def test_no_accepted_card_gives_out_more_than_it_has(wanted: list[tuple[str, int]]) -> None:
    specs = ", ".join(f"{{profile: {profile}, start: {start}}}" for profile, start in wanted)
    try:
        card = card_with(f"[{specs}]")
    except InvalidInputError:
        return
    instances = card.instances or ()
    slices = [each.start + step for each in instances for step in range(each.memory_slices)]
    assert len(slices) == len(set(slices))
    assert max(slices, default=0) < 8
    assert sum(each.compute_slices for each in instances) <= 7
    assert sum(each.memory_bytes for each in instances) <= card.memory_bytes
