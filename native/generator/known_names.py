"""The names that the interceptor tells from unknown ones: hashes, so that the library carries no second list of strings."""

from collections.abc import Iterable

from native.generator.manifest import Api
from native.generator.pages import fnv_1a_64
from native.generator.text import comment

_HEADER = """#ifndef HAMI_KNOWN_NAMES_H
#define HAMI_KNOWN_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a 64 of every symbol and family of the CUDA manifest, ascending. */
extern const uint64_t known_names[];
extern const size_t known_names_count;

#endif
"""


def header() -> str:
    """Return known_names.h."""
    return comment("Which names of CUDA functions the manifest knows.", "cuda.def", "cuda_names.def") + _HEADER


def source(api: Api) -> str:
    """Return known_names.c."""
    rows = "".join(f"    UINT64_C({value:#018x}),\n" for value in hashes(api))
    head = comment("The names of CUDA functions that the manifest knows.", "cuda.def", "cuda_names.def")
    return (
        f'{head}#include "known_names.h"\n\nconst uint64_t known_names[] = {{\n{rows}}};\n'
        "const size_t known_names_count = sizeof known_names / sizeof *known_names;\n"
    )


def hashes(api: Api) -> list[int]:
    """Return the hashes of all names, ascending. Raises `ValueError` where two names have one hash."""
    names = {*api.symbols, *_families(api)}
    values = sorted({fnv_1a_64(name.encode()) for name in names})
    if len(values) != len(names):
        raise ValueError("two names of the manifest have the same hash; another hash is needed")
    return values


def _families(api: Api) -> Iterable[str]:
    return (function.family for function in api.functions)
