"""What all tiers share: golden files, what is left out without root (never silently, and never under CI=true), and what runs together."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Machines are shared and noisy: no example fails for the time that it took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

TESTS = Path(__file__).parent
ORDER = ("node", "scenarios", "tools", "control_plane", "component", "unit")
ONE_CLUSTER = ("control_plane", "node", "scenarios")
GOLDEN = TESTS / "golden"
NEEDS_ROOT = ("control_plane", "node")

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the files under tests/golden")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Give a folder that goes away with the test. Its path is short, since that of a socket has no more than 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="hami-") as folder:
        yield Path(folder)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare text with `tests/golden/<name>`, or write it when --update-golden is given."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{path} is missing; run pytest --update-golden and review it"
        assert text == path.read_text(), f"differs from {path}; if that is meant, run pytest --update-golden"

    return compare


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs root where there is none; the longest tier comes first, so that several processes end together."""
    _leave_out(config, items)
    items.sort(key=lambda item: ORDER.index(item.path.relative_to(TESTS).parts[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> "TierScheduling":
    """Say how several processes share the tests (pytest -n)."""
    return TierScheduling(config, log)


class TierScheduling(LoadScopeScheduling):  # type: ignore[misc]  # a class without types
    """One process runs all tests that use one cluster, or those of one file."""

    def _split_scope(self, nodeid: str) -> str:
        path = Path(nodeid.partition("::")[0])
        return str(path.parent if path.parent.name in ONE_CLUSTER else path)


def _leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.geteuid() == 0 or os.environ.get("CI") == "true":
        return
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in NEEDS_ROOT)]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
        config.stash[LEFT_OUT] = len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    count = terminalreporter.config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(f"left out: {count} tests of the tiers {', '.join(NEEDS_ROOT)}, which need root")
