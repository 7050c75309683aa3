"""The folder where container runtimes find specs: one file per id, written and removed atomically.

Source: container-device-interface SPEC.md, "CDI JSON Specification" (only `*.json` and `*.yaml` are read, so temporary
files end otherwise). Not here: what the specs say. One writer per id at a time.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import InvalidInputError
from cdi.durable import TEMPORARY_SUFFIX, remove_file, write_file
from cdi.spec import Spec, check_kind

_ID: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SpecStore:
    """The specs of one kind in one folder; those of others are never touched."""

    folder: Path
    kind: str

    def __post_init__(self) -> None:
        check_kind(self.kind)

    def path(self, spec_id: str) -> Path:
        """Return where the spec `spec_id` stands. Raises `InvalidInputError` for an id that is no part of a file name."""
        if not _ID.fullmatch(spec_id):
            raise InvalidInputError(f"CDI spec id {spec_id!r}: use letters, digits and . - _")
        return self.folder / f"{self._prefix}{spec_id}.json"

    def write(self, spec_id: str, spec: Spec) -> None:
        """Write a spec, or leave it alone when the file has exactly this content already."""
        if spec.kind != self.kind:
            raise ValueError(f"spec is of kind {spec.kind}, not {self.kind}")
        path, content = self.path(spec_id), spec.to_json()
        if not path.is_file() or path.read_bytes() != content:
            write_file(path, content)

    def delete(self, spec_id: str) -> bool:
        """Remove a spec; return whether it was there."""
        return remove_file(self.path(spec_id))

    def ids(self) -> frozenset[str]:
        """Return the ids of the specs that are there."""
        names = (path.name for path in self.folder.glob(f"{self._prefix}*.json") if path.is_file())
        return frozenset(name.removeprefix(self._prefix).removesuffix(".json") for name in names)

    def device_names(self, spec_id: str) -> frozenset[str]:
        """Return the names of the devices of a spec; none where it is not there or cannot be read."""
        try:
            return frozenset(device["name"] for device in json.loads(self.path(spec_id).read_bytes())["devices"])
        except (OSError, ValueError, LookupError, TypeError):
            return frozenset()

    def texts(self) -> tuple[str, ...]:
        """Return the specs that are there, as they stand."""
        paths = self.folder.glob(f"{self._prefix}*.json")
        return tuple(path.read_text(errors="replace") for path in paths if path.is_file())

    def remove_unfinished(self) -> None:
        """Remove what writers left that were killed; call it before the first write."""
        for path in self.folder.glob(f".{self._prefix}*{TEMPORARY_SUFFIX}"):
            path.unlink(missing_ok=True)

    @property
    def _prefix(self) -> str:
        return f"{self.kind.replace('/', '-')}_"
