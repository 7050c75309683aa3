"""What the interceptor takes from the manifest: typed pointers to the driver's own functions, and the table of wrappers.

Not here: the wrappers, which are written by hand but for those of copies (native/generator/copies.py), and the rule by which pointers
are replaced (native/src/resolve.h).
"""

from collections.abc import Sequence

from native.generator.manifest import Api, Function
from native.generator.text import comment

PER_THREAD_FLAG = 2
"""CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM."""

_WRAPPERS_HEADER = """#ifndef HAMI_WRAPPERS_H
#define HAMI_WRAPPERS_H

#include <stddef.h>

/* An entry point of ours that stands before one of the driver's. */
struct wrapper {
    const char *symbol;
    const char *family; /* what the driver's own resolver is asked for, and since which version of CUDA this symbol answers; */
    int since;          /* 0: it is asked by symbol alone */
    unsigned flags;     /* of the question: CU_GET_PROC_ADDRESS_… */
    int time_only;      /* it is there for a share's time alone: the driver's own is given out where no share can have a limit of that */
    int copy;           /* it is there for shares whose copies are charged alone */
    size_t real;        /* offset of the driver's pointer in struct real_cuda or real_nvml */
    void (*function)(void);
};

enum { WRAPPERS_CUDA = @cuda@, WRAPPERS_NVML = @nvml@ };

/* Sorted by symbol, as strcmp sorts. */
extern const struct wrapper wrappers_cuda[WRAPPERS_CUDA];
extern const struct wrapper wrappers_nvml[WRAPPERS_NVML];

#endif
"""


def real_header(apis: Sequence[Api]) -> str:
    """Return real.h: a struct of typed pointers per driver library."""
    head = comment("The driver's own functions that the interceptor calls.", *(f"{api.name}.def" for api in apis))
    includes = "".join(f'#include "{api.name}_api.h"\n' for api in apis)
    structs = "\n".join(_struct(api) for api in apis)
    return f"{head}#ifndef HAMI_REAL_H\n#define HAMI_REAL_H\n\n{includes}\n{_REAL_SYMBOL}\n{structs}\n#endif\n"


_REAL_SYMBOL = """/* Where the pointer to a symbol belongs in its struct. */
struct real_symbol {
    const char *symbol;
    size_t offset;
};
"""


def _struct(api: Api) -> str:
    fields = "".join(f"    {function.declaration(f'(*{function.symbol})')};\n" for function in _needed(api))
    return (
        f"struct real_{api.name} {{\n{fields}}};\n\n"
        f"/* Every function answers {api.absent}: the state before, and without, a driver. */\n"
        f"extern const struct real_{api.name} real_{api.name}_absent;\n"
        f"extern const struct real_symbol real_{api.name}_symbols[];\n"
        f"extern const size_t real_{api.name}_symbols_count;\n"
    )


def real_source(apis: Sequence[Api]) -> str:
    """Return real.c: what absent functions answer, and the names of the pointers."""
    head = comment("The driver's own functions, by name.", *(f"{api.name}.def" for api in apis))
    return f'{head}#include "real.h"\n' + "".join(_absent(api) + _symbols(api) for api in apis)


def _absent(api: Api) -> str:
    text = ""
    for function in _needed(api):
        unused = "".join(f"    (void){name};\n" for _, name in function.parameters)
        text += (
            f"\nstatic {function.declaration(f'absent_{function.symbol}')}\n{{\n{unused}    return {api.absent};\n}}\n"
        )
    rows = "".join(f"    .{function.symbol} = absent_{function.symbol},\n" for function in _needed(api))
    return f"{text}\nconst struct real_{api.name} real_{api.name}_absent = {{\n{rows}}};\n"


def _symbols(api: Api) -> str:
    table = f"real_{api.name}_symbols"
    rows = "".join(f'    {{"{f.symbol}", offsetof(struct real_{api.name}, {f.symbol})}},\n' for f in _needed(api))
    return f"\nconst struct real_symbol {table}[] = {{\n{rows}}};\n{_count(table)}"


def _count(table: str) -> str:
    return f"const size_t {table}_count = sizeof {table} / sizeof *{table};\n"


def _wrapped(api: Api) -> list[Function]:
    return [function for function in _needed(api) if function.wrapped]


def _needed(api: Api) -> list[Function]:
    return [variant for function in api.functions if function.needed for variant in function.variants]


def wrappers_header(apis: Sequence[Api]) -> str:
    """Return wrappers.h."""
    text = (
        comment("Which of the driver's entry points have a wrapper.", *(f"{api.name}.def" for api in apis))
        + _WRAPPERS_HEADER
    )
    for api in apis:
        text = text.replace(f"@{api.name}@", str(len(_wrapped(api))))
    return text


def wrappers_source(apis: Sequence[Api]) -> str:
    """Return wrappers.c: the resolver's table."""
    head = comment("The table of wrappers.", *(f"{api.name}.def" for api in apis))
    return (
        f'{head}#include "wrappers.h"\n\n#include "real.h"\n\n#define ENTRY(function) ((void (*)(void))(function))\n'
        + "".join(_wrappers(api) for api in apis)
    )


def _wrappers(api: Api) -> str:
    rows = "".join(
        f'    {{"{f.symbol}", "{f.family}", {f.since}, {PER_THREAD_FLAG * f.per_thread}, {int(f.is_time_only)}, {int(f.is_copy)}, '
        f"offsetof(struct real_{api.name}, {f.symbol}), ENTRY({f.symbol})}},\n"
        for f in sorted(_wrapped(api), key=lambda function: function.symbol)
    )
    return f"\nconst struct wrapper wrappers_{api.name}[] = {{\n{rows}}};\n"
