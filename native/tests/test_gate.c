/* Covers: launches through the library's own entry points to a driver whose work takes time (timed_driver.h): caps, changes of limits, streams,
 * captures, cards and shares. What is asked of time is only that a share has no more than it may, and that it goes on. */
#include "gated.h"
#include "resolve.h"

static void a_share_has_no_more_than_its_cores(void)
{
    begin(20, HAMI_CORES_FORCE);
    expect_at_most(launch_for(400 * MS, timed_kernel(MS), timed_stream()), 20);
    CHECK(held_back_ns() > 0);
}

static void short_units_are_held_as_long_ones_are(void)
{
    begin(20, HAMI_CORES_FORCE);
    expect_at_most(launch_for(400 * MS, timed_kernel(20000), timed_stream()), 20);
}

static void neither_streams_nor_threads_get_around_the_limit(void)
{
    begin(20, HAMI_CORES_FORCE);
    CUstream streams[4] = {NULL, timed_stream(), timed_stream(), timed_stream()};
    uint64_t start = waits_now_ns(), count = 0;
    for (; waits_now_ns() - start < 400 * MS; count++)
        CHECK(launch(timed_kernel(MS / 2), streams[count % 4]) == CUDA_SUCCESS);
    timed_wait(0);
    expect_at_most((struct had){(double)(count * MS / 2), (double)(waits_now_ns() - start)}, 20);
}

static void a_share_whose_policy_is_disable_is_not_held_back(void)
{
    begin(20, HAMI_CORES_DISABLE);
    (void)launch_for(30 * MS, timed_kernel(MS), timed_stream());
    CHECK(held_back_ns() == 0 && timed_records() == 0 && threads() == 0);
}

static void a_share_that_is_never_limited_gets_no_gate(void)
{
    share(0, HAMI_CORES_DEFAULT);
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_FIXED_CORES);
    timed_driver(1);
    timed_context(0);
    (void)launch_for(10 * MS, timed_kernel(MS), NULL);
    CHECK(!gate_first() && launch_is_free() && timed_records() == 0 && threads() == 0);
}

static void a_running_program_sees_its_limit_change(void)
{
    begin(0, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    (void)launch_for(20 * MS, timed_kernel(MS), stream);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
    fixture_limit_cores("a", 10, HAMI_CORES_FORCE, 1, 0);
    expect_at_most(launch_for(400 * MS, timed_kernel(MS), stream), 10);
    CHECK(held_back_ns() > 0);
    fixture_limit_cores("a", 0, HAMI_CORES_FORCE, 1, 0);
    for (int i = 0; i < 20000 && !launch_is_free(); i++) /* what the thread may launch without asking is used up first */
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_is_free());
}

/* A share of priority 0 says that it is at work, for as long as it may at once. Until when. */
static uint64_t high_is_at_work(struct hami_card *card)
{
    uint64_t until_ns = waits_now_ns() + 120 * MS;
    store_relaxed(&card->high_until_ns, until_ns);
    return until_ns;
}

/* Without cores: as soon as the node says that a share of priority 0 is on the card, and no longer. */
static void a_running_program_makes_way_for_priority_0_where_it_is_told_to(void)
{
    share(0, HAMI_CORES_DEFAULT);
    fixture_seat("a", NULL, 0);
    timed_driver(1);
    timed_context(0);
    struct hami_card *card = fixture_open("a").card;
    CUstream stream = timed_stream();
    (void)high_is_at_work(card);
    (void)launch_for(10 * MS, timed_kernel(MS), stream);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, HAMI_LIMITS_YIELDS);
    for (uint64_t end = waits_now_ns() + LONG_NS; held_back_ns() == 0; CHECK(waits_now_ns() < end)) {
        uint64_t until_ns = high_is_at_work(card); /* it may be over before the launch, where this thread is not let run */
        CHECK(launch(timed_kernel(MS), stream) == CUDA_SUCCESS);
        CHECK(waits_now_ns() >= until_ns && usage->credit_ns == 0);
    }
    fixture_limit_cores("a", 0, HAMI_CORES_DEFAULT, 1, 0);
    uint64_t back = held_back_ns();
    (void)high_is_at_work(card);
    for (int i = 0; i < 20000 && !launch_is_free(); i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(launch_is_free() && held_back_ns() == back);
}

/* A neighbour that goes by the policy `default` has the card to itself beside shares whose seat says a limit and that do not say that they work. */
static void neighbours_are_told_when_a_limit_comes_and_goes(void)
{
    share(0, HAMI_CORES_DEFAULT);
    fixture_seat("a", NULL, 5);
    timed_driver(1);
    timed_context(0);
    CUstream stream = timed_stream();
    const struct hami_card *card = fixture_open("a").card;
    for (uint32_t cores = 0; cores < 30; cores += 10) {
        fixture_limit_cores("a", cores % 20, HAMI_CORES_FORCE, 1, 0);
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
        CHECK(bit_is_set(card->present, 5) && load_word(&card->seats[5].cores_percent) == cores % 20);
    }
}

static void every_entry_point_is_held(void)
{
    begin(20, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    CUfunction function = timed_kernel(MS);
    CUlaunchConfig config = {1, 2, 3, 4, 5, 6, 7, stream, NULL, 0};
    CUDA_LAUNCH_PARAMS several = {function, 1, 2, 3, 4, 5, 6, 7, stream, NULL};
    uint64_t start = waits_now_ns(), before = timed_launches(0);
    while (waits_now_ns() - start < 500 * MS) {
        CHECK(cuLaunchKernel_ptsz(function, 1, 2, 3, 4, 5, 6, 7, NULL, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernel(function, 1, 2, 3, 4, 5, 6, 7, stream, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernel_ptsz(function, 1, 2, 3, 4, 5, 6, 7, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchKernelEx(&config, function, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchKernelEx_ptsz(&config, function, NULL, NULL) == CUDA_SUCCESS);
        CHECK(cuLaunchCooperativeKernelMultiDevice(&several, 1, 0) == CUDA_SUCCESS);
        CHECK(cuLaunch(function) == CUDA_SUCCESS && cuLaunchGrid(function, 1, 2) == CUDA_SUCCESS);
        CHECK(cuLaunchGridAsync(function, 1, 2, stream) == CUDA_SUCCESS);
    }
    timed_wait(0);
    expect_at_most((struct had){(double)((timed_launches(0) - before) * MS), (double)(waits_now_ns() - start)}, 20);
}

static void what_a_stream_captures_is_neither_charged_nor_marked(void)
{
    CUgraph graph;
    begin(20, HAMI_CORES_FORCE);
    CUstream stream = timed_stream();
    (void)launch_for(20 * MS, timed_kernel(MS), stream);
    CHECK(cuStreamBeginCapture_v2(stream, CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_SUCCESS);
    uint64_t records = timed_records(), back = held_back_ns();
    for (int i = 0; i < 200; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(timed_records() == records && held_back_ns() == back);
    CHECK(cuStreamEndCapture(stream, &graph) == CUDA_SUCCESS);
    expect_at_most(launch_for(300 * MS, timed_kernel(MS), stream), 20);
    CHECK(timed_records() > records);
}

static void where_the_driver_answers_nothing_a_launch_does_not_wait(void)
{
    begin(1, HAMI_CORES_FORCE);
    timed_capturing(CUDA_ERROR_NOT_PERMITTED, CU_STREAM_CAPTURE_STATUS_NONE);
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == 0 && timed_records() == 0);
}

static void a_launch_that_the_driver_refuses_costs_nothing(void)
{
    begin(1, HAMI_CORES_FORCE);
    timed_fail(CUDA_ERROR_INVALID_HANDLE);
    for (int i = 0; i < 1000; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(held_back_ns() == 0);
}

static void a_card_that_no_share_is_of_is_not_held(void)
{
    share(10, HAMI_CORES_FORCE);
    timed_driver(2);
    CUcontext limited = timed_context(0);
    timed_context(1);
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(MS), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == 0 && timed_records() == 0 && timed_launches(1) == 100);
    CHECK(resolve_cuda()->cuCtxSetCurrent(limited) == CUDA_SUCCESS);
    expect_at_most(launch_for(200 * MS, timed_kernel(MS), NULL), 10);
}

static void shares_of_one_card_add_up(void)
{
    share(10, HAMI_CORES_FORCE);
    fixture_share("b", TIMED_CARD, MIB(64));
    fixture_limit_cores("b", 20, HAMI_CORES_FORCE, 1, 0);
    timed_driver(1);
    timed_context(0);
    expect_at_most(launch_for(300 * MS, timed_kernel(MS), NULL), 30);
    CHECK(gate_first()->record.cores_percent == 30);
    fixture_limit_cores("b", 0, HAMI_CORES_FORCE, 1, 0);
    uint64_t back = held_back_ns();
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    CHECK(held_back_ns() == back);
}

int main(void)
{
    static const struct test tests[] = {
        {"gate: a share has no more than its cores", a_share_has_no_more_than_its_cores},
        {"gate: short units are held as long ones are", short_units_are_held_as_long_ones_are},
        {"gate: several streams do not get around the limit", neither_streams_nor_threads_get_around_the_limit},
        {"gate: a share whose policy is disable is not held back", a_share_whose_policy_is_disable_is_not_held_back},
        {"gate: a share that is never limited gets no gate", a_share_that_is_never_limited_gets_no_gate},
        {"gate: a running program sees its limit change", a_running_program_sees_its_limit_change},
        {"gate: a running program makes way for priority 0 where it is told to", a_running_program_makes_way_for_priority_0_where_it_is_told_to},
        {"gate: neighbours are told when a limit comes and goes", neighbours_are_told_when_a_limit_comes_and_goes},
        {"gate: every entry point is held", every_entry_point_is_held},
        {"gate: what a stream captures is neither charged nor marked", what_a_stream_captures_is_neither_charged_nor_marked},
        {"gate: where the driver answers nothing a launch does not wait", where_the_driver_answers_nothing_a_launch_does_not_wait},
        {"gate: a launch that the driver refuses costs nothing", a_launch_that_the_driver_refuses_costs_nothing},
        {"gate: a card that no share is of is not held", a_card_that_no_share_is_of_is_not_held},
        {"gate: shares of one card add up", shares_of_one_card_add_up},
    };
    return RUN_TESTS(tests);
}
