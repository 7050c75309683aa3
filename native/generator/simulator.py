"""What the simulated driver takes from the manifest: the table behind its cuGetProcAddress, and stubs for what it lacks.

Stubs are weak: a body written by hand takes their place at link time. Not here: any simulation.
"""

from native.generator.manifest import PER_THREAD_SINCE, Api, Function
from native.generator.text import comment

_ENTRIES_HEADER = """#ifndef HAMI_SIM_ENTRIES_H
#define HAMI_SIM_ENTRIES_H

/* One symbol that answers for a family from a CUDA version on. Entries of a family stand together, highest version first:
 * the first whose `since` is not above the asked version answers. */
struct sim_entry {
    const char *family;
    int since;
    void (*legacy)(void);
    void (*per_thread)(void); /* for CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM; NULL where the symbol has no variant */
    int per_thread_since;
};

/* Ends with an entry whose family is NULL. */
extern const struct sim_entry sim_entries[];

#endif
"""
_ENTRIES_HEAD = """#include "sim_entries.h"

#include <stddef.h>

#include "cuda_api.h"

#define ENTRY(function) ((void (*)(void))(function))

const struct sim_entry sim_entries[] = {
"""


def entries_header() -> str:
    """Return sim_entries.h."""
    return comment("What the simulated driver's cuGetProcAddress can answer.", "cuda.def") + _ENTRIES_HEADER


def entries(api: Api) -> str:
    """Return sim_entries.c: the entries of the CUDA manifest."""
    ordered = sorted(api.functions, key=lambda function: (function.family, -function.since))
    rows = "".join(f"    {_entry(function)},\n" for function in ordered)
    head = comment("The table behind the simulated driver's cuGetProcAddress.", "cuda.def")
    return f"{head}{_ENTRIES_HEAD}{rows}    {{NULL, 0, NULL, NULL, 0}},\n}};\n"


def _entry(function: Function) -> str:
    variant = function.per_thread_symbol
    per_thread = f"ENTRY({variant}), {PER_THREAD_SINCE}" if variant else "NULL, 0"
    return f'{{"{function.family}", {function.since}, ENTRY({function.symbol}), {per_thread}}}'


def stubs(api: Api) -> str:
    """Return sim_<api>_stubs.c: a weak body for every symbol.

    The per-thread variant of a function does what the function does: the simulated driver has no streams.
    """
    head = comment(f"What the simulated {api.soname} answers where it simulates nothing.", f"{api.name}.def")
    bodies = [_stub(api, function) for function in api.functions]
    return f'{head}#include "{api.name}_api.h"\n\n#define STUB __attribute__((weak))\n' + "".join(bodies)


def _stub(api: Api, function: Function) -> str:
    unused = "".join(f"    (void){name};\n" for _, name in function.parameters)
    answer = '"not simulated"' if "char" in function.returns else api.unsupported
    text = f"\nSTUB {function.declaration(function.symbol)}\n{{\n{unused}    return {answer};\n}}\n"
    if function.per_thread_symbol:
        declaration = function.declaration(function.per_thread_symbol)
        text += f"\nSTUB {declaration}\n{{\n    return {function.symbol}({function.names});\n}}\n"
    return text
