"""What NVIDIA's headers and libraries have and the manifest has not. Pure: texts in, complaints out.

Every function must be known. One that looks as if it took memory of a card or started work must have a policy that says what is done
about it, or a reason in the table of names why it is only forwarded. Not here: where the headers are found (hack/cuda.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from native.generator.manifest import UNWRAPPED, Api, Function

_CUDA_FUNCTION: Final = re.compile(r"\bCUresult\s+CUDAAPI\s+(cu\w+)\s*\(([^;{]*?)\)\s*;")
_RENAMED: Final = re.compile(
    r"^\s*#\s*define\s+(cu[A-Z]\w*)\s+(?:__CUDA_API_(PT[DS][SZ])\()?(cu[A-Z]\w*)", flags=re.MULTILINE
)
_INLINE: Final = re.compile(r"\bstatic\s+inline\s+CUresult\s+(?:CUDAAPI\s+)?(cu\w+)")
_TYPEDEF: Final = re.compile(r"\*PFN_(cu[A-Z]\w*?)_v(\d+)(?:_(pt[ds][sz]))?\)")
_NVML_FUNCTION: Final = re.compile(r"\b(?:nvmlReturn_t|const char\s*\*)\s+DECLDIR\s+(nvml[A-Z]\w*)\s*\(")
_LOOKED_UP: Final = re.compile(rb"(?<=\x00)(cu[A-Z]\w+)(?=\x00)")
_NOT_LINUX: Final = frozenset({"cuWGLGetDevice"})

_TAKING_NAME: Final = re.compile(
    r"Alloc|Create|Import|Instantiate|Launch|Load|Map(?!ped|Flags)|Open|Register|Reserve|Restore"
)
_ASKING_NAME: Final = re.compile(
    r"Get|Is[A-Z]|Query|Pop|Unmap|Unregister|Deregister|TensorMap|TexRef(?!Create)|SetLoad"
)
_TAKEN: Final = re.compile(
    r"\b(?:CUarray|CUcontext|CUdeviceptr|CUexternalMemory|CUgraphExec|CUgraphicsResource|CUgreenCtx|CUlibrary|CUmemGenericAllocationHandle|"
    r"CUmemoryPool|CUmipmappedArray|CUmodule)(?:_v\d)?\s*\*\s*\w*"
)
"""A handle of memory, or of what holds memory, as a parameter that the function writes."""


@dataclass(frozen=True, slots=True)
class Known:
    """The manifest of one library, by name."""

    symbols: dict[str, Function]
    """Per-thread variants included."""
    families: frozenset[str]
    versions: frozenset[tuple[str, int, str]]
    """(family, since, suffix of the per-thread variant or "")."""

    @classmethod
    def of(cls, api: Api) -> "Known":
        """Return what `api` knows."""
        variants = [variant for function in api.functions for variant in function.variants]
        return cls(
            {variant.symbol: variant for variant in variants},
            frozenset(function.family for function in api.functions),
            frozenset((v.family, v.since, v.symbol[-4:] if v.per_thread else "") for v in variants),
        )


def check_cuda_header(known: Known, text: str) -> Iterator[str]:
    """Yield what is wrong with the manifest by the text of cuda.h or of a header beside it."""
    prototypes = _CUDA_FUNCTION.findall(text)
    renamed = {target + (f"_{kind.lower()}" if kind else "") for _, kind, target in _RENAMED.findall(text)}
    names = ({name for name, _ in prototypes} | renamed).difference(_INLINE.findall(text), _NOT_LINUX)
    yield from (
        f"{name} is not known; add it to native/manifest/cuda_names.def"
        for name in sorted(names - known.symbols.keys())
    )
    for name, parameters in prototypes:
        function = known.symbols.get(name)
        if function and is_unexplained(function) and looks_taking(name, parameters):
            yield f"{name} looks as if it took memory or started work; give it a policy, or say why not in cuda_names.def"


def check_cuda_typedefs(known: Known, text: str) -> Iterator[str]:
    """Yield the versions of functions that cudaTypedefs.h has and the manifest has not."""
    found = {
        (family, int(since), streams) for family, since, streams in _TYPEDEF.findall(text) if family not in _NOT_LINUX
    }
    for family, since, streams in sorted(found - known.versions):
        yield f"{family} has a version of CUDA {since}{f' for {streams}' if streams else ''} that is not known"


def check_nvml_header(known: Known, text: str) -> Iterator[str]:
    """Yield the functions that nvml.h declares and the manifest does not know."""
    for name in sorted(set(_NVML_FUNCTION.findall(text)) - known.symbols.keys()):
        yield f"{name} is not known; add it to native/manifest/nvml_names.def"


def check_lookups(known: Known, library: bytes) -> Iterator[str]:
    """Yield the names that a libcudart carries, so as to ask the driver for them, and the manifest does not know."""
    names = {name.decode() for name in _LOOKED_UP.findall(library) if not name.startswith(b"cuda")}
    for name in sorted(names - known.families - known.symbols.keys()):
        yield f"{name} is looked up and not known; add it to native/manifest/cuda_names.def"


def is_unexplained(function: Function) -> bool:
    """Whether the manifest only forwards the function, and does not say why."""
    return function.policy in UNWRAPPED and not function.reason


def looks_taking(name: str, parameters: str) -> bool:
    """Whether a function, by its name or by what it writes, may take memory of a card or start work."""
    return not _ASKING_NAME.search(name) and bool(_TAKING_NAME.search(name) or _TAKEN.search(parameters))
