"""The checkpoint: exact round trips, every flipped bit and cut noticed, damaged files kept aside and refused until removed."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import CorruptStateError, UnavailableError
from catalog.share_config import Copies, CorePolicy, ShareConfig
from dra_driver.claims.checkpoint import CheckpointFile, State, decode, encode
from dra_driver.shares.share import Claim, Share

TEXT = st.text(max_size=20)
CONFIGS = st.builds(
    ShareConfig,
    priority=st.integers(0, 1),
    core_policy=st.sampled_from(CorePolicy),
    weight=st.integers(1, 1000),
    live_cores=st.booleans(),
    copies=st.sampled_from(Copies),
    enforce=st.booleans(),
)
SHARES = st.builds(
    Share,
    name=TEXT,
    request=TEXT,
    pool=TEXT,
    device=TEXT,
    share_id=st.none() | TEXT,
    card_uuid=TEXT,
    whole=st.booleans(),
    memory_bytes=st.integers(0, 2**50),
    cores_percent=st.integers(0, 100),
    slots=st.integers(0, 1000),
    config=CONFIGS,
)
CLAIMS = st.builds(
    Claim,
    uid=TEXT,
    namespace=TEXT,
    name=TEXT,
    shares=st.lists(SHARES, max_size=3).map(tuple),
    pod_claim_name=st.none() | TEXT,
    pods=st.lists(TEXT, max_size=2).map(tuple),
)
STATES = st.builds(State, boot_id=st.uuids(), claims=st.lists(CLAIMS, max_size=3).map(tuple))
BOOT = UUID(int=7)
STATE = State(BOOT, (Claim("uid", "team", "claim", ()),))


@given(STATES)
def test_what_is_written_is_what_is_read(state: State) -> None:
    assert decode(encode(state)) == state


@given(STATES, st.data())
def test_no_flipped_bit_is_taken_for_truth(state: State, data: st.DataObject) -> None:
    content = bytearray(encode(state))
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(CorruptStateError):
        assert decode(bytes(content)) == state  # white space means nothing


@given(STATES, st.data())
def test_no_cut_is_taken_for_truth(state: State, data: st.DataObject) -> None:
    content = encode(state)
    cut = content[: data.draw(st.integers(0, len(content) - 2))]
    with pytest.raises(CorruptStateError):
        decode(cut)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_nonsense_is_never_a_fault(content: bytes) -> None:
    with pytest.raises(CorruptStateError):
        decode(content)


def test_a_state_of_before_claims_knew_their_pods_is_read() -> None:
    state = json.dumps(
        {"boot_id": str(BOOT), "claims": [{"uid": "uid", "namespace": "team", "name": "claim", "shares": []}]}
    )
    checksum = f"sha256:{hashlib.sha256(state.encode()).hexdigest()}"
    assert decode(f'{{"version": 1, "checksum": "{checksum}", "state": {state}}}'.encode()) == STATE


def test_another_version_is_not_guessed_at() -> None:
    document = json.loads(encode(STATE)) | {"version": 2}
    with pytest.raises(CorruptStateError, match="version is 2"):
        decode(json.dumps(document).encode())


def test_a_node_without_a_checkpoint_starts_empty(tmp_path: Path) -> None:
    assert CheckpointFile(tmp_path / "checkpoint.json").load() is None


def test_a_damaged_file_is_kept_aside_and_refused_until_it_is_removed(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "checkpoint.json")
    file.path.write_bytes(b"{}")
    aside = tmp_path / "checkpoint.json.corrupt-1"
    for _ in range(2):  # also after a restart
        with pytest.raises(CorruptStateError) as caught:
            file.load()
        assert str(aside) in str(caught.value)
        assert "drain the node" in str(caught.value)
    assert aside.read_bytes() == b"{}"
    assert not file.path.exists()
    aside.unlink()
    assert file.load() is None


def test_a_good_file_beside_a_damaged_one_is_not_trusted(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "checkpoint.json")
    file.save(STATE)
    (tmp_path / "checkpoint.json.corrupt-3").write_bytes(b"")
    with pytest.raises(CorruptStateError, match="an earlier one was damaged"):
        file.load()


def test_a_file_that_cannot_be_read_is_left_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.json").mkdir()
    with pytest.raises(UnavailableError, match="Is a directory"):
        CheckpointFile(tmp_path / "checkpoint.json").load()
    assert (tmp_path / "checkpoint.json").is_dir()


def test_saving_leaves_nothing_but_the_file(tmp_path: Path) -> None:
    file = CheckpointFile(tmp_path / "checkpoint.json")
    file.save(STATE)
    file.save(State(BOOT))
    assert file.load() == State(BOOT)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.json"]
    assert file.path.stat().st_mode & 0o777 == 0o600
