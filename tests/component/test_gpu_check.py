"""`make gpu-check` itself, with the simulated driver in the place of a GPU's: it passes where all holds, and finds what does not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dra_driver.simulated.backend import build_driver_root, load_cards
from hack.gpu_check.tenant import REPOSITORY

CONTEXT_MIB = 64
"""What a context takes of the simulated card."""
SLACK = 5
"""In points: what was saved up, and units in flight, of a short time."""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting is root's")


@pytest.fixture
def driver_root(tmp_path: Path) -> Path:
    cards = tmp_path / "cards.yaml"
    cards.write_text("cards:\n- model: NVIDIA A100-SXM4-80GB\n")
    build_driver_root(
        load_cards(cards, "node-a"), REPOSITORY / "build/sim", tmp_path / "root", real_driver=tmp_path / "none"
    )
    return tmp_path / "root"


def gpu_check(driver_root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "hack.gpu_check", "--driver-root", str(driver_root), *arguments]
    return subprocess.run(command, cwd=REPOSITORY, check=False, capture_output=True, text=True)


def verdicts(output: str) -> dict[str, tuple[str, str]]:
    """What was checked → verdict and what was seen."""
    lines = [line.strip() for line in output.splitlines()[1:]]
    split = [(line[:9].strip(), *line[9:].split(": ", 1)) for line in lines]
    return {what.strip(): (verdict, seen) for verdict, what, seen in split}


def test_without_a_gpu_it_says_so(tmp_path: Path) -> None:
    ended = gpu_check(tmp_path)
    assert ended.returncode == 77
    assert "no GPU is at hand, nothing was checked" in ended.stderr


@needs_root
def test_on_a_card_where_all_holds_it_passes(driver_root: Path) -> None:
    ended = gpu_check(driver_root, "--only", "memory", "--context-mib", str(CONTEXT_MIB), "--share-mib", "1000")
    found = verdicts(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (said,) = ended.stderr.splitlines()
    assert "memory that can be evicted has no IPC handle" in said
    assert {verdict for verdict, _ in found.values()} == {"holds", "measured", "left out"}
    assert [what for what, (verdict, _) in found.items() if verdict == "left out"] == [
        "PyTorch, batches grown until memory ends"
    ]
    assert found["a share that is filled"][1] == "936 MiB beside a context of 64 MiB, of 1000 MiB; takes 1000 MiB"
    assert found["array of 1024 × 2560"][1] == "takes 10 MiB, charged 10 MiB"
    assert found["a buffer there"][1] == "managed 1, memory type 2"
    assert found["two tenants of 60 percent of the card each"][1] == "98176 of 98176 MiB are as they were written"
    assert '"Ampere", 580, 64, "measured NVIDIA A100-SXM4-80GB' in found["row for dra_driver/cards/contexts.py"][1]


@needs_root
def test_contexts_that_take_more_than_they_are_charged_are_found(driver_root: Path) -> None:
    ended = gpu_check(driver_root, "--only", "memory", "--context-mib", "16", "--share-mib", "1000")
    found = verdicts(ended.stdout)
    assert ended.returncode == 1
    assert found["a process's first context"] == ("fails", "takes 64 MiB, charged 16 MiB")
    assert found["a share that is filled"] == (
        "fails",
        "984 MiB beside a context of 16 MiB, of 1000 MiB; takes 1048 MiB",
    )
    what = "used and overhead, after two looks of the node"
    assert found[what] == ("holds", "takes 128 MiB, used 80 MiB, overhead 48 MiB")


@needs_root
def test_shares_of_time_are_measured_and_no_limit_is_exceeded(driver_root: Path, tmp_path: Path) -> None:
    what = [word for check in ("neighbours", "live_change", "priority", "decoder") for word in ("--only", check)]
    ended = gpu_check(driver_root, *what, "--quick", "--context-mib", str(CONTEXT_MIB), "--traces", str(tmp_path / "t"))
    found = verdicts(ended.stdout)
    assert ended.stderr == ""
    for unit in ("1 ms", "5 ms"):  # how near they come to their limits depends on the machine's other work
        limited, other = map(float, re.findall(r"([\d.]+) % \(", found[f"30 / 70, units of {unit}"][1]))
        assert 0 < limited < 30 + SLACK
        assert 0 < other < 70 + SLACK
    high, low = map(float, re.findall(r"([\d.]+) % \(", found["priority 0 / priority 1, units of 1 ms"][1]))
    assert high > low
    _, settled = found["a limit of 30 changed to 60, within 5 points of it in windows of 0.1 s"]
    assert re.fullmatch(r"never|after [\d.]+ s", settled)
    assert found["steps of 200 kernels of 20 µs, a share of 100"][0] == "measured"
    traces = sorted(path.name for path in (tmp_path / "t").iterdir())
    assert "neighbours-1000-1-three.csv" in traces
    assert len(traces) == 9


@needs_root
def test_a_card_that_is_not_there_is_named(driver_root: Path) -> None:
    ended = gpu_check(driver_root, "--card", "7")
    assert ended.returncode == 1
    assert ended.stderr.startswith("gpu-check: there is no card 7; there are GPU-")
