"""The manifest of driver functions: its grammar, what follows from it, and that committed files are what it gives."""

from pathlib import Path

import pytest

from native.generator import copies, coverage, exports, headers, interceptor, known_names, simulator
from native.generator.__main__ import generated
from native.generator.header_check import (
    Known,
    check_cuda_header,
    check_cuda_typedefs,
    check_lookups,
    check_nvml_header,
)
from native.generator.manifest import Api, Function, ManifestError, parse_line, read_apis
from native.generator.name_table import parse_names, read_known
from native.generator.pages import Field, abi_hash, fnv_1a_64

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


def names(*lines: str) -> tuple[Function, ...]:
    return tuple(function for line in lines for function in parse_names(line))


def named_api(*lines: str) -> Api:
    return Api("cuda", "libcuda.so.1", "ABSENT", "UNSUPPORTED", (*map(parse_line, [LINE]), *names(*lines)))


def test_a_line_of_names_gives_a_function_for_each_version() -> None:
    first, second = names("account/open cuArrayCreate 2000 3020_v2+ptsz  # a reason")
    assert (first.symbol, first.since, first.per_thread_symbol) == ("cuArrayCreate", 2000, None)
    assert (second.symbol, second.since, second.per_thread_symbol) == (
        "cuArrayCreate_v2",
        3020,
        "cuArrayCreate_v2_ptsz",
    )
    assert (second.policy, second.is_open, second.wrapped, second.needed) == ("account", True, False, False)
    assert second.reason == "a reason"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("forward cuInit", "expected: policy family"),
        ("account cuInit 2000", "has no wrapper: account/open"),
        ("forward/open cuInit 2000", "only one that wraps can be open"),
        ("account/shut cuInit 2000", "only one that wraps can be open"),
        ("limit cuInit 2000", "policy 'limit' is none of"),
        ("forward cuInit 2000_v2_ptsz", "version '2000_v2_ptsz' is not"),
    ],
)
def test_a_line_of_names_that_cannot_be_used_is_told(line: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        names(line)


def write_manifest(folder: Path, prototypes: str, table: str) -> None:
    (folder / "cuda.def").write_text(prototypes)
    (folder / "cuda_names.def").write_text(table)
    (folder / "nvml.def").write_text("")
    (folder / "nvml_names.def").write_text("")


def test_a_prototype_goes_before_a_name_and_keeps_its_reason(tmp_path: Path) -> None:
    write_manifest(tmp_path, f"{LINE}\n", "# comment\naccount/open cuMemAlloc 2000 3020_v2 # both\n")
    cuda, _ = read_known(tmp_path)
    written, named = cuda.functions
    assert (written.symbol, written.wrapped, written.reason) == ("cuMemAlloc_v2", True, "both")
    assert (named.symbol, named.is_open, named.returns) == ("cuMemAlloc", True, "")


def test_twins_among_the_names_are_told_by_file_and_line(tmp_path: Path) -> None:
    write_manifest(tmp_path, "", "forward cuA 2000\nforward cuA 2000\n")
    with pytest.raises(ManifestError, match=r"cuda_names\.def:2: cuA is there twice"):
        read_known(tmp_path)
    write_manifest(tmp_path, "", "forward cuA\n")
    with pytest.raises(ManifestError, match=r"cuda_names\.def:1: expected"):
        read_known(tmp_path)


def test_names_without_prototype_are_exported_and_resolved_by_the_simulated_driver_alone() -> None:
    known = named_api("forward cuGraphNodes 10000+ptsz")
    assert "    cuGraphNodes_ptsz;\n" in exports.driver_exports(known)
    assert "SHORT_STUB(cuGraphNodes_ptsz)\n" in simulator.stubs(known)
    assert "CUresult cuGraphNodes(void);\n" in simulator.entries(known)
    assert '{"cuGraphNodes", 10000, ENTRY(cuGraphNodes), ENTRY(cuGraphNodes_ptsz), 7000}' in simulator.entries(known)
    assert "cuGraphNodes" not in headers.header(known)
    assert "cuGraphNodes" not in exports.interceptor_exports([known])


def test_a_wrapped_function_has_a_wrapper_for_its_per_thread_variant() -> None:
    known = api(STREAM_LINE.replace("forward", "account"))
    assert "    cuMemsetD8_v2;\n    cuMemsetD8_v2_ptds;\n" in exports.interceptor_exports([known])
    assert '{"cuMemsetD8_v2_ptds", "cuMemsetD8", 7000, 2, 0, 0, offsetof' in interceptor.wrappers_source([known])


def test_known_names_are_the_hashes_of_symbols_and_families_in_order() -> None:
    known = known_names.hashes(named_api("forward cuGraphNodes 10000_v2+ptsz"))
    expected = ["cuMemAlloc", "cuMemAlloc_v2", "cuGraphNodes", "cuGraphNodes_v2", "cuGraphNodes_v2_ptsz"]
    assert known == sorted(fnv_1a_64(name.encode()) for name in expected)


def test_the_coverage_says_what_is_not_yet_held() -> None:
    text = coverage.coverage(
        [named_api("account/open cuArrayCreate 2000 3020_v2", "forward cuHost 2000 # host memory")]
    )
    assert "4 symbols, 1 wrapped" in text
    assert "**not yet held** to the share: what these allocate is not counted:\n\n`cuArrayCreate` `_v2`\n" in text
    assert "- host memory: `cuHost`\n" in text


HEADER = """
#define cuMemAlloc cuMemAlloc_v2
#define cuMemsetD8 __CUDA_API_PTDS(cuMemsetD8_v2)
CUresult CUDAAPI cuMemAlloc(CUdeviceptr *dptr, size_t bytesize);
static inline CUresult cuInline_ptsz(int a) {
#define cuInline cuInline_ptsz
"""


def complaints(header: str, *lines: str) -> list[str]:
    return list(check_cuda_header(Known.of(api_of_names(*lines)), header))


def api_of_names(*lines: str) -> Api:
    return Api("cuda", "libcuda.so.1", "ABSENT", "UNSUPPORTED", names(*lines))


def test_a_header_finds_what_the_manifest_does_not_know() -> None:
    assert complaints(HEADER, "account/open cuMemAlloc 2000 3020_v2", "forward cuMemsetD8 3020_v2+ptds") == []
    assert [line.split()[0] for line in complaints(HEADER)] == ["cuMemAlloc", "cuMemAlloc_v2", "cuMemsetD8_v2_ptds"]


@pytest.mark.parametrize(
    "declared",
    [
        "cuTileAlloc(int a)",
        "cuTileLaunch(int a)",
        "cuPlaneMake(CUarray *pPlane)",
        "cuPlaneMake(CUdeviceptr_v2 *where)",
        "cuHandleMake(int a, CUmemGenericAllocationHandle *handle)",
    ],
)
def test_what_looks_allocating_or_launching_needs_a_policy_or_a_reason(declared: str) -> None:
    header, name = f"CUresult CUDAAPI {declared};", declared.partition("(")[0]
    assert "looks as if it took memory" in complaints(header, f"forward {name} 14000")[0]
    assert complaints(header, f"forward {name} 14000 # host memory") == []
    assert complaints(header, f"account/open {name} 14000") == []


@pytest.mark.parametrize("declared", ["cuTileGetAlloc(CUarray *plane)", "cuTileCopy(CUdeviceptr from)"])
def test_what_only_asks_or_copies_may_be_forwarded(declared: str) -> None:
    assert complaints(f"CUresult CUDAAPI {declared};", f"forward {declared.partition('(')[0]} 14000") == []


def test_typedefs_find_versions_and_variants_that_are_not_known() -> None:
    text = "(CUDAAPI *PFN_cuA_v2000)(int); (CUDAAPI *PFN_cuA_v7000_ptsz)(int); (CUDAAPI *PFN_cuA_v12000)(int);"
    assert list(check_cuda_typedefs(Known.of(api_of_names("forward cuA 2000+ptsz")), text)) == [
        "cuA has a version of CUDA 12000 that is not known"
    ]
    assert len(list(check_cuda_typedefs(Known.of(api_of_names("forward cuA 2000")), text))) == 2


def test_nvml_and_what_libcudart_looks_up_are_compared_by_name() -> None:
    known = Known.of(api_of_names("forward cuA 2000_v2", "forward nvmlB 0"))
    declared = "nvmlReturn_t DECLDIR nvmlB(void);\nnvmlReturn_t DECLDIR nvmlC(void);"
    assert [line.split()[0] for line in check_nvml_header(known, declared)] == ["nvmlC"]
    looked_up = b"\0cuA\0cuA_v2\0cudaMalloc\0cuBee\0"
    assert [line.split()[0] for line in check_lookups(known, looked_up)] == ["cuBee"]


COPY_LINES = (
    "cuMemcpyHtoD cuMemcpyHtoD 2000 - copy CUresult (CUdeviceptr_v1 target, const void *source, unsigned int bytes)",
    "cuMemcpyHtoD_v2 cuMemcpyHtoD 3020 ptds copy CUresult (CUdeviceptr target, const void *source, size_t bytes)",
    "cuMemsetD8Async cuMemsetD8Async 3020 ptsz copy CUresult (CUdeviceptr target, unsigned char value, size_t count, CUstream stream)",
)
MOVES = {"cuMemcpyHtoD": "moved(bytes)", "cuMemsetD8Async": "filled(count)"}


def test_a_copy_asks_for_what_it_moves_in_the_stream_that_it_is_for() -> None:
    text = copies.wrappers(api(*COPY_LINES), MOVES)
    assert text.count("copies_ask(moved(bytes), NULL, LAUNCH_LEGACY)") == 2
    assert text.count("copies_ask(moved(bytes), NULL, LAUNCH_PER_THREAD)") == 1
    assert text.count("copies_ask(filled(count), stream, LAUNCH_LEGACY)") == 1
    assert text.count("copies_ask(filled(count), stream, LAUNCH_PER_THREAD)") == 1
    assert (
        "return real ? real->cuMemsetD8Async_ptsz(target, value, count, stream) : charged_cuMemsetD8Async_ptsz(" in text
    )


def test_a_line_of_one_symbol_goes_before_its_familys() -> None:
    text = copies.wrappers(api(*COPY_LINES), MOVES | {"cuMemcpyHtoD_v2": "wide(bytes)"})
    assert text.count("moved(bytes)") == 1
    assert text.count("wide(bytes)") == 2


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ({"cuMemcpyHtoD": "moved(bytes)"}, "has no line of cuMemsetD8Async"),
        (MOVES | {"cuMemcpyDtoH": "moved(bytes)"}, "cuMemcpyDtoH is no function of policy copy"),
    ],
)
def test_copies_and_what_they_move_are_held_against_each_other(moves: dict[str, str], message: str) -> None:
    with pytest.raises(ManifestError, match=message):
        copies.wrappers(api(*COPY_LINES), moves)


@pytest.mark.parametrize(
    ("text", "message"),
    [("a b\na c\n", r"copies\.def:2: a is there twice"), ("# of a\na\n", r"copies\.def:2: expected")],
)
def test_a_bad_line_of_copies_is_told_by_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "copies.def").write_text(text)
    with pytest.raises(ManifestError, match=message):
        copies.read(tmp_path / "copies.def")
