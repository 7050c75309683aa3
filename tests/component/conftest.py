"""Folders of the component tests: short, since the path of a socket has no more than 107 bytes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give a folder that goes away with the test."""
    with tempfile.TemporaryDirectory(prefix="hami-") as folder:
        yield Path(folder)
