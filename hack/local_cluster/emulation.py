"""Which older Kubernetes a cluster's control plane plays, and which feature gates are set against their defaults. Pure.

`--emulated-version` of the components: API fields and gates behave as in that minor version; defects that the newer code has
mended stay mended. The kubelet cannot do this and keeps its own version.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from catalog.errors import InvalidInputError

EMULATED_VERSIONS: Final = ("1.35", "1.36")
"""Older minor versions that are played; resource.k8s.io/v1, on which everything here rests, came with 1.34."""

_GATE = re.compile(r"([A-Z][A-Za-z0-9]*)=(true|false)")


@dataclass(frozen=True, slots=True)
class Emulation:
    """An emulated version (empty: the programs' own) and feature gates by name."""

    version: str = ""
    feature_gates: Mapping[str, bool] = field(default_factory=dict)

    def flags(self) -> dict[str, object]:
        """Flags of API server, controller manager and scheduler."""
        flags = {"emulated-version": self.version, "feature-gates": gates_text(self.feature_gates)}
        return {name: value for name, value in flags.items() if value}

    def kubelet_gates(self) -> dict[str, bool]:
        """The kubelet's feature gates: those of the control plane, unless that plays a version which the kubelet is not."""
        return {} if self.version else dict(self.feature_gates)

    def __str__(self) -> str:
        """For people: `Kubernetes 1.35 (emulated), feature gates A=true`; empty where all is as built."""
        parts = [f"Kubernetes {self.version} (emulated; the kubelet is not)"] if self.version else []
        parts += [f"feature gates {gates_text(self.feature_gates)}"] if self.feature_gates else []
        return ", ".join(parts)


AS_BUILT: Final = Emulation()


def checked_version(version: str, own: str) -> str:
    """The version to emulate; empty for that of the programs, `own` (such as v1.37.1).

    Raises InvalidInputError for any that is not played.
    """
    own_minor = ".".join(own.removeprefix("v").split(".")[:2])
    if version == own_minor:
        return ""
    if version not in EMULATED_VERSIONS:
        raise InvalidInputError(
            f"--emulate {version}: cannot be played; take {', '.join(EMULATED_VERSIONS)}, or leave it out for {own_minor}"
        )
    return version


def parsed_gates(text: str) -> dict[str, bool]:
    """Feature gates of `A=true,B=false`.

    Raises InvalidInputError for anything else. Whether a gate exists is Kubernetes' to say.
    """
    gates = {}
    for part in filter(None, text.split(",")):
        if not (found := _GATE.fullmatch(part)):
            raise InvalidInputError(
                f"--feature-gates: {part!r} is not a gate; write Name=true or Name=false, separated by commas"
            )
        gates[found[1]] = found[2] == "true"
    return gates


def gates_text(gates: Mapping[str, bool]) -> str:
    """Feature gates as flags take them."""
    return ",".join(f"{name}={str(value).lower()}" for name, value in sorted(gates.items()))
