"""Tells the operators of a node what is wrong with its offer, as events of the node: `kubectl describe node` shows them.

Source: v1 Event. An event of a node is in the namespace `default`, and names the node in place of a UID, as the kubelet's own do.
Not here: when something is wrong (dra_driver.slices.publisher), and pacing (dra_driver.outbox).
"""

from typing import Final

from dra_driver.outbox import Outbox
from kube.client import ApiServer, Object
from kube.events import events_in, warning

_COMPONENT: Final = "hami-dra"


class NodeEvents:
    """Events about one node."""

    def __init__(self, api: ApiServer, outbox: Outbox, node_name: str) -> None:
        self._api = api
        self._outbox = outbox
        self._node_name = node_name

    def warn(self, reason: str, message: str) -> None:
        """Have it told soon; of one reason, the latest."""
        about = {"apiVersion": "v1", "kind": "Node", "name": self._node_name, "uid": self._node_name}
        event = warning(about, reason, message, {"component": _COMPONENT, "host": self._node_name})
        self._outbox.put(f"event {reason} of node {self._node_name}", lambda: self._create(event))

    async def _create(self, event: Object) -> None:
        await self._api.create(events_in("default"), event)
