/* Covers: the look that every launch gets, in assembly and in C, which must do the same to the lane, the arguments and the choice; and how
 * many instructions it adds. The driver and what is asked behind the look are functions of this test. */
#define cuLaunchKernel twin_launch
#define cuLaunchKernel_ptsz twin_launch_ptsz
#define cuLaunchCooperativeKernel twin_cooperative
#define cuLaunchCooperativeKernel_ptsz twin_cooperative_ptsz
#define HAMI_GATE_IN_C
#include "../src/launch_gate.c"
#undef cuLaunchKernel

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* What came where. */
struct call {
    int target; /* enum entry_of, plus GATED where it was asked for */
    uintptr_t function, stream, parameters, extra;
    unsigned int numbers[7];
};

enum entry_of { KERNEL, KERNEL_PTSZ, COOPERATIVE, COOPERATIVE_PTSZ, ENTRIES, GATED = 8 };

static struct call last;

#define ARGUMENTS                                                                                                                          \
    CUfunction function, unsigned int a, unsigned int b, unsigned int c, unsigned int d, unsigned int e, unsigned int f, unsigned int g,    \
        CUstream stream, void **parameters

static CUresult note(int target, ARGUMENTS, void **extra)
{
    last = (struct call){target, (uintptr_t)function, (uintptr_t)stream, (uintptr_t)parameters, (uintptr_t)extra, {a, b, c, d, e, f, g}};
    return (CUresult)target;
}

#define KERNEL_OF(name, target)                                                                                                            \
    CUresult name(ARGUMENTS, void **extra);                                                                                                \
    CUresult name(ARGUMENTS, void **extra)                                                                                                 \
    {                                                                                                                                      \
        return note(target, function, a, b, c, d, e, f, g, stream, parameters, extra);                                                     \
    }
#define COOPERATIVE_OF(name, target)                                                                                                       \
    CUresult name(ARGUMENTS);                                                                                                              \
    CUresult name(ARGUMENTS)                                                                                                               \
    {                                                                                                                                      \
        return note(target, function, a, b, c, d, e, f, g, stream, parameters, NULL);                                                      \
    }
KERNEL_OF(driver_launch, KERNEL)
KERNEL_OF(driver_launch_ptsz, KERNEL_PTSZ)
COOPERATIVE_OF(driver_cooperative, COOPERATIVE)
COOPERATIVE_OF(driver_cooperative_ptsz, COOPERATIVE_PTSZ)
KERNEL_OF(gated_cuLaunchKernel, KERNEL + GATED)
KERNEL_OF(gated_cuLaunchKernel_ptsz, KERNEL_PTSZ + GATED)
COOPERATIVE_OF(gated_cuLaunchCooperativeKernel, COOPERATIVE + GATED)
COOPERATIVE_OF(gated_cuLaunchCooperativeKernel_ptsz, COOPERATIVE_PTSZ + GATED)

/* What is asked between the two; and whether it says yes. */
static struct call passed;
static bool passes;

bool gate_passes(enum launch_api api, uint64_t function, uint64_t grid, CUstream stream)
{
    passed = (struct call){(int)api, function, (uintptr_t)stream, grid, 0, {0}};
    return passes;
}

/* The table's writer, of costs.c. */
static struct costs costs;

static void learn(uint64_t function, uint64_t grid, uint64_t ns)
{
    costs.places[cost_place(function, grid)] = (struct cost){function, grid, ns, 1};
}

static uint64_t version;
static struct launch_lane lane;

static void set_up(void)
{
    launch_gate = (struct launch_gate){&version, 7, driver_launch, driver_launch_ptsz, driver_cooperative, driver_cooperative_ptsz};
    version = 8;
    passes = false;
    lane = (struct launch_lane){.covers = {64, 0}, .costs = &costs};
    launch_lane = &lane;
}

static CUresult launch_in_c(enum entry_of entry, const struct call *call)
{
    const unsigned int *n = call->numbers;
    CUfunction function = (CUfunction)call->function;
    CUstream stream = (CUstream)call->stream;
    void **parameters = (void **)call->parameters, **extra = (void **)call->extra;
    switch (entry) {
    case KERNEL: return twin_launch(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters, extra);
    case KERNEL_PTSZ: return twin_launch_ptsz(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters, extra);
    case COOPERATIVE: return twin_cooperative(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters);
    default: return twin_cooperative_ptsz(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters);
    }
}

static struct call made(uintptr_t stream)
{
    return (struct call){0, 0x1000, stream, 0x2000, 0x3000, {3, 4, 5, 6, 7, 8, 9}};
}

static void a_covered_launch_takes_its_cost_and_goes_to_the_driver(void)
{
    struct call call = made(64);
    set_up();
    learn(0x1000, cost_grid(3, 4, 5), 700);
    lane.pacer.grain_ns = 1500;
    for (int i = 0; i < 2; i++)
        CHECK(launch_in_c(KERNEL, &call) == (CUresult)KERNEL);
    CHECK(lane.pacer.grain_ns == 100 && lane.pacer.launches == 2);
    CHECK(launch_in_c(KERNEL, &call) == (CUresult)(KERNEL + GATED) && lane.pacer.grain_ns == 100 && lane.pacer.launches == 2);
}

static void what_is_not_covered_is_asked_for_unless_nothing_is_limited(void)
{
    struct call other_stream = made(128), per_thread = made(0);
    set_up();
    learn(0x1000, cost_grid(3, 4, 5), 700);
    lane.pacer.grain_ns = 1500;
    CHECK(launch_in_c(KERNEL, &other_stream) == (CUresult)(KERNEL + GATED));
    CHECK(launch_in_c(COOPERATIVE, &per_thread) == (CUresult)(COOPERATIVE + GATED));
    CHECK(launch_in_c(COOPERATIVE_PTSZ, &per_thread) == (CUresult)COOPERATIVE_PTSZ && lane.pacer.grain_ns == 800);
    version = 7;
    CHECK(launch_in_c(KERNEL, &other_stream) == (CUresult)KERNEL && lane.pacer.grain_ns == 800);
    version = 9;
    CHECK(launch_in_c(KERNEL, &other_stream) == (CUresult)(KERNEL + GATED));
    passes = true;
    CHECK(launch_in_c(KERNEL, &other_stream) == (CUresult)KERNEL && lane.pacer.grain_ns == 800);
}

static void before_anything_is_known_every_launch_is_asked_for(void)
{
    struct call call = made(0);
    for (enum entry_of entry = KERNEL; entry < ENTRIES; entry++)
        CHECK(launch_in_c(entry, &call) == (CUresult)(entry + GATED));
    CHECK(launch_no_lane.pacer.launches == 0 && launch_no_lane.pacer.grain_ns == 0);
}

#if defined(__x86_64__)

extern CUresult entry_launch(ARGUMENTS, void **extra) __asm__("cuLaunchKernel");
extern CUresult entry_launch_ptsz(ARGUMENTS, void **extra) __asm__("cuLaunchKernel_ptsz");
extern CUresult entry_cooperative(ARGUMENTS) __asm__("cuLaunchCooperativeKernel");
extern CUresult entry_cooperative_ptsz(ARGUMENTS) __asm__("cuLaunchCooperativeKernel_ptsz");

static CUresult launch_in_assembly(enum entry_of entry, const struct call *call)
{
    const unsigned int *n = call->numbers;
    CUfunction function = (CUfunction)call->function;
    CUstream stream = (CUstream)call->stream;
    void **parameters = (void **)call->parameters, **extra = (void **)call->extra;
    switch (entry) {
    case KERNEL: return entry_launch(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters, extra);
    case KERNEL_PTSZ: return entry_launch_ptsz(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters, extra);
    case COOPERATIVE: return entry_cooperative(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters);
    default: return entry_cooperative_ptsz(function, n[0], n[1], n[2], n[3], n[4], n[5], n[6], stream, parameters);
    }
}

static uint64_t any(void)
{
    return (uint64_t)rand() << 32 ^ (uint64_t)rand() << 12 ^ (uint64_t)rand();
}

/* Of few, so that they meet. */
static struct call any_call(void)
{
    static const unsigned int grids[] = {0, 1, 2, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
    static const uintptr_t streams[] = {0, 1, 2, 64, 0x7fff00001000};
    struct call call = {0, (any() % 3) << 12, streams[any() % 5], any(), any(), {0}};
    for (int i = 0; i < 7; i++)
        call.numbers[i] = i < 3 ? grids[any() % 8] : (unsigned int)any();
    return call;
}

static void any_state(const struct call *call)
{
    static const int64_t grains[] = {INT64_MIN / 2, -1, 0, 1, 99, 100, 101, INT64_MAX / 2};
    set_up();
    version = 7 + any() % 2;
    passes = any() % 2;
    lane.covers[0] = any() % 2 ? call->stream : LAUNCH_NO_STREAM;
    lane.covers[1] = any() % 2 ? call->stream : LAUNCH_NO_STREAM;
    lane.pacer.grain_ns = grains[any() % 8];
    learn(call->function, cost_grid(call->numbers[0], call->numbers[1], call->numbers[2]), 100);
    if (any() % 4 == 0)
        learn(call->function + 4096, cost_grid(call->numbers[0], call->numbers[1], call->numbers[2]), 1);
    if (any() % 4 == 0)
        memset(&costs, 0, sizeof costs);
}

/* A place without a unit has function 0 and grid 0: a launch of those costs nothing in assembly, and the driver refuses it. */
static bool is_nothing(const struct call *call)
{
    return !call->function && !cost_grid(call->numbers[0], call->numbers[1], call->numbers[2]);
}

static void assembly_and_c_do_the_same(void)
{
    unsigned covered = 0;
    for (unsigned round = 0; round < 20000; round++) {
        enum entry_of entry = (enum entry_of)(any() % ENTRIES);
        struct call call = any_call();
        any_state(&call);
        struct launch_lane before = lane;
        passed = (struct call){0};
        CUresult result = launch_in_c(entry, &call);
        struct call told = last, asked = passed;
        struct launch_lane after = lane;
        lane = before;
        passed = (struct call){0};
        if (is_nothing(&call))
            continue;
        CHECK(launch_in_assembly(entry, &call) == result);
        CHECK(memcmp(&asked, &passed, sizeof asked) == 0);
        CHECK(memcmp(&told, &last, sizeof told) == 0 && memcmp(&after, &lane, sizeof after) == 0);
        CHECK(told.function == call.function && memcmp(told.numbers, call.numbers, sizeof told.numbers) == 0);
        covered += after.pacer.launches != before.pacer.launches;
    }
    CHECK(covered > 1000);
}

static void launch_stepped(void *unused)
{
    struct call call = made(64);
    (void)unused;
    CHECK(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0);
    raise(SIGSTOP);
    (void)launch_in_assembly(KERNEL, &call);
    _exit(0); /* what a sanitizer does at the end it cannot do while it is stepped */
}

/* How many instructions of the entry itself are run, up to the jump to the driver. */
static unsigned instructions(void)
{
    struct user_regs_struct registers;
    unsigned count = 0;
    int status;
    pid_t process = start(launch_stepped, NULL);
    CHECK(waitpid(process, &status, 0) == process && WIFSTOPPED(status));
    for (;;) {
        CHECK(ptrace(PTRACE_SINGLESTEP, process, NULL, NULL) == 0 && waitpid(process, &status, 0) == process);
        if (!WIFSTOPPED(status))
            break;
        CHECK(ptrace(PTRACE_GETREGS, process, NULL, &registers) == 0);
        count += registers.rip >= (uintptr_t)entry_launch && registers.rip < (uintptr_t)entry_launch_ptsz;
    }
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return count;
}

static void a_covered_launch_adds_twenty_five_instructions_and_an_unlimited_one_ten(void)
{
    set_up();
    learn(0x1000, cost_grid(3, 4, 5), 700);
    lane.pacer.grain_ns = 1500;
    CHECK(instructions() == 25);
    launch_lane = &launch_no_lane;
    version = 7;
    CHECK(instructions() == 10);
}

#endif

int main(void)
{
    static const struct test tests[] = {
        {"launch gate: a covered launch takes its cost and goes to the driver", a_covered_launch_takes_its_cost_and_goes_to_the_driver},
        {"launch gate: what is not covered is asked for unless nothing is limited",
         what_is_not_covered_is_asked_for_unless_nothing_is_limited},
        {"launch gate: before anything is known every launch is asked for", before_anything_is_known_every_launch_is_asked_for},
#if defined(__x86_64__)
        {"launch gate: assembly and C do the same", assembly_and_c_do_the_same},
        {"launch gate: a covered launch adds 25 instructions, and an unlimited one 10",
         a_covered_launch_adds_twenty_five_instructions_and_an_unlimited_one_ten},
#endif
    };
    return RUN_TESTS(tests);
}
