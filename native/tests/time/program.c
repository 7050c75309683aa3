#include "program.h"

#include <math.h>

#define DECODE_KERNELS 200

static struct step launch(const struct program *program, uint64_t stream, double units)
{
    uint64_t ns = (uint64_t)((double)program->unit_ns * units);
    return (struct step){.act = ACT_LAUNCH, .function = 4096, .grid = 132, .stream = stream, .ns = ns ? ns : 1};
}

static struct step decode(struct program_state *state, struct chance *chance)
{
    uint64_t at = state->steps++ % (DECODE_KERNELS + 2);
    if (at == DECODE_KERNELS)
        return (struct step){.act = ACT_WAIT};
    if (at == DECODE_KERNELS + 1)
        return (struct step){.act = ACT_THINK, .ns = 150000 + (uint64_t)(300000 * chance_even(chance))};
    double us = 5 + 45.0 * (double)(at * 73 % DECODE_KERNELS) / DECODE_KERNELS;
    double jitter = 1 + (chance_jitter(chance) - 1) / 6; /* 5 percent */
    return (struct step){.act = ACT_LAUNCH, .function = 8192 + at * 64, .grid = 132, .ns = (uint64_t)(us * 1000 * jitter)};
}

struct step program_next(const struct program *program, struct program_state *state, struct chance *chance, uint64_t now_ns)
{
    if (now_ns < program->begins_ns)
        return (struct step){.act = ACT_THINK, .ns = program->begins_ns - now_ns};
    if (now_ns >= program->pauses_ns && now_ns < program->resumes_ns)
        return (struct step){.act = ACT_THINK, .ns = program->resumes_ns - now_ns};
    switch (program->shape) {
    case DECODING:
        return decode(state, chance);
    case BIMODAL:
        return launch(program, 0, (chance_even(chance) < 0.9 ? 0.5 : 5.5) * chance_jitter(chance));
    case HEAVY_TAILED:
        return launch(program, 0, fmin(0.5 / sqrt(1 - chance_even(chance)), 20));
    case FOUR_STREAMS:
        return launch(program, state->steps++ % 4, chance_jitter(chance));
    case SYNCHRONISING:
    case RANK:
        if (state->steps++ % 2)
            return (struct step){.act = ACT_WAIT};
        return launch(program, 0, chance_jitter(chance));
    case SATURATING:
    case GRAPHS:
        break;
    }
    return launch(program, 0, chance_jitter(chance));
}
