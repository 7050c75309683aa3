"""The manifest of driver functions: its grammar, what follows from it, and that committed files are what it gives."""

from pathlib import Path

import pytest

from native.generator import exports, headers, interceptor, simulator
from native.generator.__main__ import generated
from native.generator.manifest import Api, ManifestError, parse_line, read_apis
from native.generator.pages import Field, abi_hash

LINE = "cuMemAlloc_v2 cuMemAlloc 3020 - account CUresult (CUdeviceptr *address, size_t bytes)"
STREAM_LINE = "cuMemsetD8_v2 cuMemsetD8 3020 ptds forward CUresult (CUdeviceptr target, size_t count)"


def api(*lines: str) -> Api:
    return Api("cuda", "libcuda.so.1", "ABSENT", "UNSUPPORTED", tuple(map(parse_line, lines)))


def test_a_line_is_read_whole() -> None:
    function = parse_line(LINE)
    assert (function.symbol, function.family, function.since, function.policy) == (
        "cuMemAlloc_v2",
        "cuMemAlloc",
        3020,
        "account",
    )
    assert function.parameters == (("CUdeviceptr *", "address"), ("size_t ", "bytes"))
    assert function.declaration("(*f)") == "CUresult (*f)(CUdeviceptr *address, size_t bytes)"
    assert function.wrapped
    assert function.per_thread_symbol is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cuInit cuInit 2000 - forward", "expected six fields"),
        (LINE.replace("account", "limit"), "policy 'limit' is none of"),
        (LINE.replace(" - ", " ptxx "), "streams 'ptxx' is none of"),
        (LINE.replace("cuMemAlloc ", "cuOther "), "is not of family"),
        (LINE.replace("3020", "three"), "invalid literal"),
        (LINE.replace("size_t bytes", "size_t"), "parameter without a name"),
        (LINE.replace("(", ""), "is not `return type"),
    ],
)
def test_a_line_that_cannot_be_used_is_told(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_line(line)


def test_a_bad_manifest_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "nvml.def").write_text("")
    (tmp_path / "cuda.def").write_text(f"# comment\n{LINE}\nnonsense\n")
    with pytest.raises(ManifestError, match=r"cuda\.def:3: expected six fields"):
        read_apis(tmp_path)
    (tmp_path / "cuda.def").write_text(f"{LINE}\n{LINE}\n")
    with pytest.raises(ManifestError, match="cuMemAlloc_v2 is there twice"):
        read_apis(tmp_path)


def test_per_thread_variants_are_exported_resolved_and_stubbed() -> None:
    known = api(LINE, STREAM_LINE)
    assert "cuMemsetD8_v2_ptds(CUdeviceptr target, size_t count);" in headers.header(known)
    assert "    cuMemsetD8_v2_ptds;\n" in exports.driver_exports(known)
    assert '{"cuMemsetD8", 3020, ENTRY(cuMemsetD8_v2), ENTRY(cuMemsetD8_v2_ptds), 7000}' in simulator.entries(known)
    assert "return cuMemsetD8_v2(target, count);" in simulator.stubs(known)


def test_only_wrapped_functions_are_exported_and_have_a_pointer() -> None:
    known = api(LINE, STREAM_LINE)
    assert "cuMemsetD8" not in exports.interceptor_exports([known])
    assert "    cuMemAlloc_v2;\n" in exports.interceptor_exports([known])
    assert "cuMemsetD8" not in interceptor.real_header([known])
    assert "    .cuMemAlloc_v2 = absent_cuMemAlloc_v2," in interceptor.real_source([known])


def test_the_highest_version_of_a_family_comes_first() -> None:
    later = LINE.replace("cuMemAlloc_v2", "cuMemAlloc_v3").replace("3020", "14000")
    entries = simulator.entries(api(LINE, later))
    assert entries.index("cuMemAlloc_v3") < entries.index("cuMemAlloc_v2")


def test_committed_files_are_what_the_manifest_gives() -> None:
    stale = [path.name for path, text in generated().items() if path.read_text() != text]
    assert stale == [], "run python -m native.generator"


def test_the_abi_hash_is_fnv_1a_of_the_list_of_fields() -> None:
    assert abi_hash([]) == 0xCBF29CE484222325
    assert abi_hash([Field("a", "b", "uint64_t", 0, 8)]) == fnv_1a(b"a.b:0:8")


def fnv_1a(text: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in text:
        value ^= byte
        value = value * 0x100000001B3 & (1 << 64) - 1
    return value
