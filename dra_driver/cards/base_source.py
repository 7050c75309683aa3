"""Where a node's base spec comes from: a file that the operator names, the node's own, or what nvidia-ctk says; checked, or none.

The node's own file goes first: it is what every other user of CDI on this node gets, and no program is run for it. One that does
not fit this node as it is now loses to nvidia-ctk, and that to the discovery from the loader's cache (dra_driver.cards.driver_root).
Not here: what a spec gives (dra_driver.cards.base_edits), and when it is looked at anew (dra_driver.containers.driver_files).
"""

import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from catalog.errors import HamiError, InvalidInputError, UnavailableError
from cdi.foreign import ForeignSpec, parse_spec
from dra_driver.cards.base_edits import BASE_KIND, BaseEdits, base_edits
from dra_driver.cards.card import Card
from dra_driver.cards.driver_root import LIBRARY_FOLDERS

AUTO: Final = "auto"
NONE: Final = "none"
FOLDERS: Final = (Path("/var/run/cdi"), Path("/etc/cdi"))
"""Where runtimes look; what is in the first wins, as it does for them."""

_LOG: Final = logging.getLogger(__name__)
_OUR_FILES: Final = "hami.io-"
_SIZE_LIMIT_BYTES: Final = 8 * 2**20
_TOOLKIT: Final = (Path("usr/bin/nvidia-ctk"), Path("usr/local/nvidia/toolkit/nvidia-ctk"))
_TOOLKIT_PATIENCE_S: Final = 20.0
_KERNEL_MODULE: Final = Path("/proc/driver/nvidia/version")

Identity = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class BaseSource:
    """Where to look on one node. `wanted` is `auto`, `none`, or the path of the one file to use."""

    wanted: str
    root: Path
    cards: Sequence[Card]
    folders: Sequence[Path] = FOLDERS
    patience_s: float = _TOOLKIT_PATIENCE_S
    kernel_module: Path = _KERNEL_MODULE
    """Where the kernel module that is loaded says its version."""
    said: set[str] = field(default_factory=set, compare=False)
    """Complaints that were logged: each is said once, until all is well."""
    kinds: dict[Path, tuple[object, bool]] = field(default_factory=dict, compare=False)
    """Of each spec that was read: its stamp, and whether it is of the base's kind."""

    def at_hand(self) -> BaseEdits | None:
        """Return the first base spec that fits and is a file; None where there is none.

        Raises `HamiError` where the operator named a file and it does not fit: nothing else is guessed instead.
        """
        if self.wanted == NONE:
            return None
        if self.wanted != AUTO:
            return self._named(Path(self.wanted))
        return self._first(self._files())

    def read(self) -> BaseEdits | None:
        """Return the same, and where no file fits, what nvidia-ctk says. May take as long as that is given."""
        if self.wanted != AUTO:
            return self.at_hand()
        return self._first(chain(self._files(), self._programs()))

    def toolkit(self) -> Path | None:
        """Return nvidia-ctk, where it is there and may be asked."""
        if self.wanted != AUTO:
            return None
        below = (self.root / path for path in _TOOLKIT)
        on_path = shutil.which("nvidia-ctk")
        found = (path for path in (*below, *([Path(on_path)] if on_path else [])) if os.access(path, os.X_OK))
        return next(found, None)

    def _first(self, candidates: Iterable[tuple[str, Callable[[], ForeignSpec | None]]]) -> BaseEdits | None:
        complaints: set[str] = set()
        for name, load in candidates:
            try:
                spec = load()
                if spec is not None:
                    return self._settled(name, base_edits(spec, self.cards, self.root, os.path.exists), complaints)
            except HamiError as error:
                complaints.add(f"{name}: {str(error).removeprefix(f'{name}: ')}")
        return self._settled("the loader's cache", None, complaints)

    def module_version(self) -> str:
        """Return how the kernel module that is loaded calls itself; nothing where there is none."""
        return _text(self.kernel_module).partition("\n")[0].strip()

    def identity(self) -> Identity:
        """Return what changes when the driver, a spec or the toolkit does; a dozen looks at file names, no content but the module's."""
        libraries = (self.root / folder / "libcuda.so.1" for folder in LIBRARY_FOLDERS)
        toolkit = self.toolkit()
        files = [*self._spec_files(), *([toolkit] if toolkit else [])]
        return (_text(self.kernel_module), *(_stamp(path) for path in (*libraries, *files)))

    def _named(self, path: Path) -> BaseEdits:
        spec = _read_spec(path)
        if spec is None:
            raise InvalidInputError(f"--base-cdi-spec {path}: is not of kind {BASE_KIND}")
        try:
            return base_edits(spec, self.cards, self.root, os.path.exists)
        except InvalidInputError as error:
            raise InvalidInputError(f"--base-cdi-spec {path}: {error}") from error

    def _settled(self, name: str, edits: BaseEdits | None, complaints: set[str]) -> BaseEdits | None:
        for complaint in sorted(complaints - self.said):
            _LOG.error("base CDI spec NOT USED, containers get the driver as %s has it: %s", name, complaint)
        self.said.clear()
        self.said.update(complaints)
        return edits

    def _files(self) -> Iterator[tuple[str, Callable[[], ForeignSpec | None]]]:
        for path in self._spec_files():
            yield str(path), lambda path=path: _read_spec(path)  # type: ignore[misc]

    def _programs(self) -> Iterator[tuple[str, Callable[[], ForeignSpec | None]]]:
        toolkit = self.toolkit()
        if toolkit is not None:
            yield str(toolkit), lambda: self._generated(toolkit)

    def _spec_files(self) -> list[Path]:
        if self.wanted == NONE:
            return []
        if self.wanted != AUTO:
            return [Path(self.wanted)]
        found = [path for folder in self.folders for path in sorted(folder.glob("*"))]
        for gone in self.kinds.keys() - set(found):
            del self.kinds[gone]
        return [
            path
            for path in found
            if path.suffix in (".json", ".yaml") and not path.name.startswith(_OUR_FILES) and self._is_base(path)
        ]

    def _is_base(self, path: Path) -> bool:
        """Whether a file is of our cards, or cannot be read, which is to be told. Other drivers' come and go with every claim."""
        stamp = _stamp(path)
        known = self.kinds.get(path)
        if known is None or known[0] != stamp:
            known = self.kinds[path] = (stamp, _may_be_base(path))
        return known[1]

    def _generated(self, toolkit: Path) -> ForeignSpec | None:
        """Ask nvidia-ctk. Raises `UnavailableError` when it fails or says nothing in time."""
        root = () if self.root == Path("/") else ("--driver-root", str(self.root))
        command = [str(toolkit), "cdi", "generate", "--format", "json", *root]
        try:
            answer = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.patience_s, check=False
            )
        except OSError as error:
            raise UnavailableError(
                f"cannot be run ({error.strerror}); install the NVIDIA container toolkit anew"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise UnavailableError(
                f"`cdi generate` said nothing in {self.patience_s:.0f} s and was ended; does nvidia-smi answer?"
            ) from error
        if answer.returncode != 0:
            words = answer.stderr.decode(errors="replace").strip().splitlines() or ["no message"]
            raise UnavailableError(f"`cdi generate` failed ({words[-1][:300]}); run it by hand")
        return parse_spec(answer.stdout.decode(errors="replace"), str(toolkit), BASE_KIND)


def _may_be_base(path: Path) -> bool:
    try:
        return _read_spec(path) is not None
    except HamiError:
        return True


def _read_spec(path: Path) -> ForeignSpec | None:
    """Return the spec at `path`; None when it is of another kind, or gone since its folder was read."""
    try:
        with path.open("rb") as file:
            content = file.read(_SIZE_LIMIT_BYTES + 1)
        text = content.decode()
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror}; make it readable or remove it") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path}: not UTF-8 text") from error
    if len(content) > _SIZE_LIMIT_BYTES:
        raise InvalidInputError(f"{path}: is over {_SIZE_LIMIT_BYTES >> 20} MiB, which no CDI spec is")
    return parse_spec(text, str(path), BASE_KIND)


def _stamp(path: Path) -> tuple[object, ...]:
    try:
        seen = path.stat()
    except OSError:
        return (str(path), None)
    return (str(path.resolve()), seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
