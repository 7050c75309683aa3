"""The prototypes of a driver library: cuda_api.h and nvml_api.h. Not here: the types they name, which are written by hand."""

from native.generator.manifest import Api
from native.generator.text import comment

_HEAD = """#ifndef HAMI_{upper}_API_H
#define HAMI_{upper}_API_H

#include "{name}_types.h"

#pragma GCC visibility push(default)
"""
_TAIL = """
#pragma GCC visibility pop

#endif
"""


def header(api: Api) -> str:
    """Return the header that declares the functions of `api` that have a prototype."""
    lines = []
    for function in api.prototyped:
        lines.append(function.declaration(function.symbol) + ";")
        if function.per_thread_symbol:
            lines.append(function.declaration(function.per_thread_symbol) + ";")
    title = comment(f"The functions of {api.soname} that code of ours defines or calls.", f"{api.name}.def")
    return title + _HEAD.format(upper=api.name.upper(), name=api.name) + "\n".join(lines) + _TAIL
