/* Of two numbers: the larger, the smaller, and what one has more than the other, down to 0. */
#ifndef HAMI_OF_TWO_H
#define HAMI_OF_TWO_H

#include <stdint.h>

static inline uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static inline uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

#endif
