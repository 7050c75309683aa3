"""Real libcudart, shared and static, before the simulated driver: every name that it looks up gets the same answer with the interceptor
before it as without, but for the functions that have a wrapper."""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from dra_driver.containers.delivery import Delivery
from dra_driver.simulated.backend import LIBRARY_FOLDER, build_driver_root, load_cards
from hack import cuda

pytestmark = pytest.mark.native

REPOSITORY = Path(__file__).parents[2]
BUILT = REPOSITORY / "build"
SOURCES = REPOSITORY / "native/tests/cudart"
RUNTIMES = (*cuda.runtimes(), *cuda.static_runtimes())
FEWEST_LOOKUPS = 300
CARDS = """
driverVersion: "590.44.01"
cudaVersion: "13.5"
cards:
- model: NVIDIA L4
  count: 1
"""


def name_of(runtime: Path) -> str:
    return f"{runtime.parent.name.removeprefix('nvidia-cuda-runtime')}-{runtime.name}".strip("-")


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("cudart") / "recorder.so"
    flags = [
        "-std=c11",
        "-D_GNU_SOURCE",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-fPIC",
        "-shared",
        "-fvisibility=hidden",
    ]
    compile_c([*flags, f"-I{REPOSITORY}/native/include", SOURCES / "recorder.c", "-ldl"], library)
    return library


@pytest.fixture(scope="module")
def driver_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("node")
    (folder / "cards.yaml").write_text(CARDS)
    cards = load_cards(folder / "cards.yaml", "node-a")
    build_driver_root(cards, BUILT / "sim", folder / "root", real_driver=folder / "none")
    return folder / "root"


@pytest.fixture(scope="module")
def shim_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder with a shim that stands before the simulated driver, as the C tests have it; other tests build beside us."""
    build = tmp_path_factory.mktemp("build")
    (build / "sim").symlink_to(BUILT / "sim")
    names = ("test/libvgpu.so", "test/shim/libcuda.so.1")
    command = ["make", "--silent", "-C", "native", f"BUILD={build}", *(f"{build}/{name}" for name in names)]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    return build


def compile_c(arguments: list[str | Path], output: Path) -> None:
    subprocess.run(["gcc", *map(str, arguments), "-o", str(output)], check=True)


def wrapped_symbols() -> set[str]:
    """Those that have a wrapper where a program has no share: none that is there for a share's time alone."""
    table = (REPOSITORY / "native/generated/wrappers.c").read_text()
    return {
        symbol for symbol, time_only in re.findall(r'{"(cu\w+)", "\w+", \d+, \d+, (\d),', table) if time_only == "0"
    }


def lookups(program: Path, environment: Mapping[str, str], record: Path) -> tuple[str, list[str]]:
    """What the program says, and a line for each name that its libcudart looked up."""
    run = subprocess.run(
        [program],
        env={**environment, "CUDART_LOOKUPS": str(record)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout, record.read_text().splitlines()


def expected(line: str, wrapped: set[str]) -> str:
    before, library, symbol = line.rsplit(" ", 2)
    return f"{before} libvgpu.so {symbol}" if library == "libcuda.so.1" and symbol in wrapped else line


def test_the_runtimes_are_there() -> None:
    if not cuda.is_fetched() and "CI" not in os.environ:
        pytest.skip("CUDA's runtimes were not fetched: make cuda")
    assert len(cuda.runtimes()) >= 5
    assert cuda.static_runtimes()


@pytest.mark.parametrize("delivery", [Delivery.PRELOAD, Delivery.SHIM])
@pytest.mark.parametrize("runtime", RUNTIMES, ids=name_of)
def test_every_lookup_is_answered_as_without_the_interceptor(
    runtime: Path, delivery: Delivery, recorder: Path, driver_root: Path, shim_build: Path, tmp_path: Path
) -> None:
    program = tmp_path / "calls"
    libraries = ["-ldl", "-lpthread", "-lrt"] if runtime.suffix == ".a" else [f"-Wl,-rpath,{runtime.parent}"]
    compile_c([SOURCES / "calls.c", runtime, *libraries], program)
    interceptor = BUILT / "libvgpu.so"
    bare = {
        "LD_PRELOAD": str(recorder),
        "LD_LIBRARY_PATH": str(driver_root / LIBRARY_FOLDER),
        "HAMI_SIM_DEV": str(driver_root / "dev"),
    }
    added = {
        Delivery.PRELOAD: {"LD_PRELOAD": f"{recorder}:{interceptor}", "CUDART_INTERCEPTOR": str(interceptor)},
        Delivery.SHIM: {"LD_LIBRARY_PATH": str(shim_build / "test/shim"), "HAMI_TEST_DRIVER": str(shim_build / "sim")},
    }
    hooked = bare | added[delivery]
    said, without = lookups(program, bare, tmp_path / "without")
    said_hooked, with_it = lookups(program, hooked, tmp_path / "with")
    wrapped = wrapped_symbols()
    assert len(without) > FEWEST_LOOKUPS
    assert with_it == [expected(line, wrapped) for line in without]
    replaced = {line.rpartition(" ")[2] for line in with_it if " libvgpu.so " in line}
    assert {"cuInit", "cuMemAlloc_v2", "cuMemFree_v2", "cuMemGetInfo_v2"} <= replaced
    assert said_hooked == said
