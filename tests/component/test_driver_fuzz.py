"""A kubelet and an API server that say anything, to the real driver over its sockets: an answer for each claim, and nothing left."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dra_driver.claims.checkpoint import decode
from dra_driver.kubelet import dra_v1_pb2 as dra
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import CALL_S, FakeKubelet
from tests.unit.driver_objects import Object, claim_object, opaque, share_result, whole_result

_Answer = TypeVar("_Answer")
PREPARE: Final = "/k8s.io.kubelet.pkg.apis.dra.v1.DRAPlugin/NodePrepareResources"
UNPREPARE: Final = "/k8s.io.kubelet.pkg.apis.dra.v1.DRAPlugin/NodeUnprepareResources"
EXAMPLES: Final = settings(
    max_examples=int(os.environ.get("HAMI_FUZZ_EXAMPLES", "150")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

NAMES: Final = ("a", "b", "c", "n" * 253)
UID_OF: Final = {name: str(UUID(int=number)) for number, name in enumerate(NAMES, 1)}
UIDS = st.sampled_from(sorted(UID_OF.values()))
ODD_NAMES = st.sampled_from(["", ".", "..", "a/b", "a?watch=true", "n" * 254, "\u00e9", "A", "%2e%2e", "a\nb"])
ODD_QUANTITIES = st.sampled_from(["0", "-1", "1e400", "1500m", "", "NaN", "9" * 40, "\u0661", "80Gi"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 2**40) | st.floats(allow_nan=False, allow_infinity=False) | ODD_NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=6,
)
MANY: Final = tuple(
    share_result(request=f"r{n}", share_id=str(UUID(int=n)), memory="1Mi", cores="0", slots="1") for n in range(32)
)
SHARES = st.builds(
    share_result,
    device=st.sampled_from(["gpu-0-share", "gpu-1-share"]),
    request=st.sampled_from(["main", "other", "main/first", "r" * 63]),
    share_id=UIDS,
    memory=st.sampled_from(["1Mi", "4000Mi"]),
    cores=st.sampled_from(["0", "30"]),
    slots=st.just("1"),
)
ODD_SHARES = st.builds(
    share_result,
    device=st.sampled_from(["gpu-0-share", "gpu-1", "gpu-7-share", "", "../gpu-0", "g" * 253]),
    request=st.sampled_from(["main", "r" * 64, "../r", ""]),
    share_id=st.none() | UIDS | st.just("../x"),
    memory=ODD_QUANTITIES | st.just("1Mi"),
    cores=ODD_QUANTITIES,
    slots=ODD_QUANTITIES | st.just("1"),
)
WHOLE = st.builds(whole_result, st.sampled_from(["gpu-0", "gpu-1", "gpu-9"]))
FOREIGN = st.just({"driver": "gpu.example.com", "pool": "p", "device": "d", "request": "main"})
RESULTS = (
    st.just(MANY)
    | st.lists(SHARES, min_size=1, max_size=3)
    | st.lists(SHARES | WHOLE | FOREIGN, max_size=3)
    | st.lists(SHARES | ODD_SHARES, max_size=2)
)


@st.composite
def cluster(draw: st.DrawFn) -> dict[str, Object]:
    """Return claims by name, as an API server might have them: good, full of odd values, made anew, or with a part spoilt."""
    return {name: draw(claims(name)) for name in NAMES if draw(st.integers(0, 5))}


@st.composite
def claims(draw: st.DrawFn, name: str) -> Object:
    config = [opaque({"priority": draw(st.integers(0, 1) | JSON)}, "main")] if draw(st.booleans()) else None
    claim = deepcopy(claim_object(*draw(RESULTS), config=config))
    claim["metadata"]["annotations"] = {"resource.kubernetes.io/pod-claim-name": draw(st.just("gpu") | ODD_NAMES)}
    claim["status"]["reservedFor"] = [{"resource": "pods", "name": "trainer", "uid": draw(UIDS)}]
    if draw(st.integers(0, 2)) == 2:
        _spoil(draw, claim)
    claim["metadata"] |= {"name": name, "uid": UID_OF[name] if draw(st.integers(0, 5)) else draw(UIDS)}
    return claim


def _spoil(draw: st.DrawFn, claim: Object) -> None:
    """Take away or replace one part, at any depth, but for what every object has."""
    at: Any
    key: Any
    places = ((claim["metadata"], "annotations"), (claim["status"], "reservedFor"), (claim, "status"))
    at, key = draw(st.sampled_from(places))
    while isinstance(at[key], dict | list) and at[key] and draw(st.booleans()):
        at = at[key]
        key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
    if draw(st.booleans()):
        del at[key]
    else:
        at[key] = draw(JSON)


REFERENCE = st.sampled_from(NAMES).map(lambda name: dra.Claim(namespace="team", name=name, uid=UID_OF[name]))
ODD_REFERENCE = st.builds(
    dra.Claim,
    namespace=st.sampled_from(["team", "other", "..", ""]),
    name=st.sampled_from(NAMES) | ODD_NAMES,
    uid=UIDS | st.sampled_from(["", "../x", "u" * 300, "\x00"]),
)
REFERENCES = st.lists(REFERENCE, min_size=2, max_size=6) | st.lists(REFERENCE | ODD_REFERENCE, max_size=6)


class Peer:
    """A driver that is running, spoken to from a thread that makes up what is said."""

    def __init__(self, api: FakeApi, node: DriverNode, endpoint: str) -> None:
        self.api, self.node = api, node
        self._endpoint = endpoint
        self._loop = asyncio.get_running_loop()

    async def while_fuzzing(self, work: Callable[[], None]) -> None:
        async with grpc.aio.insecure_channel(f"unix:{self._endpoint}") as channel:
            self._channel = channel
            await asyncio.to_thread(work)

    def call(self, method: str, content: bytes) -> bytes:
        """Return the answer to the bytes of a message."""
        return self._wait(self._call(method, content))

    def prepare(self, references: list[dra.Claim]) -> dict[str, dra.NodePrepareResourceResponse]:
        request = dra.NodePrepareResourcesRequest(claims=references)
        answer = dra.NodePrepareResourcesResponse.FromString(self.call(PREPARE, request.SerializeToString()))
        return dict(answer.claims)

    def unprepare(self, references: list[dra.Claim]) -> dict[str, dra.NodeUnprepareResourceResponse]:
        request = dra.NodeUnprepareResourcesRequest(claims=references)
        answer = dra.NodeUnprepareResourcesResponse.FromString(self.call(UNPREPARE, request.SerializeToString()))
        return dict(answer.claims)

    def store(self, stored: dict[str, Object]) -> None:
        """Have the API server know these claims, by name, and no others."""
        self._wait(self._store(stored))

    async def _call(self, method: str, content: bytes) -> bytes:
        stub: Any = self._channel.unary_unary(method)
        answer: bytes = await stub(content, timeout=CALL_S, wait_for_ready=True)
        return answer

    async def _store(self, stored: dict[str, Object]) -> None:
        self.api.claims = {("team", name): claim for name, claim in stored.items()}

    def _wait(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[Peer]:
    async with FakeApi(tmp_path) as api:
        node = DriverNode(tmp_path, api.kubeconfig)
        async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
            yield Peer(api, node, kubelet.info.endpoint)
        assert "/dra_driver/" not in node.log.read_text(), (
            "a traceback of ours; gRPC writes its own for what is no message"
        )
        assert (node.specs, node.shares) == ([], [])
        assert decode(node.checkpoint.read_bytes()).claims == ()


def good_share() -> Object:
    return claim_object(share_result(), uid=str(UUID(int=99)), name="good")


async def test_every_claim_of_every_message_is_answered_and_none_leaves_anything(peer: Peer) -> None:
    good = dra.Claim(namespace="team", name="good", uid=str(UUID(int=99)))

    outcomes = Counter[str]()

    @EXAMPLES
    @given(references=REFERENCES, stored=cluster())
    def fuzz(references: list[dra.Claim], stored: dict[str, Object]) -> None:
        peer.store({**stored, "good": good_share()})
        answers = peer.prepare(references)
        assert answers.keys() == {reference.uid for reference in references}
        for answer in answers.values():
            assert bool(answer.error) != bool(answer.devices)
            assert "a fault of the driver" not in answer.error
            outcomes["refused" if answer.error else "prepared"] += 1
        taken_back = peer.unprepare([*references, *references])
        assert {uid: answer.error for uid, answer in taken_back.items()} == dict.fromkeys(answers, "")
        assert (peer.node.specs, peer.node.shares) == ([], [])
        assert not peer.prepare([good])[good.uid].error
        assert not peer.unprepare([good])[good.uid].error

    await peer.while_fuzzing(fuzz)
    assert min(outcomes["refused"], outcomes["prepared"]) > 9, outcomes


async def test_bytes_that_are_no_message_are_refused_and_the_next_message_is_served(peer: Peer) -> None:
    good = dra.Claim(namespace="team", name="good", uid=str(UUID(int=99)))
    whole = dra.NodePrepareResourcesRequest(claims=[good, good]).SerializeToString()

    @EXAMPLES
    @given(st.binary(max_size=80), st.integers(0, len(whole)), st.integers(0, 9), st.sampled_from([PREPARE, UNPREPARE]))
    def fuzz(middle: bytes, at: int, skipped: int, method: str) -> None:
        try:
            peer.call(method, whole[:at] + middle + whole[at + skipped :])
        except grpc.aio.AioRpcError as error:
            assert error.code() in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)  # noqa: PT017

    def fuzz_and_see() -> None:
        peer.store({"good": good_share()})
        fuzz()
        assert not peer.prepare([good])[good.uid].error
        assert not peer.unprepare([good])[good.uid].error

    await peer.while_fuzzing(fuzz_and_see)
