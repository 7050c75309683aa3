#include "actors.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "test.h"

#define TRAP_FLAG 0x100
#define FLAGS_KEPT 0xcd5 /* the arithmetic ones */
#define FAULT_WRITES 2
#define RED_ZONE_BYTES 128
#define XSAVE_STATES_OFFSET 512
#define XSAVE_HAS_SSE 2

static struct hami_usage *page, *view; /* one memory: always within reach, and for actors */
static uint8_t stacks[ACTORS_MAX][ACTOR_STACK_BYTES] __attribute__((aligned(64)));
static uint8_t *const end_of_actor = (uint8_t *)16; /* never mapped: an actor that returns faults here */

static struct actor *running;
static bool makes_access; /* whether the running actor is to make the access that it stands before */
static gregset_t home;
static uint8_t home_vectors[256];

static const int kept[ACTOR_REGISTERS] = {REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RDI,
                                          REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RAX, REG_RCX, REG_RSP, REG_RIP, REG_EFL};
enum { KEPT_RSP = 15, KEPT_RIP = 16, KEPT_FLAGS = 17, KEPT_RDI = 8 };

static void let_through(bool open)
{
    mprotect(view, sizeof *view, open ? PROT_READ | PROT_WRITE : PROT_NONE);
}

static void save_vectors(const ucontext_t *context, uint8_t *vectors)
{
    memcpy(vectors, context->uc_mcontext.fpregs->_xmm, 256);
}

static void load_vectors(ucontext_t *context, const uint8_t *vectors)
{
    uint64_t *states = (uint64_t *)((uint8_t *)context->uc_mcontext.fpregs + XSAVE_STATES_OFFSET);
    memcpy(context->uc_mcontext.fpregs->_xmm, vectors, 256);
    *states |= XSAVE_HAS_SSE;
}

static void enter_actor(ucontext_t *context)
{
    greg_t *registers = context->uc_mcontext.gregs;
    memcpy(home, registers, sizeof home);
    save_vectors(context, home_vectors);
    for (int i = 0; i < ACTOR_REGISTERS; i++)
        registers[kept[i]] = (greg_t)running->registers[i];
    load_vectors(context, running->vectors);
    if (makes_access) {
        let_through(true);
        registers[REG_EFL] |= TRAP_FLAG;
    }
}

static void leave_actor(ucontext_t *context)
{
    greg_t *registers = context->uc_mcontext.gregs;
    for (int i = 0; i < ACTOR_REGISTERS; i++)
        running->registers[i] = (uint64_t)registers[kept[i]];
    running->registers[KEPT_FLAGS] &= FLAGS_KEPT;
    save_vectors(context, running->vectors);
    memcpy(registers, home, sizeof home);
    load_vectors(context, home_vectors);
}

/* A lock prefix stands before the opcode; the exchange with memory is locked without one. */
static bool is_locked(const uint8_t *instruction)
{
    while (*instruction == 0x66 || *instruction == 0xf2 || *instruction == 0xf3 || *instruction == 0x2e || *instruction == 0x3e)
        instruction++;
    if (*instruction == 0xf0)
        return true;
    if ((*instruction & 0xf0) == 0x40)
        instruction++;
    return *instruction == 0x86 || *instruction == 0x87;
}

static void on_fault(ucontext_t *context, uint8_t *address)
{
    bool on_page = address >= (uint8_t *)view && address < (uint8_t *)(view + 1);
    if (!on_page && address != end_of_actor) {
        static const char text[] = "an actor left its memory\n";
        if (write(STDERR_FILENO, text, sizeof text - 1) >= 0)
            signal(SIGSEGV, SIG_DFL);
        _exit(1);
    }
    greg_t *registers = context->uc_mcontext.gregs;
    running->finished = !on_page;
    running->locked = on_page && is_locked((const uint8_t *)registers[REG_RIP]);
    bool stores = on_page && !running->locked && (registers[REG_ERR] & FAULT_WRITES);
    running->next_store = stores ? (uint64_t)(address - (uint8_t *)view) : NO_STORE;
    leave_actor(context);
}

static void on_signal(int number, siginfo_t *info, void *raw)
{
    ucontext_t *context = raw;
    if (number == SIGUSR1)
        return enter_actor(context);
    if (number == SIGSEGV)
        return on_fault(context, info->si_addr);
    let_through(false); /* SIGTRAP: the access is made */
    context->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

struct hami_usage *actors_open(void)
{
    static uint8_t signal_stack[65536];
    const stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    int descriptor = memfd_create("usage", MFD_CLOEXEC);
    CHECK(descriptor >= 0 && ftruncate(descriptor, sizeof *page) == 0);
    page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    view = mmap(NULL, sizeof *view, PROT_NONE, MAP_SHARED, descriptor, 0);
    CHECK(page != MAP_FAILED && view != MAP_FAILED && sigaltstack(&stack, NULL) == 0);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGTRAP, &action, NULL) == 0);
    close(descriptor);
    return view;
}

static void load_page(const struct shared *shared)
{
    memcpy(&page->word, shared->word, sizeof shared->word);
    memcpy(&page->peak_bytes, shared->totals, sizeof shared->totals);
    memcpy(page->slots, shared->slots, sizeof shared->slots);
}

static void save_page(struct shared *shared)
{
    memcpy(shared->word, &page->word, sizeof shared->word);
    memcpy(shared->totals, &page->peak_bytes, sizeof shared->totals);
    memcpy(shared->slots, page->slots, sizeof shared->slots);
}

static void put(uint64_t offset_bytes, uint64_t value)
{
    memcpy((uint8_t *)page + offset_bytes, &value, sizeof value);
}

static void run(struct actor *actor, unsigned number, bool access)
{
    running = actor;
    makes_access = access;
    memcpy(stacks[number], actor->stack, sizeof actor->stack);
    CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1) == 0);
    uint64_t base = (uint64_t)stacks[number], live = actor->registers[KEPT_RSP] - RED_ZONE_BYTES;
    if (actor->finished) { /* what is left of it is its argument, and the buffer */
        memset(actor->registers, 0, sizeof actor->registers);
        memset(actor->vectors, 0, sizeof actor->vectors);
        live = base;
    }
    CHECK(live >= base && live < base + ACTOR_STACK_BYTES);
    memset(actor->stack, 0, live - base); /* what is dead tells no states apart */
    memcpy(actor->stack + (live - base), (const void *)live, ACTOR_STACK_BYTES - (live - base));
}

void actor_begin(struct state *state, unsigned number, void (*body)(void *), const void *argument, unsigned long bytes)
{
    struct actor *actor = &state->actors[number];
    uint64_t kills = actor->kills, top = ACTOR_STACK_BYTES - bytes, frame = (top & ~15ul) - 8;
    const uint64_t return_address = (uint64_t)end_of_actor;
    memset(actor, 0, sizeof *actor);
    memcpy(actor->stack + top, argument, bytes);
    memcpy(actor->stack + frame, &return_address, sizeof return_address);
    actor->kills = kills;
    actor->registers[KEPT_RSP] = (uint64_t)(stacks[number] + frame);
    actor->registers[KEPT_RIP] = (uint64_t)body;
    actor->registers[KEPT_RDI] = (uint64_t)(stacks[number] + top);
    run(actor, number, false);
}

const void *actor_argument(const struct state *state, unsigned number, unsigned long bytes)
{
    return state->actors[number].stack + ACTOR_STACK_BYTES - bytes;
}

bool actor_can_step(const struct state *state, unsigned number)
{
    const struct actor *actor = &state->actors[number];
    bool has_room = actor->next_store == NO_STORE || actor->store_count < ACTOR_STORES_MAX;
    return !actor->finished && has_room && !(actor->locked && actor->store_count);
}

void actor_step(struct state *state, unsigned number)
{
    struct actor *actor = &state->actors[number];
    uint64_t offset_bytes = actor->next_store;
    load_page(&state->shared);
    for (uint64_t i = 0; i < actor->store_count; i++)
        put(actor->stores[i].offset_bytes, actor->stores[i].value);
    bool locked = actor->locked;
    run(actor, number, true);
    if (locked)
        return save_page(&state->shared);
    if (offset_bytes == NO_STORE)
        return;
    CHECK(offset_bytes % 8 == 0);
    struct buffered_store *store = &actor->stores[actor->store_count++];
    store->offset_bytes = offset_bytes;
    memcpy(&store->value, (uint8_t *)page + offset_bytes, sizeof store->value);
}

void actor_flush(struct state *state, unsigned number)
{
    struct actor *actor = &state->actors[number];
    load_page(&state->shared);
    put(actor->stores[0].offset_bytes, actor->stores[0].value);
    save_page(&state->shared);
    actor->store_count--;
    memmove(actor->stores, actor->stores + 1, actor->store_count * sizeof *actor->stores);
    memset(actor->stores + actor->store_count, 0, sizeof *actor->stores);
}

void actor_flush_all(struct state *state, unsigned number)
{
    while (state->actors[number].store_count)
        actor_flush(state, number);
}
