"""Finished builds in the cache: complete or absent, and checked before use.

A build is a folder <cache>/bin/<key> with its programs and a manifest of their sizes and SHA-256 sums. It appears by rename, so a
build that was broken off is never seen; one that was damaged later is found by the manifest. Building is build.py's.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from catalog.errors import InvalidInputError

MANIFEST: Final = "manifest.json"
UNFINISHED: Final = ".unfinished-"
"""Prefix of a build folder that is not finished."""


class ProgramFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a program's file must be."""

    size_bytes: int
    sha256: str


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Folder for all that may be kept between clusters: `$XDG_CACHE_HOME/hami-dra`, else `~/.cache/hami-dra`."""
    base = environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "hami-dra"


def seal(folder: Path, programs: Iterable[str]) -> None:
    """Write the manifest of a finished build; `programs` are its files, without the further names that link to them."""
    manifest = {name: _measure(folder / name) for name in programs}
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def publish(unfinished: Path, final: Path) -> None:
    """Make a sealed build visible under its key, in place of a damaged one if there is one."""
    if final.exists():
        shutil.rmtree(final)
    unfinished.rename(final)


def damage(folder: Path, names: Iterable[str]) -> str | None:
    """Why the build in `folder` cannot be used; None if each of `names` is there and each file is as it was built."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=dict[str, ProgramFile])
    except (OSError, msgspec.DecodeError) as error:
        return f"its manifest cannot be read ({error})"
    missing = next((name for name in names if not (folder / name).is_file()), None)
    if missing:
        return f"{missing} is missing"
    return next((reason for name, file in manifest.items() if (reason := _program_damage(folder / name, file))), None)


def _program_damage(program: Path, expected: ProgramFile) -> str | None:
    size_bytes = program.stat().st_size if program.is_file() else 0
    if size_bytes != expected.size_bytes:
        return f"{program.name} has {size_bytes} bytes instead of {expected.size_bytes}"
    if _measure(program) != expected:
        return f"{program.name} is not the file that was built (its SHA-256 differs)"
    return None if os.access(program, os.X_OK) else f"{program.name} is not executable"


def _measure(program: Path) -> ProgramFile:
    with program.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ProgramFile(program.stat().st_size, digest)


def prebuilt(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """The programs of a folder that the user names in HAMI_DRA_CLUSTER_BIN.

    Raises InvalidInputError if one is missing or not executable.
    """
    found = {name: folder / name for name in names}
    missing = [name for name, path in found.items() if not (path.is_file() and os.access(path, os.X_OK))]
    if missing:
        raise InvalidInputError(
            f"HAMI_DRA_CLUSTER_BIN={folder}: no executable {', '.join(missing)} there; add what is missing, or unset the "
            "variable to have everything built"
        )
    return found
