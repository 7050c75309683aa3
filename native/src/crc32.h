/* CRC-32 (IEEE 802.3, as zlib computes it). For heads and records of pages: a few hundred bytes, seldom; so no tables. */
#ifndef HAMI_CRC32_H
#define HAMI_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const void *bytes, size_t count);

#endif
