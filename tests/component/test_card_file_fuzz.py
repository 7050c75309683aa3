"""A card's file that somebody damaged: the simulated driver shows what it can or refuses the card, and never crashes its program."""

import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dra_driver.simulated.backend import build_driver_root, load_cards
from dra_driver.simulated.card_layout import (
    FILE_SIZE,
    LINK_FIELDS,
    LINK_SIZE,
    LINKS,
    LINKS_OFFSET,
    SLOT_SIZE,
    SLOTS,
    STATE_FIELDS,
    STATE_SIZE,
    STATIC_FIELDS,
    STATIC_SIZE,
)
from tests.component.test_simulated_driver import BUILT, PROGRAMS, Node

CARDS = """
cards:
- model: NVIDIA A100-SXM4-80GB
  count: 2
  links: [0, 1]
- model: NVIDIA A100-SXM4-80GB
  mig: [{profile: 1g.10gb, start: 0}, {profile: 3g.40gb, start: 4}]
"""
LINK_PLACES = [
    LINKS_OFFSET + number * LINK_SIZE + offset for number in range(LINKS) for offset, _ in LINK_FIELDS.values()
]
PLACES = st.sampled_from(
    [offset for offset, _ in STATIC_FIELDS.values()]
    + [STATIC_SIZE + offset for offset, _ in STATE_FIELDS.values()]
    + LINK_PLACES
    + [STATIC_SIZE + STATE_SIZE + number * SLOT_SIZE for number in (0, 1, SLOTS - 1)]
)
CONTENTS = st.sampled_from([b"\xff" * 4, b"\xff" * 128, b"\0" * 8, b"A" * 512, b"%s%n" * 16]) | st.binary(max_size=64)
DAMAGES = st.lists(st.tuples(PLACES, CONTENTS), min_size=1, max_size=3)
SIZES = st.sampled_from([FILE_SIZE] * 6 + [0, 1, STATIC_SIZE, FILE_SIZE - 1, FILE_SIZE + 1])
PATIENCE_S = 60.0


def ends_by_itself(*command: str | Path, visible: str = "") -> bool:
    """Whether a program ends without a signal; what it prints is its own affair."""
    environment = {"CUDA_VISIBLE_DEVICES": visible} if visible else {}
    done = subprocess.run(
        command, check=False, capture_output=True, timeout=PATIENCE_S, env=environment, stdin=subprocess.DEVNULL
    )
    return done.returncode >= 0


def test_a_damaged_card_crashes_nobody(tmp_path: Path) -> None:
    path = tmp_path / "cards.yaml"
    path.write_text(CARDS)
    cards = load_cards(path, "node-a")
    build_driver_root(cards, BUILT, tmp_path / "root", real_driver=tmp_path / "none")
    node = Node(tmp_path / "root", cards)
    files = {name: (node.root / "dev" / name).read_bytes() for name in ("hami-sim0", "hami-sim1", "hami-sim2")}
    files |= {file.name: file.read_bytes() for file in (node.root / "dev").glob("hami-sim2mig*")}
    smi, python = node.root / "usr/bin/nvidia-smi", sys.executable
    report = (python, PROGRAMS / "nvml_report.py", node.library("libnvidia-ml.so.1"))
    holder = (python, PROGRAMS / "cuda_holder.py", node.library("libcuda.so.1"), "4", "2")

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(damaged=st.sampled_from(sorted(files)), damages=DAMAGES, size=SIZES)
    def fuzz(damaged: str, damages: list[tuple[int, bytes]], size: int) -> None:
        content = bytearray(files[damaged])
        for place, new in damages:
            content[place : place + len(new)] = new
        (node.root / "dev" / damaged).write_bytes(bytes(content[:size]).ljust(size, b"\0"))
        assert ends_by_itself(smi)
        assert ends_by_itself(smi, "-L")
        assert ends_by_itself(*report)
        assert ends_by_itself(*holder, visible="0")
        (node.root / "dev" / damaged).write_bytes(files[damaged])

    fuzz()
    assert len(node.report()["cards"]) == len(cards)
