"""The pinned versions of what the local cluster runs, read from versions.toml beside this file.

Not here: how the programs are built (programs.py) or where they are kept (store.py).
"""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

FOLDER: Final = Path(__file__).parent


class Toolchain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The Go toolchain."""

    version: str


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One upstream project; `typical_build_s` is the time of a cold build on two cores."""

    version: str
    typical_build_s: int
    staging: str = ""


class DebianPackages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For each profile: the programs that it needs beyond those built here, and the Debian packages of each."""

    control_plane: dict[str, list[str]] = msgspec.field(name="control-plane")
    full: dict[str, list[str]]


class Versions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of versions.toml."""

    go: Toolchain
    kubernetes: Piece
    dra_test_driver: Piece
    etcd: Piece
    containerd: Piece
    cni: Piece
    debian: DebianPackages


@cache
def pinned() -> Versions:
    """The versions of this checkout."""
    return msgspec.toml.decode((FOLDER / "versions.toml").read_bytes(), type=Versions)
