"""Without a webhook: pods without cards never notice, pods with cards are refused and not left half converted."""

import pytest

from catalog.errors import UnavailableError
from hack.local_system import LocalSystem
from tests.cluster.namespace import Namespace
from tests.cluster.objects import container, pod

pytestmark = pytest.mark.control_plane


def test_only_pods_that_ask_for_cards_depend_on_the_webhook(namespace: Namespace, system: LocalSystem) -> None:
    system.webhook.stop()
    try:
        namespace.apply(pod("plain", container()))
        with pytest.raises(UnavailableError, match="webhook"):
            namespace.apply(pod("legacy", container(gpu=1, gpumem=4000)))
    finally:
        system.webhook.start()
    assert [item["metadata"]["name"] for item in namespace.objects("pods")] == ["plain"]
