/* Which names of CUDA functions the manifest knows.
 * Generated from native/manifest/cuda.def and cuda_names.def by `python -m native.generator`; do not edit. */
#ifndef HAMI_KNOWN_NAMES_H
#define HAMI_KNOWN_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a 64 of every symbol and family of the CUDA manifest, ascending. */
extern const uint64_t known_names[];
extern const size_t known_names_count;

#endif
