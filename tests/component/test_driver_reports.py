"""What the real driver process shows of itself: status of claims, events, metrics, health, and its log.

On simulated cards, with a fake API server and a played kubelet. Reports are made in the background: no call waits for them.
"""

import asyncio
import json
import re
import subprocess
import sys
import urllib.request
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from dra_driver.shares.pages_layout import USAGE_FIELDS
from tests.component.driver_process import DriverNode, driver, failing
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.served_api import TOKEN
from tests.unit.driver_objects import Object, claim_object, share_result, whole_result
from tests.waiting import until

USED_BYTES = 5 * 2**20


@pytest.fixture
async def process(node: DriverNode) -> AsyncIterator[Process]:
    async with driver(node, "--log-format", "json", "--log-level", "debug") as running:
        yield running


@pytest.fixture
async def kubelet(node: DriverNode, process: Process) -> AsyncIterator[FakeKubelet]:
    async with FakeKubelet(node.kubelet_folder) as registered:
        yield registered


def stored(api: FakeApi, *results: Object, name: str = "claim", pod: str = "pod-a") -> Object:
    """Return a new claim that the API server knows and a pod waits for."""
    claim = claim_object(*results, uid=str(uuid4()), name=name)
    claim["status"]["reservedFor"] = [{"resource": "pods", "name": pod, "uid": f"uid-of-{pod}"}]
    api.claims["team", name] = claim
    return claim


def lines(node: DriverNode) -> list[Object]:
    return [json.loads(line) for line in node.log.read_text().splitlines()]


async def metrics(node: DriverNode) -> dict[str, float]:
    """Return the samples that the driver serves, by name and labels."""
    pattern = re.compile(r"metrics: (http://[^\"\s]+)")
    await until(lambda: pattern.search(node.log.read_text()))
    found = pattern.search(node.log.read_text())
    assert found is not None
    text = await asyncio.to_thread(lambda: urllib.request.urlopen(found[1]).read().decode())  # noqa: S310
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


async def test_a_prepared_claim_says_what_was_granted(api: FakeApi, kubelet: FakeKubelet) -> None:
    share = share_result(memory="4000Mi", cores="30")
    claim = stored(api, share, whole_result("gpu-1", request="big"))
    api.report_failures = [500, 429]
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""
    await until(lambda: claim["status"].get("devices"))
    first, second = claim["status"]["devices"]
    assert (first["driver"], first["pool"], first["device"]) == ("hami.io", "node-a", "gpu-0-share")
    assert first["shareID"] == share["shareID"]
    assert (first["data"]["memory"], first["data"]["cores"]) == ("4000Mi", "30")
    assert "shareID" not in second
    assert (second["data"]["memory"], second["data"]["cores"]) == ("80Gi", "100")
    assert first["data"]["card"].startswith("GPU-")
    assert [(c["type"], c["status"]) for c in first["conditions"]] == [("Ready", "True")]


async def test_a_driver_that_may_not_report_prepares_all_the_same_and_says_so_once(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    api.report_failures = [403] * 3
    claims = [stored(api, share_result(share_id=str(uuid4()), slots="38"), name=f"claim-{n}") for n in range(3)]
    answers = await asyncio.gather(*(kubelet.prepare(claim) for claim in claims))
    assert all(entry.error == "" for answer in answers for entry in answer.values())
    await until(lambda: not api.report_failures)
    await until(lambda: sum("not reported" in line["message"] for line in lines(node)) == 3)
    told = [line for line in lines(node) if "not reported" in line["message"] and line["level"] == "warning"]
    assert len(told) == 1
    assert "apply the output of `hami-dra manifests` again" in told[0]["message"]


async def test_what_a_killed_driver_had_no_time_to_report_its_successor_reports(api: FakeApi, node: DriverNode) -> None:
    reported, silent = (stored(api, share_result(share_id=str(uuid4())), name=name) for name in ("reported", "silent"))
    async with driver(node) as running, FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(reported, silent)
        await until(lambda: "devices" in reported["status"] and "devices" in silent["status"])
        running.kill()
        await running.wait()
    del silent["status"]["devices"]
    before = api.writes()
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "devices" in silent["status"])
    statuses = [call for call in api.writes()[len(before) :] if call[1].endswith("/status")]
    assert [path.split("/")[-2] for _, path in statuses] == ["silent"]


async def test_a_refused_claim_is_one_event_on_its_pod(api: FakeApi, kubelet: FakeKubelet) -> None:
    claim = stored(api, share_result(memory="0"), pod="poor")
    for _ in range(3):
        assert "consumedCapacity.memory is 0" in (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error
    await until(lambda: api.events)
    (event,) = api.events.values()
    assert (event["reason"], event["type"]) == ("ClaimRefused", "Warning")
    assert event["involvedObject"] | {"uid": "uid-of-poor", "name": "poor"} == event["involvedObject"]
    assert "claim team/claim, request main: consumedCapacity.memory is 0" in event["message"]
    assert event["source"] == {"component": "hami-dra", "host": "node-a"}


async def test_pods_of_a_node_with_a_corrupt_checkpoint_are_told_so(api: FakeApi, node: DriverNode) -> None:
    node.checkpoint.parent.mkdir(parents=True)
    node.checkpoint.write_text("{")
    claim = stored(api, share_result(), pod="waiting")
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(claim)
        await until(lambda: api.events)
    (event,) = api.events.values()
    assert event["involvedObject"]["name"] == "waiting"
    assert "it is kept as" in event["message"]


async def test_metrics_tell_of_calls_shares_and_slices(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    good, bad = stored(api, share_result(memory="4000Mi")), stored(api, share_result(memory="0"), name="bad")
    await kubelet.prepare(good, bad)
    await kubelet.unprepare(bad)
    with (node.shares[0] / "usage").open("r+b") as usage:
        usage.seek(USAGE_FIELDS["word"][0])
        usage.write(USED_BYTES.to_bytes(8, "little"))
    await until(lambda: len(api.slices) == 2)
    found = await metrics(node)
    assert found['hami_dra_claim_duration_seconds_count{operation="prepare"}'] == 2
    assert found['hami_dra_claim_duration_seconds_count{operation="unprepare"}'] == 1
    assert found['hami_dra_claim_errors_total{operation="prepare",reason="InvalidInput"}'] == 1
    assert found['hami_dra_claims_in_flight{operation="prepare"}'] == 0
    assert found['hami_dra_prepared_shares{kind="share"}'] == 1
    assert found['hami_dra_slice_writes_total{kind="create"}'] == 2
    assert found['hami_dra_build_info{version="0.1.0"}'] == 1
    assert found["hami_dra_slices_published"] == found["hami_dra_cards_shared"] == 1
    assert found["hami_dra_rivals"] == 0
    assert found["process_resident_memory_bytes"] > 0
    share = {name: value for name, value in found.items() if name.startswith("hami_vgpu_")}
    labels = ('namespace="team"', 'pod="pod-a"', 'container="main"', 'vdevice_index="0"', 'device_uuid="GPU-')
    assert all(label in name for name in share for label in labels)
    assert {name.partition("{")[0]: value for name, value in share.items()} == {
        "hami_vgpu_memory_limit_bytes": 4000 * 2**20,
        "hami_vgpu_memory_used_bytes": USED_BYTES,
        "hami_vgpu_memory_peak_bytes": 0,
        "hami_vgpu_memory_context_bytes": 0,
        "hami_vgpu_memory_overhead_bytes": 0,
        "hami_vgpu_core_limit_ratio": 30,
        "hami_vgpu_memory_refusals_total": 0,
        "hami_vgpu_unknown_functions_total": 0,
        "hami_vgpu_core_busy_seconds_total": 0,
        "hami_vgpu_core_accounted_seconds": 0,
        "hami_vgpu_core_throttled_seconds": 0,
        "hami_vgpu_core_launches": 0,
        "hami_vgpu_core_credit_seconds": 0,
        "hami_vgpu_core_factor_ratio": 1,
    }


async def test_metrics_tell_where_cards_are_not_shared(api: FakeApi, node: DriverNode) -> None:
    api.dropped_fields = ("sharedCounters", "consumesCounters", "allowMultipleAllocations", "requestPolicy")
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text())
        assert (await metrics(node))["hami_dra_cards_shared"] == 0


async def test_metrics_tell_where_somebody_else_offers_the_cards(api: FakeApi, node: DriverNode) -> None:
    api.allocatable = {"nvidia.com/gpu": "2"}
    async with driver(node), FakeKubelet(node.kubelet_folder):
        await until(lambda: "slices: published" in node.log.read_text())
        assert (await metrics(node))["hami_dra_rivals"] == 1


async def test_a_taken_metrics_address_does_not_stop_the_driver(api: FakeApi, node: DriverNode) -> None:
    taken = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    claim = stored(api, share_result())
    async with taken, driver(node, "--metrics-listen", f"127.0.0.1:{port}"):
        async with FakeKubelet(node.kubelet_folder) as kubelet:
            assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""
        await until(lambda: f"metrics: 127.0.0.1:{port}: Address already in use" in node.log.read_text())


async def healthy(node: DriverNode) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())", "healthy"]
    command += ["--kubelet-dir", str(node.kubelet_folder)]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)


async def test_health_is_asked_over_the_sockets_that_the_kubelet_uses(
    node: DriverNode, process: Process, kubelet: FakeKubelet
) -> None:
    done = await healthy(node)
    assert (done.returncode, done.stdout) == (0, f"serving at {node.kubelet_folder}/plugins/hami.io/dra.sock\n")
    (node.kubelet_folder / "plugins_registry/hami.io-reg.sock").unlink()
    done = await healthy(node)
    assert done.returncode == 1
    assert "does not serve the kubelet" in done.stderr
    process.kill()
    await process.wait()
    done = await healthy(node)
    assert done.returncode == 1
    assert done.stderr.startswith("hami-dra healthy: driver at ")
    assert "does it run" in done.stderr


async def test_the_log_names_claim_and_pods_and_begins_with_the_version(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    claim, bad = stored(api, share_result()), stored(api, share_result(memory="0"), name="bad", pod="poor")
    await kubelet.prepare(claim, bad)
    logged = lines(node)
    assert logged[0]["message"] == "hami-dra 0.1.0, driver of node node-a"
    prepared = next(line for line in logged if "prepared gpu-0-share" in line["message"])
    assert prepared["claim"] == {"namespace": "team", "name": "claim", "uid": claim["metadata"]["uid"]}
    assert prepared["pods"] == ["pod-a"]
    refused = next(line for line in logged if "consumedCapacity.memory is 0" in line["message"])
    assert (refused["level"], refused["claim"]["name"], refused["pods"]) == ("warning", "bad", ["poor"])
    assert all("claim" not in line for line in logged if line["message"].startswith("slices:"))


async def test_no_secret_reaches_log_or_metrics(api: FakeApi, node: DriverNode, kubelet: FakeKubelet) -> None:
    api.failures, api.report_failures = [401], [403, 401, 500]
    claim, refused = stored(api, share_result()), stored(api, share_result(memory="0"), name="bad")
    await kubelet.prepare(claim, refused)
    await kubelet.prepare(claim, refused)
    await until(lambda: not api.report_failures)
    shown = node.log.read_text() + json.dumps(await metrics(node)) + json.dumps(api.events)
    assert TOKEN in api.kubeconfig.read_text()
    assert TOKEN not in shown
    assert "Bearer" not in shown


@pytest.mark.parametrize("text", ["9398", ":9398", "127.0.0.1:", "127.0.0.1:70000"])
async def test_an_address_that_is_none_is_refused(node: DriverNode, text: str) -> None:
    assert f"--metrics-listen {text}: write ADDRESS:PORT" in await failing(node, "--metrics-listen", text)


async def test_a_share_without_room_for_a_context_is_prepared_and_its_pod_is_told(
    api: FakeApi, node: DriverNode, kubelet: FakeKubelet
) -> None:
    claim = stored(api, share_result(memory="63Mi"), pod="small")
    assert (await kubelet.prepare(claim))[claim["metadata"]["uid"]].error == ""
    await until(lambda: api.events)
    (event,) = api.events.values()
    assert (event["reason"], event["involvedObject"]["name"]) == ("ShareTooSmall", "small")
    assert "request main: has 63 MiB of card GPU-" in event["message"]
    assert "of which a context takes 64 MiB" in event["message"]
    assert any(line["level"] == "warning" and line["message"] == event["message"] for line in lines(node))
