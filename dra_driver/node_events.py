"""Tells the operators of a node what is wrong with its offer, as events of the node: `kubectl describe node` shows them.

Source: v1 Event. An event of a node is in the namespace `default`, and names the node in place of a UID, as the kubelet's own do.
Not here: when something is wrong (dra_driver.publisher), and pacing (dra_driver.outbox).
"""

import time
from datetime import UTC, datetime
from typing import Any, Final

from dra_driver.outbox import Outbox
from kube.client import ApiServer

_COMPONENT: Final = "hami-dra"
_MESSAGE_LIMIT: Final = 1000
_EVENTS: Final = "/api/v1/namespaces/default/events"


class NodeEvents:
    """Events about one node."""

    def __init__(self, api: ApiServer, outbox: Outbox, node_name: str) -> None:
        self._api = api
        self._outbox = outbox
        self._node_name = node_name

    def warn(self, reason: str, message: str) -> None:
        """Have it told soon; of one reason, the latest."""
        event = self._event(reason, message[:_MESSAGE_LIMIT])
        self._outbox.put(f"event {reason} of node {self._node_name}", lambda: self._create(event))

    async def _create(self, event: dict[str, Any]) -> None:
        await self._api.create(_EVENTS, event)

    def _event(self, reason: str, message: str) -> dict[str, Any]:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"namespace": "default", "name": f"{self._node_name}.{time.time_ns():x}"},
            "involvedObject": {"apiVersion": "v1", "kind": "Node", "name": self._node_name, "uid": self._node_name},
            "type": "Warning",
            "reason": reason,
            "message": message,
            "source": {"component": _COMPONENT, "host": self._node_name},
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
