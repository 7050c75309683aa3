"""The C suites, plain and under the sanitizers: interceptor, pages and accounting, and the simulated driver."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.native

REPOSITORY = Path(__file__).parents[2]
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
SUITES = 50
"""Runs of test programs: 37 of the interceptor, one of them for each of three deliveries, and 13 of the simulated driver."""
THREADED = 10
"""Test programs that race threads within one process."""
PROOFS = 3
"""Programs that prove the accounting on any processor; a fourth one does on x86-64."""


@pytest.mark.parametrize("target", ["test", "asan"])
def test_every_c_suite_passes(target: str) -> None:
    done = subprocess.run(
        ["make", "-j2", "-O", "-C", "native", target],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-8000:]
    counts = [(int(passed), int(failed)) for passed, failed in SUMMARY.findall(output)]
    assert len(counts) >= SUITES, output[-8000:]
    assert all(passed > 0 and failed == 0 for passed, failed in counts), output[-8000:]


def test_suites_with_threads_pass_under_thread_sanitizer() -> None:
    done = subprocess.run(
        ["make", "-j2", "-O", "-C", "native", "tsan"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-8000:]
    assert "ThreadSanitizer" not in output
    assert len(SUMMARY.findall(output)) >= THREADED, output[-8000:]


def test_every_proof_of_the_accounting_passes_on_the_objects_that_ship() -> None:
    done = subprocess.run(
        ["make", "-j2", "-O", "-C", "native", "proof"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-8000:]
    assert len(SUMMARY.findall(output)) >= PROOFS, output[-8000:]


def readelf(*arguments: str) -> str:
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True, check=True).stdout


def build_for(tmp_path: Path, compiler: str, name: str = "libvgpu.so") -> str:
    """Build a library with another compiler; returns its path. Left out where there is none, but not under CI=true."""
    if not shutil.which(compiler) and os.environ.get("CI") != "true":
        pytest.skip(f"there is no {compiler}; root installs it with make test")
    library = tmp_path / name
    command = ["make", "-C", "native", f"BUILD={tmp_path}", f"CC={compiler}", str(library)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(library)


COMPILERS = {"x86_64": "cc", "aarch64": "aarch64-linux-gnu-gcc"}
LOADERS = {"aarch64": {"ld-linux-aarch64.so.1"}}
"""Parts of libc that stand in a file of their own."""


@pytest.mark.parametrize("processor", COMPILERS)
def test_the_library_needs_libc_alone_and_nothing_of_it_that_is_younger_than_2_17(
    tmp_path: Path, processor: str
) -> None:
    """A younger symbol would make older images pass over the preload, and leave their pods without a limit."""
    library = build_for(tmp_path, COMPILERS[processor])
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("-d", library)))
    assert needed - LOADERS.get(processor, set()) == {"libc.so.6"}
    found = re.findall(r"@GLIBC_([0-9.]+)", readelf("--dyn-syms", library))
    assert max(tuple(map(int, version.split("."))) for version in found) <= (2, 17)


@pytest.mark.parametrize("processor", COMPILERS)
def test_the_library_shows_what_is_meant_and_works_for_nobody_unasked(tmp_path: Path, processor: str) -> None:
    """Exports are the list; no stack is made executable, relocations are read-only, and nothing runs when it is loaded."""
    library = build_for(tmp_path, COMPILERS[processor])
    listed = set(re.findall(r"^    (\w+);$", (REPOSITORY / "native/generated/libvgpu.map").read_text(), re.MULTILINE))
    exported = re.findall(
        r"(?:GLOBAL|WEAK) +(?:DEFAULT|PROTECTED) +\d+ (\w+)$", readelf("--dyn-syms", library), re.MULTILINE
    )
    assert set(exported) == listed
    segments = readelf("-l", library)
    assert re.search(r"GNU_STACK .* RW +0x", segments)
    assert "GNU_RELRO" in segments
    assert "NOW" in readelf("-d", library)
    own = {"frame_dummy", "__do_global_dtors_aux"}  # of the compiler
    started = re.findall(r"\.(?:init|fini)_array +\w+ +\w+ +\w+ +(\w+)", readelf("-S", library))
    assert [int(size, 16) for size in started] == [8] * len(own)
    # Of the file what is loaded: between the two segments aarch64's leaves a hole, so that pages of 64 KiB are possible.
    loaded = re.findall(r"^  LOAD +\w+ \w+ \w+ (\w+)", segments, re.MULTILINE)
    assert sum(int(size, 16) for size in loaded) <= 300 * 1024


ORDERED = {
    "account_take_up": ["ldar", "ldar", "ldar"],
    "account_release": ["ldar", "stlr"],
    "try_swap": ["ldaxp", "ldxr", "stlxp", "stlxr"],
}
"""The accesses that order others, of the accounting: `seq`, tag and `done`; tag and `seq`; the word and `done`."""


def test_on_aarch64_the_accounting_orders_its_accesses_as_the_model_of_it_does(tmp_path: Path) -> None:
    """What that order rules out: tests/unit/test_arm_order.py."""
    compiler = COMPILERS["aarch64"]
    built = build_for(tmp_path, compiler, "obj/account.o")
    disassembler = compiler.replace("gcc", "objdump")
    text = subprocess.run([disassembler, "-d", "--no-show-raw-insn", built], capture_output=True, text=True, check=True)
    functions = dict(re.findall(r"^[0-9a-f]+ <(\w+)>:\n(.*?)(?:\n\n|\Z)", text.stdout, re.MULTILINE | re.DOTALL))
    ordering = re.compile(r"\t(ldap?r|ldax[rp]|ldx[rp]|stlr|stlx[rp]|stx[rp]|dmb|cas\w*|ldadd\w*)\t")
    assert {name: sorted(ordering.findall(functions[name])) for name in ORDERED} == ORDERED


SHIMS = {"libvgpu-cuda.so": "libcuda.so.1", "libvgpu-nvml.so": "libnvidia-ml.so.1"}


@pytest.mark.parametrize("processor", COMPILERS)
@pytest.mark.parametrize("name", SHIMS)
def test_a_shim_is_a_name_of_the_driver_and_who_answers_to_it(tmp_path: Path, name: str, processor: str) -> None:
    """The interceptor's functions come first; both stand at paths that nothing in the environment changes."""
    shim = build_for(tmp_path, COMPILERS[processor], name)
    section = readelf("-d", shim)
    assert re.findall(r"\(NEEDED\).*\[(.+)\]", section) == [
        "/run/hami.io/lib/libvgpu.so",
        f"/run/hami.io/driver/{SHIMS[name]}",
    ]
    assert re.findall(r"\(SONAME\).*\[(.+)\]", section) == [SHIMS[name]]
    assert not re.search(r"RPATH|RUNPATH|INIT|FINI", section)
    assert not re.search(r"(?:GLOBAL|WEAK)", readelf("--dyn-syms", shim))
    assert re.search(r"GNU_STACK .* RW +0x", readelf("-l", shim))


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (build_for(tmp_path / name, "cc") for name in ("one", "two"))
    assert Path(first).read_bytes() == Path(second).read_bytes()
