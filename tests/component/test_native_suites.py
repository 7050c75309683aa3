"""The C suites, plain and under the sanitizers: interceptor, pages and accounting, and the simulated driver."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.native

REPOSITORY = Path(__file__).parents[2]
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
SUITES = 9
"""Test programs: five of the interceptor, four of the simulated driver."""
PROOFS = 2
"""Programs that prove the accounting on any processor; a third one does on x86-64."""


@pytest.mark.parametrize("target", ["test", "asan"])
def test_every_c_suite_passes(target: str) -> None:
    done = subprocess.run(
        ["make", "-C", "native", target], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=900
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-8000:]
    counts = [(int(passed), int(failed)) for passed, failed in SUMMARY.findall(output)]
    assert len(counts) >= SUITES, output[-8000:]
    assert all(passed > 0 and failed == 0 for passed, failed in counts), output[-8000:]


def test_every_proof_of_the_accounting_passes_on_the_objects_that_ship() -> None:
    done = subprocess.run(
        ["make", "-C", "native", "proof"], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=900
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-8000:]
    assert len(SUMMARY.findall(output)) >= PROOFS, output[-8000:]


def test_the_library_needs_libc_alone_and_nothing_of_it_that_is_younger_than_2_17() -> None:
    """A younger symbol would make older images pass over the preload, and leave their pods without a limit."""
    library = str(REPOSITORY / "build" / "libvgpu.so")
    dynamic = subprocess.run(["readelf", "-Wd", library], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic) == ["libc.so.6"]
    symbols = subprocess.run(
        ["readelf", "-W", "--dyn-syms", library], capture_output=True, text=True, check=True
    ).stdout
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"@GLIBC_([0-9.]+)", symbols)}
    assert versions
    assert max(versions) <= (2, 17)
