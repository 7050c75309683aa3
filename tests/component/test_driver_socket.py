"""The real driver process over its real sockets, on simulated cards, with a fake API server and a played kubelet.

Covered: registration, slices and their repair, Prepare and Unprepare, restarts and kills, many claims at once, faults of the API
server, and each claim that cannot be prepared.
"""

import asyncio
import json
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dra_driver.claims.checkpoint import State, decode, encode
from dra_driver.shares import pages_layout as layout
from dra_driver.shares.pages import read_limits, read_totals
from tests.component.driver_process import NODE, DriverNode, driver, failing
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.unit.driver_objects import Object, claim_object, share_result, whole_result
from tests.waiting import until


@pytest.fixture
async def process(node: DriverNode) -> AsyncIterator[Process]:
    async with driver(node) as running:
        yield running


@pytest.fixture
async def kubelet(node: DriverNode, process: Process) -> AsyncIterator[FakeKubelet]:
    async with FakeKubelet(node.kubelet_folder) as registered:
        yield registered


def stored(api: FakeApi, *results: Object, name: str = "claim") -> Object:
    """Return a new claim that the API server knows."""
    claim = claim_object(*results, uid=str(uuid4()), name=name)
    api.claims["team", name] = claim
    return claim


def small_share(slots: str = "38") -> Object:
    return share_result(share_id=str(uuid4()), memory="3072Mi", cores="0", slots=slots)


async def published(api: FakeApi, devices: int = 4) -> list[Object]:
    """Return the slices once the pool is complete and holds `devices` devices."""
    await until(lambda: _complete(api, devices))
    return sorted(api.slices.values(), key=lambda slice_: str(slice_["metadata"]["name"]))


def _complete(api: FakeApi, devices: int) -> bool:
    specs = [slice_["spec"] for slice_ in api.slices.values()]
    counts = {spec["pool"]["resourceSliceCount"] for spec in specs}
    return counts == {len(specs)} and sum(len(spec.get("devices", [])) for spec in specs) == devices


async def test_the_kubelet_learns_who_serves_where(node: DriverNode, kubelet: FakeKubelet) -> None:
    assert (kubelet.info.type, kubelet.info.name) == ("DRAPlugin", "hami.io")
    assert kubelet.info.endpoint == f"{node.kubelet_folder}/plugins/hami.io/dra.sock"
    assert list(kubelet.info.supported_versions) == [
        "v1.DRAPlugin",
        "v1.DRAResourceHealth",
        "v1alpha1.DRAResourceHealth",
    ]


async def test_slices_are_published_once_and_left_alone_by_a_restart(api: FakeApi, node: DriverNode) -> None:
    async with driver(node), FakeKubelet(node.kubelet_folder):
        slices = await published(api)
    assert [slice_["spec"]["pool"]["generation"] for slice_ in slices] == [1, 1]
    assert slices[0]["metadata"]["ownerReferences"][0]["uid"] == "node-uid"
    assert [device["name"] for device in slices[1]["spec"]["devices"]] == [
        "gpu-0",
        "gpu-0-share",
        "gpu-1",
        "gpu-1-share",
    ]
    api.calls.clear()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text())
    assert api.writes() == []


async def test_nothing_is_on_offer_before_the_kubelet_knows_the_driver(api: FakeApi, node: DriverNode) -> None:
    async with driver(node):
        await until(lambda: "hami.io-reg.sock" in node.log.read_text())
        assert api.slices == {}
        async with FakeKubelet(node.kubelet_folder):
            await published(api)
    assert "publishing all the same" not in node.log.read_text()


async def test_publishing_goes_on_when_the_api_server_is_ready_for_it(api: FakeApi, node: DriverNode) -> None:
    api.refusals, api.nodes = [500, 429], set()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "node node-a does not exist" in node.log.read_text())
        api.nodes.add("node-a")
        await published(api)
    assert "HTTP 500: not now; trying again" in node.log.read_text()


async def test_slices_that_the_kubelet_wiped_come_back(api: FakeApi, kubelet: FakeKubelet) -> None:
    await published(api)
    api.wipe_slices()
    async with asyncio.timeout(2):
        await published(api)


async def test_a_server_that_drops_counters_gets_whole_cards_only(api: FakeApi, node: DriverNode) -> None:
    api.dropped_fields = ("sharedCounters", "consumesCounters", "allowMultipleAllocations", "requestPolicy")
    async with driver(node), FakeKubelet(node.kubelet_folder):
        (slice_,) = await published(api, devices=2)
        await until(lambda: api.events)
    (event,) = api.events.values()
    assert event["reason"] == "CardsNotShared"
    assert "DRAConsumableCapacity" in event["message"]
    assert [device["name"] for device in slice_["spec"]["devices"]] == ["gpu-0", "gpu-1"]
    assert "CARDS ARE NOT SHARED" in node.log.read_text()
    posted = [call for call in api.writes() if call[0] == "POST" and "resourceslices" in call[1]]
    assert len(posted) <= 2  # the counters, which showed it before any device was on offer; then the devices


async def test_a_claim_becomes_files_and_leaves_none(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    claim = stored(api, share_result(memory="4000Mi", cores="30"), whole_result("gpu-1", request="big"))
    uid = claim["metadata"]["uid"]
    answer = (await kubelet.prepare(claim))[uid]
    assert answer.error == ""
    share, whole = answer.devices
    assert (list(share.request_names), share.device_name, share.pool_name) == (["main"], "gpu-0-share", NODE)
    assert share.share_id == claim["status"]["allocation"]["devices"]["results"][0]["shareID"]
    assert (list(whole.request_names), whole.HasField("share_id")) == (["big"], False)

    (path,) = node.specs
    spec = json.loads(path.read_text())
    names = [f"hami.io/claim={device['name']}" for device in spec["devices"]]
    assert names == [*share.cdi_device_ids, *whole.cdi_device_ids]
    assert missing_files(spec) == []

    (folder,) = node.shares
    limits = read_limits((folder / "limits").read_bytes())
    assert (limits.memory_bytes, limits.cores_percent) == (4000 * 2**20, 30)
    assert limits.card_uuid.encode() in (folder / "usage").read_bytes()[: layout.HEAD_BYTES]
    assert {name: mode for name, (_, mode) in node.pages(folder).items()} == {
        "limits": 0o644,
        "usage": 0o666,
        "card": 0o666,
    }

    assert folder.parent.stat().st_mode & 0o777 == 0o700  # pages that any user may write are for containers alone

    for _ in range(2):
        assert (await kubelet.unprepare(claim))[uid].error == ""
    assert (node.specs, node.shares) == ([], [])
    assert decode(node.checkpoint.read_bytes()).claims == ()


def missing_files(spec: Object) -> list[str]:
    """Return the files that a spec mounts and the node does not have."""
    edits = [spec["containerEdits"], *(device["containerEdits"] for device in spec["devices"])]
    hosts = [mount["hostPath"] for edit in edits for mount in edit["mounts"]]
    return [host for host in hosts if not Path(host).is_file()]


async def test_a_repeated_prepare_answers_the_same_and_keeps_the_pages(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    claim = stored(api, small_share(), small_share())
    first = await kubelet.prepare(claim)
    pages = [node.pages(share) for share in node.shares]
    assert await kubelet.prepare(claim) == first
    assert [node.pages(share) for share in node.shares] == pages
    assert len(node.shares) == 2


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_a_restart_keeps_what_is_prepared(api: FakeApi, node: DriverNode, end: signal.Signals) -> None:
    claim = stored(api, small_share())
    async with driver(node) as process, FakeKubelet(node.kubelet_folder) as kubelet:
        await published(api)
        first = await kubelet.prepare(claim)
        before = [node.pages(share) for share in node.shares], node.specs[0].stat().st_ino
        process.send_signal(end)
        await process.wait()
    assert len(api.slices) == 2  # taken back by nobody
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert ([node.pages(share) for share in node.shares], node.specs[0].stat().st_ino) == before
        assert await kubelet.prepare(claim) == first
        assert (await kubelet.unprepare(claim))[claim["metadata"]["uid"]].error == ""
    assert (node.specs, node.shares) == ([], [])


async def test_specs_and_pages_are_made_anew_after_a_reboot(api: FakeApi, node: DriverNode) -> None:
    claim = stored(api, small_share())
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        first = await kubelet.prepare(claim)
    state = decode(node.checkpoint.read_bytes())
    node.checkpoint.write_bytes(encode(State(UUID(int=1), state.claims)))
    spec, used = node.specs[0].read_bytes(), node.pages(node.shares[0])
    node.specs[0].unlink()
    (node.shares[0] / "usage").write_bytes(b"what was used before")
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert node.specs[0].read_bytes() == spec
        assert read_totals((node.shares[0] / "usage").read_bytes()[: layout.USAGE_HEADER_BYTES]).used_bytes == 0
        assert node.pages(node.shares[0]).keys() == used.keys()
        assert decode(node.checkpoint.read_bytes()) == state
        assert await kubelet.prepare(claim) == first


async def test_files_that_no_claim_owns_are_removed_at_start_and_those_of_others_are_not(
    api: FakeApi, node: DriverNode
) -> None:
    foreign = node.folder / "cdi/nvidia.com-gpu_x.json"
    for path in (foreign, node.folder / "cdi/hami.io-claim_gone.json", node.folder / "state/shares/gone/limits"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    (node.folder / "state/shares/.new-abc").mkdir()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        assert (node.specs, node.shares) == ([foreign], [])


async def test_many_claims_at_once_are_all_prepared(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    claims = [stored(api, small_share(), name=f"claim-{number}") for number in range(26)]
    batch, alone = claims[:10], claims[10:]
    answers = await asyncio.gather(kubelet.prepare(*batch), *(kubelet.prepare(claim) for claim in alone))
    entries = [entry for answer in answers for entry in answer.values()]
    assert [entry.error for entry in entries] == [""] * 26
    assert len({entry.devices[0].cdi_device_ids[0] for entry in entries}) == 26
    assert len(node.specs) == len(node.shares) == len(decode(node.checkpoint.read_bytes()).claims) == 26
    await asyncio.gather(*(kubelet.unprepare(claim) for claim in claims))
    assert (node.specs, node.shares) == ([], [])


async def test_what_does_not_fit_is_that_claims_error_alone(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    first, too_much = stored(api, small_share("700"), name="first"), stored(api, small_share("301"), name="too-much")
    whole, other = stored(api, whole_result("gpu-0"), name="whole"), stored(api, whole_result("gpu-1"), name="other")
    await kubelet.prepare(first)
    answer = await kubelet.prepare(too_much, whole, other)
    assert "slots of card" in answer[too_much["metadata"]["uid"]].error
    assert "held by claim team/first" in answer[whole["metadata"]["uid"]].error
    assert answer[other["metadata"]["uid"]].error == ""
    await kubelet.unprepare(first)
    assert (await kubelet.prepare(whole))[whole["metadata"]["uid"]].error == ""


async def test_passing_faults_of_the_api_server_are_waited_out(api: FakeApi, kubelet: FakeKubelet) -> None:
    claim = stored(api, small_share())
    api.failures = [503, 500, 429]
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""


async def test_unusable_claims_are_told_why(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    foreign = stored(api, {"driver": "gpu.example.com", "pool": NODE, "device": "x", "request": "main"}, name="foreign")
    pending = stored(api, small_share(), name="pending")
    del pending["status"]["allocation"]
    gone = claim_object(small_share(), uid=str(uuid4()), name="gone")
    renewed = stored(api, small_share(), name="renewed")
    api.claims["team", "renewed"] = claim_object(small_share(), uid="another", name="renewed")
    forbidden = stored(api, small_share(), name="forbidden")
    good = stored(api, small_share(), name="good")
    answer = await kubelet.prepare(foreign, pending, gone, renewed, good)
    errors = {
        claim["metadata"]["name"]: answer[claim["metadata"]["uid"]].error for claim in (foreign, pending, gone, renewed)
    }
    assert "nothing of it from hami.io" in errors["foreign"]
    assert "is not allocated" in errors["pending"]
    assert "does not exist any more" in errors["gone"]
    assert "made anew as another" in errors["renewed"]
    assert all(f"team/{name}" in error for name, error in errors.items())
    assert answer[good["metadata"]["uid"]].error == ""
    assert len(node.specs) == 1
    api.failures = [403]
    assert "HTTP 403" in (await kubelet.prepare(forbidden))[forbidden["metadata"]["uid"]].error
    assert "Traceback" not in node.log.read_text()


async def test_an_unknown_claim_is_unprepared_already(kubelet: FakeKubelet) -> None:
    strange = claim_object(uid="../../../etc/passwd")
    assert (await kubelet.unprepare(strange))["../../../etc/passwd"].error == ""


async def test_a_corrupt_checkpoint_stops_prepare_and_unprepare_until_it_is_resolved(
    api: FakeApi, node: DriverNode
) -> None:
    claim = stored(api, small_share())
    uid = claim["metadata"]["uid"]
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
    content = node.checkpoint.read_bytes()
    node.checkpoint.write_bytes(content.replace(b"3221225472", b"9221225472"))
    aside = node.checkpoint.with_name("checkpoint.json.corrupt-1")
    for _ in range(2):
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            for answer in (await kubelet.prepare(claim), await kubelet.unprepare(claim)):
                assert "checksum" in answer[uid].error or "an earlier one was damaged" in answer[uid].error
                assert str(aside) in answer[uid].error
        assert len(node.specs) == len(node.shares) == 1
        await published(api)
    aside.unlink()
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        assert (node.specs, node.shares) == ([], [])
        assert (await kubelet.prepare(claim))[uid].error == ""


async def test_a_second_driver_is_refused_and_the_first_serves_on(
    api: FakeApi, node: DriverNode, process: Process, kubelet: FakeKubelet
) -> None:
    message = await failing(node)
    assert f"another driver serves {node.kubelet_folder}/plugins/hami.io (process {process.pid}" in message
    claim = stored(api, small_share())
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""


async def test_something_else_in_the_sockets_place_is_left_there(api: FakeApi, node: DriverNode) -> None:
    path = node.kubelet_folder / "plugins/hami.io/dra.sock"
    path.parent.mkdir(parents=True)
    path.write_text("precious")
    assert f"{path} is in the way and is no socket; remove it" in await failing(node)
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("cards", "words"),
    [("cards: 3\n", "cards.yaml: cards: "), ("cards:\n- model: X\n", "cards.yaml"), ("{", "not YAML")],
)
async def test_a_broken_cards_file_is_refused(node: DriverNode, cards: str, words: str) -> None:
    node.cards_file.write_text(cards)
    assert words in await failing(node)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--split-count", "0"), "--split-count 0: write a number from 1 to 1000"),
        (("--backend", "nvml"), "--cards is for --backend simulated"),
        (("--kubeconfig", "/nonexistent"), "kubeconfig /nonexistent: No such file"),
        (("--library", "/nonexistent/libvgpu.so"), "libcuda.so.1: no such file"),
        (("--state-dir", "/dev/null/state"), "folder /dev/null/state"),
    ],
)
async def test_flags_that_cannot_be_used_are_refused_by_name(
    node: DriverNode, flags: tuple[str, ...], words: str
) -> None:
    assert words in await failing(node, *flags)
