"""`ShareConfig`: the opaque configuration of a share in a ResourceClaim or DeviceClass (`hami.io/v1alpha1`).

Checked strictly, at admission and again in Prepare: an unknown field is an error, never ignored. Not here: memory, cores and
slots, which are capacity and so the scheduler's to grant.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from catalog.errors import InvalidInputError
from catalog.names import API_GROUP_VERSION, SHARE_CONFIG_KIND


class CorePolicy(StrEnum):
    """When a share's `cores` bind (HAMi's `GPU_CORE_UTILIZATION_POLICY`)."""

    DEFAULT = "default"
    """Unlimited while the share is alone on its card."""
    FORCE = "force"
    """Always."""
    DISABLE = "disable"
    """Never."""


class Copies(StrEnum):
    """Whether copies and memsets count as a share's time."""

    FREE = "free"
    """They are neither charged nor held: the driver's own functions."""
    CHARGED = "charged"
    """As kernels are: charged to the share's `cores`, and held by them."""


class ShareConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How one share is treated beyond what the scheduler granted. Every field has a default: `{}` plus the type is valid."""

    api_version: Literal["hami.io/v1alpha1"] = API_GROUP_VERSION
    kind: Literal["ShareConfig"] = SHARE_CONFIG_KIND
    priority: Annotated[int, msgspec.Meta(ge=0, le=1)] = 1
    """0 goes before 1 on a busy card (HAMi's `CUDA_TASK_PRIORITY`)."""
    core_policy: CorePolicy = CorePolicy.DEFAULT
    weight: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    """Part of the card's time that shares of equal priority get, relative to each other."""
    live_cores: bool = True
    """Whether cores may be limited later while the container runs; `false` gives the driver's own launch path."""
    copies: Copies = Copies.FREE
    """Whether `cores` are of copies and memsets too. Fixed while the container runs: programs are given functions by it."""
    enforce: bool = True
    """`false` grants the share without an interceptor; the cluster decides whether that is allowed."""

    oversubscribe: bool = True
    """On an oversubscribed card, whether the share's memory may be evicted; `false` keeps it there, and is the share's part of what the
    card has: for programs that share memory by IPC (HAMi's `CUDA_OVERSUBSCRIBE`)."""

    def parameters(self) -> dict[str, Any]:
        """The mapping to write into `config[].opaque.parameters`: only what differs from the defaults."""
        changed = {
            field: value
            for field, value in msgspec.to_builtins(self).items()
            if value != _DEFAULTS[field] or field in ("apiVersion", "kind")
        }
        return dict(changed)


_DEFAULTS: dict[str, Any] = msgspec.to_builtins(ShareConfig())


def parse_share_config(parameters: Mapping[str, Any], where: str) -> ShareConfig:
    """Return the typed form of opaque parameters found at `where` (words for the message).

    Raises `InvalidInputError` naming the field; `apiVersion` and `kind` must be given and be ours.
    """
    for field in ("apiVersion", "kind"):
        if field not in parameters:
            raise InvalidInputError(
                f"{where}: {field} is missing; write apiVersion: {API_GROUP_VERSION}, kind: {SHARE_CONFIG_KIND}"
            )
    try:
        return msgspec.convert(parameters, ShareConfig)
    except (msgspec.ValidationError, UnicodeError) as error:  # JSON can name halves of characters
        known = ", ".join(ShareConfig.__struct_encode_fields__)
        raise InvalidInputError(f"{where}: {error}; the fields of {SHARE_CONFIG_KIND} are {known}") from error
