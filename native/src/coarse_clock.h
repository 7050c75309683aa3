/* CLOCK_MONOTONIC within a tick of some 4 ms, for who looks often and needs no more. Not here: times of work (waits.h). */
#ifndef HAMI_COARSE_CLOCK_H
#define HAMI_COARSE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* ns; 0 where it cannot be read. */
static inline uint64_t coarse_clock_now_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif
