"""The library that is built here, in programs of an older and of a newer C library than this machine's: whole programs of the C suites,
and the object that ships. The oldest that is promised, 2.17, is checked by its symbols alone (test_native_suites.py).
"""

import os
import platform
import re
import subprocess
from pathlib import Path

import pytest

from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards
from hack.other_glibc import Glibc, GlibcNotFetchedError, fetch

pytestmark = [
    pytest.mark.native,
    pytest.mark.skipif(
        platform.machine() != "x86_64", reason="the compiler's own files are those of this machine's processor"
    ),
]

REPOSITORY = Path(__file__).parents[2]
VERSIONS = {"bullseye": "2.31", "trixie": "2.41"}
CLIENTS = ("lookup", "primary", "bystander", "answers", "both_apis", "launches")
SUITES = ("library", "visible", "launches")
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


@pytest.fixture(params=VERSIONS)
def glibc(request: pytest.FixtureRequest) -> Glibc:
    try:
        found = fetch(request.param)
    except GlibcNotFetchedError as error:
        pytest.skip(f"the C library of {request.param}: {error}")
    assert found.version == VERSIONS[request.param]
    return found


def make(build: Path, *targets: str, compiler: str = "gcc") -> None:
    paths = [str(build / target) for target in targets]
    command = ["make", "--silent", "-C", "native", f"BUILD={build}", f"CC={compiler}", *paths]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]


def test_programs_of_another_glibc_are_held_by_the_library_that_is_built_here(glibc: Glibc, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    programs = [f"test/{suite}" for suite in SUITES] + [f"test/clients/{client}" for client in CLIENTS]
    driver = ["sim/libcuda.so.1", "sim/libnvidia-ml.so.1", "sim/nvidia-smi", "samples/fill-until-refused"]
    shims = ["test/shim/libcuda.so.1", "test/shim/libnvidia-ml.so.1"]
    make(there, *programs, *driver, *shims, compiler=glibc.compiler)
    make(here, "libvgpu.so", "test/libvgpu.so")
    (here / "test/libvgpu.so").replace(there / "test/libvgpu.so")
    for suite in SUITES:
        done = subprocess.run([there / "test" / suite], capture_output=True, text=True, check=False, timeout=120)
        counts = [(int(passed), int(failed)) for passed, failed in SUMMARY.findall(done.stdout)]
        assert counts, done.stdout + done.stderr
        assert all(passed > 0 and failed == 0 for passed, failed in counts), done.stdout + done.stderr
    assert "allocated 100 MiB of 100 MiB" in fill_with_what_ships(here / "libvgpu.so", there, tmp_path)


def fill_with_what_ships(library: Path, there: Path, folder: Path) -> str:
    """What a program says whose environment limits it, with the library that ships before it."""
    (folder / "cards.yaml").write_text(
        "cards: [{model: NVIDIA A100-SXM4-80GB, memory: 1Gi, contextMiB: 0, reservedMiB: 0}]\n"
    )
    build_driver_root(
        load_cards(folder / "cards.yaml", "node-a"), there / "sim", folder / "root", real_driver=folder / "none"
    )
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "LD_LIBRARY_PATH": str(folder / "root" / LIBRARY_FOLDER),
        "CUDA_DEVICE_MEMORY_LIMIT_0": "100m",
        "CUDA_DEVICE_MEMORY_SHARED_CACHE": str(folder / "cache"),
    }
    program = there / "samples/fill-until-refused"
    done = subprocess.run([program], env=environment, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr
