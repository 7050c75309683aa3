"""What the simulated driver takes from the manifest: the table behind its cuGetProcAddress, and stubs for what it lacks.

Stubs are weak: a body written by hand takes their place at link time. Not here: any simulation.
"""

from native.generator.manifest import PER_THREAD_SINCE, Api, Function
from native.generator.text import comment

_ENTRIES_HEADER = """#ifndef HAMI_SIM_ENTRIES_H
#define HAMI_SIM_ENTRIES_H

#include <stddef.h>

/* One symbol that answers for a family from a CUDA version on. Entries of a family stand together, highest version first:
 * the first whose `since` is not above the asked version answers. */
struct sim_entry {
    const char *family;
    int since;
    void (*legacy)(void);
    void (*per_thread)(void); /* for CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM; NULL where the symbol has no variant */
    int per_thread_since;
};

/* Sorted by family, as strcmp sorts. Ends with an entry whose family is NULL, which does not count. */
extern const struct sim_entry sim_entries[];
extern const size_t sim_entries_count;

#endif
"""
_ENTRIES_HEAD = """#include "sim_entries.h"

#include <stddef.h>

#include "cuda_api.h"

#define ENTRY(function) ((void (*)(void))(function))

@unprototyped@
const struct sim_entry sim_entries[] = {
"""

_ENTRIES_TAIL = """
const size_t sim_entries_count = sizeof sim_entries / sizeof *sim_entries - 1;
"""


_SHORT_STUBS = """/* Functions that we know by name alone. Each has an address of its own, as in the driver, and reads no argument. */"""


def entries_header() -> str:
    """Return sim_entries.h."""
    return comment("What the simulated driver's cuGetProcAddress can answer.", "cuda.def") + _ENTRIES_HEADER


def entries(api: Api) -> str:
    """Return sim_entries.c: the entries of the CUDA manifest."""
    ordered = sorted(api.functions, key=lambda function: (function.family, -function.since))
    rows = "".join(f"    {_entry(function)},\n" for function in ordered)
    head = comment("The table behind the simulated driver's cuGetProcAddress.", "cuda.def")
    unprototyped = "".join(f"CUresult {name}(void);\n" for name in _unprototyped(api))
    return f"{head}{_ENTRIES_HEAD.replace('@unprototyped@', unprototyped)}{rows}    {{NULL, 0, NULL, NULL, 0}},\n}};\n{_ENTRIES_TAIL}"


def _entry(function: Function) -> str:
    variant = function.per_thread_symbol
    per_thread = f"ENTRY({variant}), {PER_THREAD_SINCE}" if variant else "NULL, 0"
    return f'{{"{function.family}", {function.since}, ENTRY({function.symbol}), {per_thread}}}'


def stubs(api: Api) -> str:
    """Return sim_<api>_stubs.c: a weak body for every symbol.

    The per-thread variant of a function does what the function does, but that its NULL stream is the thread's.
    """
    head = comment(f"What the simulated {api.soname} answers where it simulates nothing.", f"{api.name}.def")
    bodies = [_stub(api, function) for function in api.prototyped]
    return (
        f'{head}#include "{api.name}_api.h"\n\n#define STUB __attribute__((weak))\n'
        + "".join(bodies)
        + _short_stubs(api)
    )


def _short_stubs(api: Api) -> str:
    result = api.functions[0].returns if api.functions else "int"
    lines = "".join(f"SHORT_STUB({name})\n" for name in _unprototyped(api))
    define = f"#define SHORT_STUB(name) {result} name(void) {{ return {api.unsupported}; }}"
    return (
        f"\n{_SHORT_STUBS}\n#pragma GCC visibility push(default)\n{define}\n{lines}#pragma GCC visibility pop\n"
        if lines
        else ""
    )


def _unprototyped(api: Api) -> list[str]:
    functions = [function for function in api.functions if not function.returns]
    return sorted(name for f in functions for name in (f.symbol, f.per_thread_symbol) if name)


def _names_per_thread(function: Function) -> str:
    return ", ".join(
        "stream ? stream : CU_STREAM_PER_THREAD" if kind == "CUstream " and name == "stream" else name
        for kind, name in function.parameters
    )


def _stub(api: Api, function: Function) -> str:
    unused = "".join(f"    (void){name};\n" for _, name in function.parameters)
    answer = '"not simulated"' if "char" in function.returns else api.unsupported
    text = f"\nSTUB {function.declaration(function.symbol)}\n{{\n{unused}    return {answer};\n}}\n"
    if function.per_thread_symbol:
        declaration = function.declaration(function.per_thread_symbol)
        text += f"\nSTUB {declaration}\n{{\n    return {function.symbol}({_names_per_thread(function)});\n}}\n"
    return text
