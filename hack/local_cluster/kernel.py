"""Kernel settings of the whole machine that a kubelet changes when it starts, and putting them back.

Source: setupKernelTunables in Kubernetes' pkg/kubelet/cm/container_manager_linux.go.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SETTINGS: Final = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)
"""Paths below /proc/sys."""

ROOT: Final = Path("/proc/sys")


def read(root: Path = ROOT) -> dict[str, str]:
    """The values of now, of those settings that this kernel has."""
    return {name: (root / name).read_text().strip() for name in SETTINGS if (root / name).exists()}


def restore(values: Mapping[str, str], root: Path = ROOT) -> None:
    """Write values back where they differ."""
    for name, value in values.items():
        if (root / name).read_text().strip() != value:
            with contextlib.suppress(OSError):  # where /proc/sys is read-only, the kubelet has changed nothing
                (root / name).write_text(value)
