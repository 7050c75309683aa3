"""Where NVML does not say who uses a card, or what of its time: a real driver says so once, and in a metric, and shares are held on."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pytest

from dra_driver.claims.checkpoint import decode
from dra_driver.simulated.backend import LIBRARY_FOLDER
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.component.test_driver_reports import metrics
from tests.component.test_live_limits import BURST_MS, CONTAINER, PROGRAMS, REPOSITORY, Program
from tests.unit.driver_objects import claim_object, opaque, share_result
from tests.waiting import SETTLED_S, until

pytestmark = [pytest.mark.native, pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")]

CARDS = """\
cards:
- {model: NVIDIA A100-SXM4-80GB, refusals: {samples: notSupported}}
- {model: NVIDIA A100-SXM4-80GB, refusals: {samples: noPermission}}
- {model: NVIDIA A100-SXM4-80GB, refusals: {processes: noPermission}}
- {model: NVIDIA A100-SXM4-80GB}
"""
SAID = (
    "NVML does not say what part of its time processes use (Not Supported); shares go by their own clock alone",
    "NVML does not say what part of its time processes use (Insufficient Permissions); shares go by their own clock alone",
    "NVML does not say who uses it, as on virtual GPUs, or for want of rights",
)
CORES = 20


@contextmanager
def at_work(node: DriverNode, share: Path, card: int) -> Iterator[Program]:
    """Run a program on one card, in a container of its share."""
    library = node.folder / "state/simulated" / LIBRARY_FOLDER / "libcuda.so.1"
    command = ("sh", share, REPOSITORY / "build/libvgpu.so", sys.executable, PROGRAMS / "cuda_worker.py", library)
    with subprocess.Popen(
        ["unshare", "--mount", "sh", "-euc", CONTAINER, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": str(card)},
    ) as process:
        try:
            assert cast("IO[str]", process.stdout).readline() == "ready\n"
            yield Program(process)
        finally:
            process.kill()


async def test_what_nvml_does_not_say_is_told_once_and_in_a_metric_and_the_cap_holds(
    tmp_path: Path, api: FakeApi
) -> None:
    node = DriverNode(tmp_path, api.kubeconfig)
    node.cards_file.write_text(CARDS)
    results = [share_result(f"gpu-{card}-share", f"card-{card}", cores=str(CORES)) for card in range(4)]
    claim = api.claims["team", "claim"] = claim_object(*results, config=[opaque({"corePolicy": "force"})])
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        answers = await kubelet.prepare(claim)
        assert [answer.error for answer in answers.values()] == [""]
        (held,) = decode(node.checkpoint.read_bytes()).claims
        shares = [
            node.folder / "state/shares" / share.name for share in sorted(held.shares, key=lambda one: one.request)
        ]
        with at_work(node, shares[0], 0) as first, at_work(node, shares[1], 1), at_work(node, shares[3], 3):
            await until(lambda: all(text in node.log.read_text() for text in SAID), "the log says all of it")
            had_ms, passed_ms = await asyncio.to_thread(first.work, 1000)
            assert 0 < had_ms <= passed_ms * CORES // 100 + BURST_MS
            sampled = await sampled_by_card(node)
    assert sorted(sampled.values()) == [0, 0, 0, 1]
    log = node.log.read_text()
    assert [log.count(text) for text in SAID] == [1, 1, 1]


async def sampled_by_card(node: DriverNode) -> dict[str, float]:
    """Return the metric of each card, once it has all four."""
    found: dict[str, float] = {}
    for _ in range(round(SETTLED_S)):
        found = {
            name: value for name, value in (await metrics(node)).items() if name.startswith("hami_dra_time_samples{")
        }
        if len(found) == 4:
            return found
        await asyncio.sleep(1)
    return found
