"""What most tests of the driver as a process begin with; a test that needs another API server or node has its own of that name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.component.driver_process import DriverNode
from tests.component.fake_api import FakeApi


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[FakeApi]:
    async with FakeApi(tmp_path) as server:
        yield server


@pytest.fixture
def node(tmp_path: Path, api: FakeApi) -> DriverNode:
    return DriverNode(tmp_path, api.kubeconfig)
