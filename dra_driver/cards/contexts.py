"""What an empty CUDA context takes of a card: the table that shares are charged by, each figure with its source. Pure.

The driver says nothing of it before a context is there, and NVML not at all under MIG, in a virtual GPU, or where it does not see
processes. Not here: what processes hold beside that, as NVML sees it (dra_driver.accounting.overhead), and the charging, which
is the interceptor's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from catalog.names import MIB
from dra_driver.cards.card import Card

MEASURED: Final = "measured"
PUBLISHED: Final = "published"
ESTIMATE: Final = "estimate"


@dataclass(frozen=True, slots=True)
class ContextSize:
    """One figure. It is of every card whose name begins with `model`, or, where that is empty, of the architecture."""

    model: str
    architecture: str
    """As NVML has it; empty: any."""
    branch: int
    """Of the driver that it was seen with, as 580 for 580.95.05; 0: not known."""
    size_mib: int
    source: str
    """`measured <hardware>`, `published <where>` or `estimate: <why>`."""


def _published(model: str, architecture: str, branch: int, size_mib: int, where: str) -> ContextSize:
    return ContextSize(model, architecture, branch, size_mib, f"{PUBLISHED} {where}")


def _estimate(model: str, architecture: str, size_mib: int, why: str) -> ContextSize:
    return ContextSize(model, architecture, 0, size_mib, f"{ESTIMATE}: {why}")


_SAME_CHIP: Final = "the chip of the RTX 6000 Ada"
_AMPERE: Final = "3.1 MiB for each of {} multiprocessors, as the RTX 3090"
_ADA: Final = "3.1 MiB for each of {} multiprocessors, as the RTX 4060 Ti"
_HOPPER: Final = "4.2 MiB for each of {} multiprocessors, as the B200"
_LARGEST: Final = "the largest above"

SIZES: Final = (
    _published("Tesla K80", "Kepler", 0, 94, "github.com/dogkeeper886/ollama37/issues/73"),
    _published("Tesla V100", "Volta", 0, 308, "github.com/rapidsai/ucx-py/issues/102"),
    _estimate("Tesla T4", "Turing", 126, _AMPERE.format(40)),
    _published("NVIDIA GeForce RTX 3090", "Ampere", 610, 256, "github.com/invoke-ai/InvokeAI/issues/9413"),
    _estimate("NVIDIA A100", "Ampere", 336, _AMPERE.format(108)),
    _estimate("NVIDIA A40", "Ampere", 262, _AMPERE.format(84)),
    _estimate("NVIDIA A30", "Ampere", 174, _AMPERE.format(56)),
    _estimate("NVIDIA A10", "Ampere", 224, _AMPERE.format(72)),
    _published("NVIDIA GeForce RTX 4060 Ti", "Ada Lovelace", 0, 108, "github.com/ggml-org/llama.cpp/pull/23604"),
    _published("NVIDIA RTX 6000 Ada", "Ada Lovelace", 0, 426, "github.com/unslothai/unsloth-zoo/pull/1053"),
    _estimate("NVIDIA L40", "Ada Lovelace", 426, _SAME_CHIP),
    _estimate("NVIDIA GeForce RTX 4090", "Ada Lovelace", 398, _ADA.format(128)),
    _estimate("NVIDIA L4", "Ada Lovelace", 180, _ADA.format(58)),
    _estimate("NVIDIA H100", "Hopper", 554, _HOPPER.format(132)),
    _estimate("NVIDIA H200", "Hopper", 554, _HOPPER.format(132)),
    _published("NVIDIA RTX PRO 6000 Blackwell", "Blackwell", 0, 556, "github.com/ggml-org/llama.cpp/pull/23604"),
    _published("NVIDIA B200", "Blackwell", 0, 616, "github.com/kvcache-ai/Mooncake/issues/3434"),
    _estimate("", "Kepler", 94, _LARGEST),
    _estimate("", "Maxwell", 94, "as Kepler"),
    _estimate("", "Pascal", 216, "3.8 MiB for each of 56 multiprocessors, as the V100"),
    _estimate("", "Volta", 308, _LARGEST),
    _estimate("", "Turing", 224, _AMPERE.format(72)),
    _estimate("", "Ampere", 336, _LARGEST),
    _estimate("", "Ada Lovelace", 448, _ADA.format(144)),
    _estimate("", "Hopper", 554, _LARGEST),
    _estimate("", "Blackwell", 616, _LARGEST),
    _estimate("", "", 512, "a large card's"),
)
"""Rounded up to the 2 MiB that drivers hand out. Nearly all are of small programs and not of ours; `make gpu-check` measures."""


def context_size(card: Card, sizes: Iterable[ContextSize] = SIZES) -> ContextSize:
    """Return the figure for a card: that of its model before that of its architecture before any; of several drivers the nearest older one.

    A figure of a longer name counts before that of a shorter one, as of the L40 before the L4.
    """
    branch = driver_branch(card.driver_version)
    fitting = [size for size in sizes if _fits(size, card)]
    return max(
        fitting,
        key=lambda size: (len(size.model), bool(size.architecture), size.branch <= branch, -abs(branch - size.branch)),
    )


def context_bytes(card: Card) -> int:
    """Return what a context on a card is charged."""
    return context_size(card).size_mib * MIB


def driver_branch(driver_version: str) -> int:
    """Return 580 for 580.95.05; 0 for what is no version."""
    branch = driver_version.partition(".")[0]
    return int(branch) if branch.isdecimal() else 0


def _fits(size: ContextSize, card: Card) -> bool:
    if size.model:
        return card.product_name.startswith(size.model)
    return size.architecture in ("", card.architecture)
