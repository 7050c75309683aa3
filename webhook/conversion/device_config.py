"""HAMi's device configuration, as its chart writes it (`device-config.yaml` of the ConfigMap `hami-scheduler-device`), read as it is.

Zero and empty mean not given, as there. Pure. Not here: what follows for conversion (webhook.conversion.rules).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec

VENDORS: Final = frozenset(
    [
        *("amd", "awsneuron", "biren", "cambricon", "enflame", "hygon", "iluvatar", "iluvatars"),
        *("kunlun", "metax", "mthreads", "vastai", "vnpus"),
    ]
)
"""Sections of cards that are not converted here."""

_Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class NvidiaSection(msgspec.Struct, frozen=True, rename="camel"):
    """The section `nvidia`: what a webhook looks at."""

    resource_count_name: str = ""
    resource_memory_name: str = ""
    resource_memory_percentage_name: str = ""
    resource_core_name: str = ""
    resource_priority_name: str = ""
    overwrite_env: bool = False
    default_memory: _Count = 0
    """MiB; the factor does not count here."""
    default_cores: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    default_gpu_num: Annotated[int, msgspec.Meta(ge=0, le=32)] = msgspec.field(default=1, name="defaultGPUNum")
    memory_factor: _Count = 1
    gpu_core_policy: Literal["", "default", "force", "disable"] = msgspec.field(default="", name="gpuCorePolicy")
    runtime_class_name: str = ""
    disable_core_limit: bool = False


_READ: Final = frozenset(NvidiaSection.__struct_encode_fields__)


def without_effect(section: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields of a section that are for the nodes (`hami-dra driver --config`) or not known."""
    return tuple(f"nvidia.{field}" for field in section if field not in _READ)
