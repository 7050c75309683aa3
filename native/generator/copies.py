"""The wrappers of copies and memsets, which are alike but for what they move. Reads native/manifest/copies.def.

    line = family or symbol, expression

`expression` is C, a `struct copy` (native/src/copies.h) of the function's parameters and of `real`. A line is of all versions of a
family and their variants, or of one symbol, which goes before. Not here: what becomes of a copy (native/src/copies.c).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from native.generator.manifest import Api, Function, ManifestError
from native.generator.text import comment

_HEAD: Final = """#include "copies.h"
#include "resolve.h"
"""


def read(path: Path) -> dict[str, str]:
    """Read what each family or symbol moves. Raises `ManifestError`."""
    moves: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, expression = line.partition(" ")
        if not expression.strip():
            raise ManifestError(f"{path}:{number}: expected: family or symbol, and a C expression of what it moves")
        if name in moves:
            raise ManifestError(f"{path}:{number}: {name} is there twice; keep one line")
        moves[name] = expression.strip()
    return moves


def wrappers(api: Api, moves: Mapping[str, str]) -> str:
    """Return wrap_copies.c. Raises `ManifestError` where a copy has no line, or a line no copy."""
    copies = [function for function in api.functions if function.is_copy]
    names = {function.symbol for function in copies} | {function.family for function in copies}
    strangers = sorted(moves.keys() - names)
    if strangers:
        raise ManifestError(
            f"copies.def: {strangers[0]} is no function of policy copy in {api.name}.def; correct one of both"
        )
    head = comment("The entry points of copies and memsets, `copy` of the manifest.", f"{api.name}.def", "copies.def")
    return f"{head}{_HEAD}" + "".join(_wrapper(variant, _moved(f, moves)) for f in copies for variant in f.variants)


def _moved(function: Function, moves: Mapping[str, str]) -> str:
    moved = moves.get(function.symbol, moves.get(function.family))
    if moved is None:
        raise ManifestError(f"copies.def: has no line of {function.family}; say what it moves")
    return moved


def _wrapper(function: Function, moved: str) -> str:
    """A function without a stream works in the default one."""
    stream = "stream" if ("CUstream ", "stream") in function.parameters else "NULL"
    api = "LAUNCH_PER_THREAD" if function.per_thread else "LAUNCH_LEGACY"
    call = f"real->{function.symbol}({function.names})"
    return f"""
__attribute__((noinline)) static {function.declaration(f"charged_{function.symbol}")}
{{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask({moved}, {stream}, {api});
    CUresult result = {call};
    gate_launched(pass, result);
    return result;
}}

{function.declaration(function.symbol)}
{{
    const struct real_cuda *real = copies_free();
    return real ? {call} : charged_{function.symbol}({function.names});
}}
"""
