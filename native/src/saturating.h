/* Sizes that a program asks for, in arithmetic that ends at UINT64_MAX, which no share has: so a size that no number can say is refused. */
#ifndef HAMI_SATURATING_H
#define HAMI_SATURATING_H

#include <stdint.h>

static inline uint64_t saturating_product(uint64_t a, uint64_t b)
{
    uint64_t result;
    return __builtin_mul_overflow(a, b, &result) ? UINT64_MAX : result;
}

/* The next multiple that is not below. */
static inline uint64_t saturating_round_up(uint64_t count, uint64_t multiple)
{
    uint64_t padded;
    return __builtin_add_overflow(count, multiple - 1, &padded) ? UINT64_MAX : padded / multiple * multiple;
}

#endif
