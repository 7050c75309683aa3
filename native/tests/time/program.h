/* Programs of the virtual world: what they do next, as small machines. Not here: what it costs them and who lets them (world.h). */
#ifndef HAMI_TIME_PROGRAM_H
#define HAMI_TIME_PROGRAM_H

#include <stdint.h>

#include "chance.h"

enum shape {
    SATURATING, /* units one after the other, never waiting for them */
    SYNCHRONISING, /* waits for each */
    BIMODAL,    /* nine of ten take half a unit, one eleven halves */
    HEAVY_TAILED, /* from half a unit on, of which one in four is twice as long or more, one in sixteen four times; at most twenty units */
    DECODING,   /* 200 kernels of 5 to 50 us, each of its own function; waits for them; thinks for 0.15 to 0.45 ms */
    FOUR_STREAMS,
    GRAPHS,     /* each unit is ten kernels, launched as one */
    RANK,       /* each unit ends only when the peer's has begun: it spins on the card; waits for each */
};

struct program {
    enum shape shape;
    uint64_t unit_ns;
    uint64_t begins_ns, pauses_ns, resumes_ns; /* idle before the first, and between the others; 0: not */
};

enum act { ACT_LAUNCH, ACT_WAIT, ACT_THINK };

struct step {
    enum act act;
    uint64_t function, grid; /* of a launch */
    uint64_t stream;
    uint64_t ns; /* what a launch takes of the card; how long it thinks */
};

struct program_state {
    uint64_t steps;
};

struct step program_next(const struct program *program, struct program_state *state, struct chance *chance, uint64_t now_ns);

#endif
