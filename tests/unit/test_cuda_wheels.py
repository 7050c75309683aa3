"""The headers and runtimes of CUDA that the manifest is compared with: which they are, and how they get into the cache."""

import re
import zipfile
from pathlib import Path

import pytest

from hack import cuda


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "hami-dra/cuda"


def wheel_with(folder: Path, *members: str) -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "content")
    return path


def test_every_wheel_is_pinned_by_hash_and_the_versions_are_those_promised() -> None:
    wheels = cuda.wheels()
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}", line) for line in wheels.values())
    versions = {wheel.partition("==")[2].rpartition(".")[0] for wheel in wheels}
    assert versions == {"11.8", "12.1", "12.4", "12.9", "13.0", "13.5"}


def test_without_the_wheels_the_check_says_so_and_passes(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["cuda", "check"])
    assert not cache.exists()
    assert cuda.main() == 0
    assert "`make cuda` fetches them" in capsys.readouterr().err


def test_a_wheel_is_fetched_once_and_only_headers_and_runtimes_are_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheel_with(tmp_path, "nvidia/include/cuda.h", "nvidia/lib/libcudart.so.12", "nvidia/__init__.py")
    fetched: list[str] = []

    def download(line: str, _target: Path) -> Path:
        fetched.append(line)
        return wheel

    monkeypatch.setattr(cuda, "_download", download)
    cuda.fetch()
    cuda.fetch()
    assert fetched == list(cuda.wheels().values())
    assert cuda.is_fetched()
    folder = cache / "nvidia-cuda-runtime-cu12-12.9.79"
    assert sorted(path.name for path in folder.iterdir()) == ["cuda.h", "libcudart.so.12"]
    assert len(cuda.runtimes()) == len(cuda.wheels())


def test_what_the_manifest_lacks_is_told_by_wheel_and_fails_the_check(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for wheel in cuda.wheels():
        cuda.folder(wheel).mkdir(parents=True)
    kept = cache / "nvidia-cuda-runtime-13.5.37"
    (kept / "cuda.h").write_text("CUresult CUDAAPI cuTomorrowAlloc(size_t bytes);")
    monkeypatch.setattr("sys.argv", ["cuda", "check"])
    assert cuda.main() == 1
    assert capsys.readouterr().err == (
        "nvidia-cuda-runtime==13.5.37: cuTomorrowAlloc is not known; add it to native/manifest/cuda_names.def\n"
    )
