"""The C library of another release of Debian, to build and run tests with: its loader, libraries and headers, unpacked into the cache.

Fetched by apt with lists and sources of its own, from where this machine has its packages; nothing of it is installed or shipped.
Not here: which releases there are to be tried (tests/component/test_other_glibc.py).
"""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from catalog.errors import HamiError
from hack.local_cluster.store import cache_folder

_PACKAGES: Final = ("libc6", "libc6-dev", "linux-libc-dev")
_KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_TIMEOUT_S: Final = 120


class GlibcNotFetchedError(HamiError):
    """A release's C library cannot be had on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Glibc:
    """A C library in a folder of its own."""

    root: Path

    @property
    def libraries(self) -> Path:
        """Return the folder of its loader and libraries."""
        return self.loader.parent

    @property
    def loader(self) -> Path:
        """Return its dynamic loader."""
        return next(self.root.glob("lib/*-linux-gnu/ld-linux*.so.*"))

    @property
    def version(self) -> str:
        """Return its version, such as 2.31."""
        said = subprocess.run(
            [self.loader, self.libraries / "libc.so.6"], capture_output=True, text=True, check=True
        ).stdout
        return said.partition("release version ")[2].split()[0].rstrip(".")

    @property
    def compiler(self) -> str:
        """Return a command for C whose programs are built for it and run by it."""
        development = self.root / "usr/lib" / self.libraries.name
        return (
            f"gcc --sysroot={self.root} -B{development} -L{development} -L{self.libraries}"
            f" -Wl,--dynamic-linker={self.loader} -Wl,-rpath,{self.libraries} -Wl,--no-as-needed -ldl -lpthread"
        )


def fetch(suite: str) -> Glibc:
    """Return the C library of a release, such as "bullseye", from the cache or else by apt. Raises `GlibcNotFetchedError`."""
    kept = cache_folder() / "glibc" / suite
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent, prefix=".new-") as temporary:
            root = Path(temporary, "root")
            for package in _download(suite, Path(temporary)):
                _run(["dpkg-deb", "-x", package, root])
            _make_relative(root)
            _publish(root, kept)
    return Glibc(kept)


def _run(command: list[str | Path], folder: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GlibcNotFetchedError(f"{command[0]}: {error}; it needs Debian's apt and its packages in reach") from error
    if done.returncode != 0:
        last = (done.stderr.strip() or "no word").splitlines()[-1]
        raise GlibcNotFetchedError(
            f"{command[0]} ended with {done.returncode}: {last}; see whether the release is still kept"
        )
    return done.stdout


def _archive() -> str:
    """Return where this machine has Debian's own packages from."""
    targets = _run(["apt-get", "indextargets", "--format", "$(LABEL) $(COMPONENT) $(REPO_URI)", "Created-By: Packages"])
    for label, component, uri in (line.split(" ", 2) for line in targets.splitlines() if line.count(" ") == 2):
        if (label, component) == ("Debian", "main"):
            return uri
    raise GlibcNotFetchedError("apt has no source of Debian's packages; add one")


def _download(suite: str, folder: Path) -> list[Path]:
    options = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
    for name in ("lists/partial", "archives/partial", "parts", "packages"):
        (folder / name).mkdir(parents=True)
    (folder / "sources.list").write_text(f"deb {options}{_archive()} {suite} main\n")
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": folder,
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": folder / "parts",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in settings.items())]
    _run([*apt, "update"])
    _run([*apt, "download", *_PACKAGES], folder / "packages")
    return sorted((folder / "packages").glob("*.deb"))


def _make_relative(root: Path) -> None:
    """Links that lead from the root of a machine lead from this root instead; a merged /usr has its links at the root too."""
    for name in ("lib", "lib64"):
        if not (root / name).exists() and (root / "usr" / name).is_dir():
            (root / name).symlink_to(f"usr/{name}")
    for link in (path for path in root.rglob("*") if path.is_symlink()):
        target = link.readlink()
        if target.is_absolute():
            link.unlink()
            link.symlink_to(os.path.relpath(f"{root}{target}", link.parent.resolve()))


def _publish(root: Path, kept: Path) -> None:
    try:
        root.rename(kept)
    except OSError:
        if not kept.is_dir():  # else another run was faster
            raise
