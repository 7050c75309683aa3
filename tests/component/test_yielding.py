"""A real driver tells shares of priority 1 when one of priority 0 comes to their card and when the last has gone."""

import pytest

from dra_driver.shares.pages import read_limits
from tests.component.driver_process import DriverNode, driver
from tests.component.fake_api import FakeApi
from tests.component.fake_kubelet import FakeKubelet
from tests.unit.driver_objects import Object, claim_object, opaque, share_result
from tests.waiting import until

pytestmark = pytest.mark.native

LOW_UID = "3c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d11"
HIGH_UID = "3c1f7a2e-90b1-4c1d-8a35-0c5f6f0e7d12"


def stored(api: FakeApi, name: str, uid: str, config: Object) -> Object:
    claim = claim_object(
        share_result(memory="1000Mi", cores="0", share_id=uid), config=[opaque(config)], uid=uid, name=name
    )
    api.claims["team", name] = claim
    return claim


def low_waits(node: DriverNode) -> bool:
    (share,) = (share for share in node.shares if share.name.startswith(LOW_UID))
    return read_limits((share / "limits").read_bytes()).yields


async def test_a_share_without_cores_waits_while_one_of_priority_0_is_prepared(api: FakeApi, node: DriverNode) -> None:
    low, high = stored(api, "low", LOW_UID, {}), stored(api, "high", HIGH_UID, {"priority": 0})
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.prepare(low)
        assert not low_waits(node)
        await kubelet.prepare(high)
        await until(lambda: low_waits(node), "the share of priority 1 waits")
    async with driver(node), FakeKubelet(node.kubelet_folder) as kubelet:
        await kubelet.unprepare(high)
        await until(lambda: not low_waits(node), "it waits for nobody any more")
