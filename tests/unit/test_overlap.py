"""Two drivers of one node at once, by files alone: what one prepares the other knows, answers alike, counts and takes back."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import ConflictError, CorruptStateError, UnavailableError
from dra_driver.claims.checkpoint import CheckpointFile, SeenFile, decode
from dra_driver.claims.prepare import PreparedClaims
from dra_driver.claims.recovery import restore
from dra_driver.claims.source import ClaimReference
from tests.unit.driver_objects import Object, claim_object, share_result, whole_result
from tests.unit.test_prepare import BOOT, GivenClaims, node_at


class Overlap:
    """Two drivers on the files below one folder, and claims that the API server has."""

    def __init__(self, folder: Path) -> None:
        self.node = node_at(folder)
        self.file = CheckpointFile(folder / "checkpoint.json")
        self.source = GivenClaims()
        self.old, self.new = self.driver(), self.driver()

    def driver(self) -> PreparedClaims:
        return PreparedClaims(self.node, self.source, restore(self.node, self.file, BOOT))

    def claim(self, number: int, *results: Object) -> ClaimReference:
        uid = f"uid-{number}"
        self.source.claims[uid] = claim_object(*results or (share_result(slots="100"),), uid=uid, name=f"c{number}")
        return ClaimReference("team", f"c{number}", uid)

    def committed(self) -> set[str]:
        return {claim.uid for claim in decode(self.file.path.read_bytes()).claims}


@pytest.fixture
def overlap(tmp_path: Path) -> Overlap:
    return Overlap(tmp_path)


async def test_what_one_prepares_the_other_answers_alike_and_takes_back(overlap: Overlap) -> None:
    claim = overlap.claim(1)
    answer = await overlap.old.prepare(claim)
    assert await overlap.new.prepare(claim) == answer
    await overlap.new.unprepare(claim)
    assert not overlap.node.specs.ids() | overlap.node.folders.names() | overlap.committed()
    await overlap.old.prepare(claim)
    assert overlap.committed() == {claim.uid}


async def test_no_card_is_given_out_twice_by_two_drivers(overlap: Overlap) -> None:
    calls = []
    for number in range(20):
        driver = (overlap.old, overlap.new)[number % 2]
        calls.append(driver.prepare(overlap.claim(number, share_result(memory="1Mi", cores="0", slots="150"))))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == 20 - 6  # six times 150 of 1000 slots
    assert all(isinstance(answer, ConflictError) for answer in refused)
    assert len(overlap.committed()) == 6


async def test_a_driver_that_starts_leaves_what_the_other_is_doing_alone(overlap: Overlap) -> None:
    claims = [overlap.claim(number, share_result(slots="1", memory="1Mi", cores="1")) for number in range(30)]
    await asyncio.gather(*(overlap.old.prepare(claim) for claim in claims), *(started(overlap) for _ in range(5)))
    uids = {claim.uid for claim in claims}
    assert overlap.committed() == uids
    assert overlap.node.specs.ids() == uids
    assert len(overlap.node.folders.names()) == 30


async def started(overlap: Overlap) -> PreparedClaims:
    return await asyncio.to_thread(overlap.driver)


async def test_a_checkpoint_that_vanishes_is_written_again_by_the_next_change(overlap: Overlap) -> None:
    await overlap.old.prepare(overlap.claim(1))
    overlap.file.path.unlink()
    await overlap.old.prepare(overlap.claim(2))
    assert overlap.committed() == {"uid-1", "uid-2"}


async def test_a_claim_that_failed_before_the_first_checkpoint_holds_no_card(
    overlap: Overlap, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, next_one = (overlap.claim(number, whole_result("gpu-0")) for number in (1, 2))
    with monkeypatch.context() as full:
        full.setattr("dra_driver.claims.checkpoint.write_file", _no_space)
        with pytest.raises(UnavailableError):
            await overlap.old.prepare(failed)
    await overlap.old.prepare(next_one)
    assert overlap.committed() == {"uid-2"}


def _no_space(*_arguments: object, **_options: object) -> None:
    raise OSError(28, "No space left on device")


async def test_a_checkpoint_damaged_between_two_calls_stops_both_drivers(overlap: Overlap) -> None:
    claim = overlap.claim(1)
    await overlap.old.prepare(claim)
    content = overlap.file.path.read_bytes()
    overlap.file.path.unlink()
    overlap.file.path.write_bytes(content.replace(b"uid-1", b"uid-2"))
    for driver in (overlap.new, overlap.old):
        for call in (driver.prepare, driver.unprepare):
            with pytest.raises(CorruptStateError, match=r"checkpoint.json.corrupt-1"):
                await call(claim)
    assert overlap.node.specs.ids() == {claim.uid}


def test_a_file_is_known_by_itself_and_not_by_its_date_or_size(tmp_path: Path) -> None:
    path = tmp_path / "file"
    seen = SeenFile(path)
    assert not seen.is_current()
    path.write_text("one")
    assert not seen.is_current()
    seen.look()
    os.utime(path, (0, 0))
    assert seen.is_current()
    for text in ("two", "six"):  # the second could get the first one's inode, were that not kept open
        (tmp_path / "new").write_text(text)
        os.utime(tmp_path / "new", (0, 0))
        (tmp_path / "new").rename(path)
        assert not seen.is_current()
    path.unlink()
    assert not seen.is_current()


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["prepare", "unprepare", "restart"]), st.booleans()))


@settings(max_examples=30)
@given(STEPS)
def test_any_sequence_over_two_drivers_ends_as_with_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, bool]]
) -> None:
    overlap = Overlap(tmp_path_factory.mktemp("node"))
    asyncio.run(played(overlap, steps))


async def played(overlap: Overlap, steps: list[tuple[int, str, bool]]) -> None:
    """Do each step by one of two drivers; after each, disk and memory say what one driver would."""
    claims = [overlap.claim(number, share_result(slots="100")) for number in range(3)]
    claims.append(overlap.claim(3, whole_result("gpu-1")))
    expected: set[str] = set()
    for number, step, by_new in steps:
        claim = claims[number]
        if step == "restart":
            overlap.new = overlap.driver()
            continue
        driver = overlap.new if by_new else overlap.old
        await (driver.prepare if step == "prepare" else driver.unprepare)(claim)
        expected = expected | {claim.uid} if step == "prepare" else expected - {claim.uid}
        assert {held.uid for held in driver.held} == expected
        assert overlap.node.specs.ids() == expected
