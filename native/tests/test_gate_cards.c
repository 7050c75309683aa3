/* Covers: launches of a process that has two cards, through the library's own entry points to a driver whose kernels are of no context
 * (timed_driver.h): each is charged to the card that it runs on and to no other, whatever is current, ends and comes again. */
#include <pthread.h>
#include <stdlib.h>

#include "endings.h"
#include "gated.h"
#include "resolve.h"

static struct hami_usage *usages[2];
static CUcontext contexts[2];

static void two_cards(uint32_t first_percent, uint32_t second_percent)
{
    fixture_share("a", TIMED_CARD, MIB(64));
    fixture_share("b", TIMED_OTHER, MIB(64));
    fixture_limit_cores("a", first_percent, HAMI_CORES_FORCE, 1, 0);
    fixture_limit_cores("b", second_percent, HAMI_CORES_FORCE, 1, 0);
    usages[0] = fixture_open("a").usage;
    usages[1] = fixture_open("b").usage;
    timed_driver(2);
    for (int i = 0; i < 2; i++)
        contexts[i] = timed_context(i);
}

static void use(CUcontext context)
{
    CHECK(resolve_cuda()->cuCtxSetCurrent(context) == CUDA_SUCCESS);
}

static CUstream stream_on(int card)
{
    use(contexts[card]);
    return timed_stream();
}

static CUresult launch_ptsz(CUfunction function, CUstream stream)
{
    return cuLaunchKernel_ptsz(function, 1, 2, 3, 4, 5, 6, 7, stream, NULL, NULL);
}

static bool no_lane_is_left(void)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        bool none = !gate->lanes;
        lock_give(&gate->lock);
        if (!none)
            return false;
    }
    return true;
}

/* Of all batches that were closed it is known when they ended. */
static bool all_is_seen(void)
{
    for (struct gate *gate = gate_first(); gate; gate = gate->next) {
        lock_take(&gate->lock);
        bool all = gate->pacer.completed == gate->pacer.closed;
        lock_give(&gate->lock);
        if (!all)
            return false;
    }
    return true;
}

static uint64_t launches_charged_to(int card)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < HAMI_SLOTS; i++)
        sum += load_relaxed(&usages[card]->slots[i].launches);
    return sum;
}

/* In a thread of its own, with whose end all that it launched is counted. */
static void charged_where_it_ran(void *(*body)(void *))
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, body, NULL) == 0 && pthread_join(thread, NULL) == 0);
    until(no_lane_is_left);
    for (int i = 0; i < 2; i++)
        CHECK(timed_launches(i) > 0 && launches_charged_to(i) == timed_launches(i));
}

static void *launch_in_turns(void *unused)
{
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    uint64_t asked = timed_questions();
    for (int i = 0; i < 4000; i++)
        CHECK(launch(timed_kernel(1000), streams[i % 2]) == CUDA_SUCCESS);
    CHECK(timed_questions() - asked < 1000); /* most are covered by the handle alone */
    return unused;
}

static void streams_of_two_cards_are_told_apart_by_their_handles(void)
{
    two_cards(80, 80);
    charged_where_it_ran(launch_in_turns);
}

static void *launch_in_default_streams(void *unused)
{
    static const CUstream streams[] = {NULL, CU_STREAM_LEGACY, CU_STREAM_PER_THREAD};
    for (int i = 0; i < 3000; i++) {
        use(contexts[i / (1 + i % 7) % 2]);
        CUstream stream = streams[i / 50 % 3];
        CHECK((i % 3 ? launch : launch_ptsz)(timed_kernel(1000), stream) == CUDA_SUCCESS);
    }
    return unused;
}

static void a_default_stream_is_of_the_card_that_is_current(void)
{
    two_cards(80, 80);
    charged_where_it_ran(launch_in_default_streams);
}

static void *launch_in_a_stream_that_is_not_current(void *unused)
{
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    for (int i = 0; i < 200; i++) {
        use(i % 7 ? contexts[i / 9 % 2] : NULL);
        CHECK(launch(timed_kernel(MS / 20), streams[i / 5 % 2]) == CUDA_SUCCESS);
    }
    return unused;
}

/* As a kernel of a library does that is loaded in no context. */
static void a_stream_is_of_its_own_card_whichever_is_current(void)
{
    two_cards(80, 80);
    charged_where_it_ran(launch_in_a_stream_that_is_not_current);
    CHECK(timed_records() > 4); /* in the stream's own context, where its end is seen */
}

static void end_stream(CUstream stream)
{
    CHECK(cuStreamDestroy_v2(stream) == CUDA_SUCCESS);
}

static void *end_in_another_thread(void *stream)
{
    end_stream(stream);
    return NULL;
}

static void *launch_in_handles_that_come_again(void *unused)
{
    pthread_t thread;
    CUstream stream = stream_on(0);
    for (int i = 0; i < 300; i++) {
        for (int j = 0; j < 3; j++)
            CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
        if (i % 10)
            end_stream(stream);
        else
            CHECK(pthread_create(&thread, NULL, end_in_another_thread, stream) == 0 && pthread_join(thread, NULL) == 0);
        use(contexts[rand() % 2]);
        timed_stream_again(stream);
    }
    return unused;
}

static void a_handle_that_comes_again_on_the_other_card_is_a_stream_of_that(void)
{
    two_cards(80, 80);
    charged_where_it_ran(launch_in_handles_that_come_again);
}

/* By a way that is not wrapped. */
static void a_stream_whose_end_goes_unseen_is_soon_found_out(void)
{
    two_cards(0, 10);
    CUstream stream = stream_on(0);
    CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS && launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(resolve_cuda()->cuStreamDestroy_v2(stream) == CUDA_SUCCESS);
    use(contexts[1]);
    timed_stream_again(stream);
    for (int i = 0; i < 300; i++)
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(load_relaxed(&usages[1]->predicted_ns) > 0);
    CUstream free_stream = stream_on(0);
    until(all_is_seen);
    uint64_t before = load_relaxed(&usages[1]->predicted_ns);
    for (int i = 0; i < 3000; i++)
        CHECK(launch(timed_kernel(1000), i % 2 ? stream : free_stream) == CUDA_SUCCESS);
    until(all_is_seen);
    CHECK(load_relaxed(&usages[1]->predicted_ns) > before && load_relaxed(&usages[0]->predicted_ns) == 0);
}

static void end_context(CUcontext context)
{
    endings_of_context(context);
    CHECK(resolve_cuda()->cuCtxDestroy_v2(context) == CUDA_SUCCESS);
}

static void *launch_in_contexts_that_come_again(void *unused)
{
    CUstream stream = stream_on(1);
    CUcontext context = contexts[1];
    for (int i = 0; i < 40; i++) {
        for (int j = 0; j < 20; j++)
            CHECK(launch(timed_kernel(1000), j == 1 ? NULL : stream) == CUDA_SUCCESS);
        until(all_is_seen); /* so that its cost is known, and the next ones are covered */
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
        end_context(context);
        timed_context_again(context, rand() % 2);
        timed_stream_again(stream);
    }
    return unused;
}

static void what_ended_with_its_context_and_comes_again_is_of_the_new_ones_card(void)
{
    two_cards(80, 80);
    charged_where_it_ran(launch_in_contexts_that_come_again);
}

enum { POOL = 12, THREADS = 4, STEPS = 600 };

/* Anything that a program may do with streams of two cards, in an order that chance makes. */
static void *do_anything(void *unused)
{
    CUstream pool[POOL];
    unsigned chance = (unsigned)(uintptr_t)&pool;
    for (int i = 0; i < POOL; i++)
        pool[i] = stream_on(i % 2);
    for (int i = 0; i < STEPS; i++) {
        CUstream *stream = &pool[rand_r(&chance) % POOL];
        CUstream into = rand_r(&chance) % 4 ? *stream : (CUstream)(uintptr_t)(rand_r(&chance) % 3);
        switch (rand_r(&chance) % 8) {
        case 0: use(contexts[rand_r(&chance) % 2]); break;
        case 1:
            end_stream(*stream);
            timed_stream_again(*stream);
            break;
        default: CHECK((rand_r(&chance) % 2 ? launch : launch_ptsz)(timed_kernel(1000 * (1 + rand_r(&chance) % 3)), into) == CUDA_SUCCESS);
        }
    }
    until(all_is_seen); /* else there might be no room to count what the thread leaves open */
    return unused;
}

static void *do_anything_in_threads(void *unused)
{
    pthread_t started[THREADS];
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&started[i], NULL, do_anything, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(started[i], NULL) == 0);
    return unused;
}

static void whatever_threads_do_with_two_cards_each_launch_is_charged_where_it_ran(void)
{
    two_cards(90, 90);
    charged_where_it_ran(do_anything_in_threads);
}

static void *keep_busy(void *card)
{
    CUstream stream = stream_on(card != NULL);
    uint64_t start = waits_now_ns();
    while (waits_now_ns() - start < 300 * MS)
        CHECK(launch(timed_kernel(MS), stream) == CUDA_SUCCESS);
    timed_wait(card != NULL);
    return NULL;
}

static void each_card_is_held_to_its_own_cores(void)
{
    pthread_t started[2];
    two_cards(10, 40);
    uint64_t start = waits_now_ns();
    for (uintptr_t i = 0; i < 2; i++)
        CHECK(pthread_create(&started[i], NULL, keep_busy, (void *)i) == 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(started[i], NULL) == 0);
    double time_ns = (double)(waits_now_ns() - start);
    expect_at_most((struct had){(double)(timed_launches(0) * MS), time_ns}, 10);
    expect_at_most((struct had){(double)(timed_launches(1) * MS), time_ns}, 40);
}

/* One kernel on both cards, whose parts are named in this order. */
static void launch_on_both(CUstream streams[2], int first)
{
    CUDA_LAUNCH_PARAMS parts[2];
    for (int i = 0; i < 2; i++)
        parts[i] = (CUDA_LAUNCH_PARAMS){timed_kernel(MS), 1, 2, 3, 4, 5, 6, 7, streams[i ^ first], NULL};
    CHECK(cuLaunchCooperativeKernelMultiDevice(parts, 2, 0) == CUDA_SUCCESS);
}

static void *launch_on_both_often(void *unused)
{
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    for (int i = 0; i < 40; i++)
        launch_on_both(streams, i % 2);
    until(all_is_seen);
    return unused;
}

/* Neither is charged what the other waits for. */
static void a_kernel_on_several_cards_is_a_unit_of_each(void)
{
    two_cards(80, 10);
    uint64_t start = waits_now_ns();
    charged_where_it_ran(launch_on_both_often);
    CHECK(timed_launches(0) == 40 && timed_launches(1) == 40);
    expect_at_most((struct had){40.0 * MS, (double)(waits_now_ns() - start)}, 10);
    CHECK(load_relaxed(&usages[0]->predicted_ns) < 60 * MS && load_relaxed(&usages[1]->predicted_ns) < 60 * MS);
}

static void a_kernel_on_several_cards_that_is_refused_costs_nothing(void)
{
    two_cards(1, 1);
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    CUDA_LAUNCH_PARAMS part = {timed_kernel(MS), 1, 2, 3, 4, 5, 6, 7, streams[0], NULL}, many[65];
    timed_fail(CUDA_ERROR_INVALID_VALUE);
    for (int i = 0; i < 65; i++)
        many[i] = part;
    for (int i = 0; i < 200; i++)
        CHECK(cuLaunchCooperativeKernelMultiDevice(many, (unsigned)i % 66, 0) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuLaunchCooperativeKernelMultiDevice(NULL, 0, 0) == CUDA_ERROR_INVALID_VALUE && held_back_ns() == 0);
}

static void launch_on_both_from(void *first)
{
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    for (int i = 0; i < 30; i++)
        launch_on_both(streams, first != NULL);
}

/* Whichever is named first, one card is asked for first. */
static void processes_that_name_their_cards_in_other_orders_go_on(void)
{
    pid_t processes[2];
    two_cards(30, 40);
    for (uintptr_t i = 0; i < 2; i++)
        processes[i] = start(launch_on_both_from, (void *)i);
    for (int i = 0; i < 2; i++)
        join(processes[i]);
    CHECK(load_relaxed(&usages[0]->predicted_ns) > 0 && load_relaxed(&usages[1]->predicted_ns) > 0);
}

static void one_card_may_be_held_and_the_other_not(void)
{
    two_cards(0, 10);
    CUstream free_stream = stream_on(0), held = stream_on(1);
    for (int i = 0; i < 200; i++)
        CHECK(launch(timed_kernel(1000), free_stream) == CUDA_SUCCESS && launch(timed_kernel(1000), held) == CUDA_SUCCESS);
    CHECK(launches_charged_to(0) == 0 && load_relaxed(&usages[0]->predicted_ns) == 0 && load_relaxed(&usages[1]->predicted_ns) > 0);
    fixture_limit_cores("a", 10, HAMI_CORES_FORCE, 1, 0);
    CHECK(launch(timed_kernel(1000), free_stream) == CUDA_SUCCESS && load_relaxed(&usages[0]->predicted_ns) > 0);
}

static void a_stream_that_captures_is_covered_on_no_card(void)
{
    CUgraph graph;
    two_cards(80, 80);
    CUstream streams[2] = {stream_on(0), stream_on(1)};
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(1000), streams[i % 2]) == CUDA_SUCCESS);
    CHECK(cuStreamBeginCapture_v2(streams[1], CU_STREAM_CAPTURE_MODE_GLOBAL) == CUDA_SUCCESS);
    until(all_is_seen);
    uint64_t charged[2] = {load_relaxed(&usages[0]->predicted_ns), load_relaxed(&usages[1]->predicted_ns)};
    uint64_t counted[2] = {0, 0};
    for (struct gate *gate = gate_first(); gate; gate = gate->next)
        counted[gate->card->shares[0]->number] = gate->lanes->pacer.launches;
    for (int i = 0; i < 100; i++)
        CHECK(launch(timed_kernel(1000), streams[1]) == CUDA_SUCCESS);
    for (struct gate *gate = gate_first(); gate; gate = gate->next)
        CHECK(gate->lanes->pacer.launches == counted[gate->card->shares[0]->number]);
    CHECK(load_relaxed(&usages[0]->predicted_ns) == charged[0] && load_relaxed(&usages[1]->predicted_ns) == charged[1]);
    CHECK(cuStreamEndCapture(streams[1], &graph) == CUDA_SUCCESS);
}

#ifndef __SANITIZE_THREAD__
static void launch_in_child(void *stream)
{
    CHECK(!gate_first());
    CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS);
    CHECK(gate_first() && gate_first()->card->shares[0]->number == 1);
    use(contexts[0]);
    CHECK(launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    CHECK(gate_first()->next && gate_first()->card->shares[0]->number == 0);
}

static void a_forked_child_goes_by_no_lane_of_its_parent(void)
{
    two_cards(0, 0);
    CUstream stream = stream_on(1);
    for (int i = 0; i < 4; i++) {
        use(contexts[i % 2]);
        CHECK(launch(timed_kernel(1000), stream) == CUDA_SUCCESS && launch(timed_kernel(1000), NULL) == CUDA_SUCCESS);
    }
    join(start(launch_in_child, stream));
}
#endif

int main(void)
{
    static const struct test tests[] = {
        {"gate cards: streams of two cards are told apart by their handles", streams_of_two_cards_are_told_apart_by_their_handles},
        {"gate cards: a default stream is of the card that is current", a_default_stream_is_of_the_card_that_is_current},
        {"gate cards: a stream is of its own card whichever is current", a_stream_is_of_its_own_card_whichever_is_current},
        {"gate cards: a handle that comes again on the other card is a stream of that", a_handle_that_comes_again_on_the_other_card_is_a_stream_of_that},
        {"gate cards: a stream whose end goes unseen is soon found out", a_stream_whose_end_goes_unseen_is_soon_found_out},
        {"gate cards: what ended with its context and comes again is of the new one's card",
         what_ended_with_its_context_and_comes_again_is_of_the_new_ones_card},
        {"gate cards: whatever threads do with two cards each launch is charged where it ran",
         whatever_threads_do_with_two_cards_each_launch_is_charged_where_it_ran},
        {"gate cards: each card is held to its own cores", each_card_is_held_to_its_own_cores},
        {"gate cards: a kernel on several cards is a unit of each", a_kernel_on_several_cards_is_a_unit_of_each},
        {"gate cards: a kernel on several cards that is refused costs nothing", a_kernel_on_several_cards_that_is_refused_costs_nothing},
        {"gate cards: processes that name their cards in other orders go on", processes_that_name_their_cards_in_other_orders_go_on},
        {"gate cards: one card may be held and the other not", one_card_may_be_held_and_the_other_not},
        {"gate cards: a stream that captures is covered on no card", a_stream_that_captures_is_covered_on_no_card},
#ifndef __SANITIZE_THREAD__ /* which has no threads in a forked child */
        {"gate cards: a forked child goes by no lane of its parent", a_forked_child_goes_by_no_lane_of_its_parent},
#endif
    };
    return RUN_TESTS(tests);
}
