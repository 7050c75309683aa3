#include "cuda_holds.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "cuda_time.h"
#include "time_file.h"

#define POLL_NS UINT64_C(100000)
#define STACK_BYTES (UINT64_C(1) << 20)

struct hold {
    struct hold *next;
    struct sim_device *device;
    uint64_t ticket;
    struct sim_hold_task task;
};

static struct hold *holds; /* in the order in which they were asked for */
static unsigned coming;    /* callers that will add one */
static bool at_work;       /* the thread */

static void end(struct hold **place)
{
    struct hold *ended = *place;
    *place = ended->next;
    free(ended);
}

/* A function of the program is called once. */
static void call(void *argument)
{
    const struct sim_hold_task *task = argument;
    (void)task->try(task->argument);
}

/* Do what a stream stands at; whether it is done. For a function of the program the driver is let go, and the list may change. */
static bool attempt(struct hold **place)
{
    struct hold *hold = *place;
    struct sim_device *device = hold->device;
    uint64_t ticket = hold->ticket;
    struct sim_hold_task task = hold->task;
    if (!task.is_program && !task.try(task.argument))
        return false;
    end(place);
    if (task.is_program) {
        sim_leave();
        sim_call_program(call, &task);
        sim_enter_again();
    }
    sim_time_release(device, ticket);
    return true;
}

/* Look at all once. Whether something was done; else when to look again. */
static bool go_through(uint64_t *again_ns)
{
    *again_ns = sim_time_now_ns() + POLL_NS;
    for (struct hold **place = &holds; *place;) {
        struct hold *hold = *place;
        if (sim_time_is_reached(hold->device, hold->ticket)) {
            if (attempt(place))
                return true;
        } else if (sim_time_is_done(hold->device, hold->ticket, NULL)) { /* its context has ended */
            hold->task.drop(hold->task.argument);
            end(place);
            continue;
        }
        place = &hold->next;
    }
    return false;
}

static void *work(void *unused)
{
    uint64_t again_ns;
    (void)unused;
    sim_enter_again();
    while (holds || coming)
        if (!go_through(&again_ns) && (holds || coming))
            sim_time_sleep(again_ns);
    at_work = false;
    sim_leave();
    return NULL;
}

/* No signal of the program is for it. */
static bool start(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    at_work = at_work || !pthread_create(&thread, &attributes, work, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return at_work;
}

CUresult sim_hold(struct sim_context *context, CUstream stream, struct sim_hold_task task)
{
    struct hold *made = calloc(1, sizeof *made), **place = &holds;
    if (!made)
        return CUDA_ERROR_OUT_OF_MEMORY;
    made->device = context->device;
    made->task = task;
    coming++;
    CUresult result = start() ? sim_time_ask(context, stream, SIM_ASK_HOLD, 0, &made->ticket) : CUDA_ERROR_OUT_OF_MEMORY;
    coming--;
    if (result != CUDA_SUCCESS) {
        free(made);
        return result;
    }
    while (*place)
        place = &(*place)->next;
    *place = made;
    return CUDA_SUCCESS;
}

struct other_ticket {
    struct sim_device *device;
    uint64_t ticket;
};

static bool try_ticket(void *argument)
{
    const struct other_ticket *other = argument;
    if (!sim_time_is_done(other->device, other->ticket, NULL))
        return false;
    free(argument);
    return true;
}

CUresult sim_hold_for_ticket(struct sim_context *context, CUstream stream, struct sim_device *device, uint64_t ticket)
{
    struct other_ticket *made = malloc(sizeof *made);
    if (!made)
        return CUDA_ERROR_OUT_OF_MEMORY;
    *made = (struct other_ticket){device, ticket};
    CUresult result = sim_hold(context, stream, (struct sim_hold_task){.try = try_ticket, .drop = free, .argument = made});
    if (result != CUDA_SUCCESS)
        free(made);
    return result;
}
