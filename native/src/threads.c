#include "threads.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atomics.h"
#include "libc.h"
#include "once.h"

#define STACK_BYTES (256u << 10) /* the driver's own functions need most of it */
#define SIGNAL_SET_BYTES 8       /* of the kernel's */

enum { BEGINNINGS = 64 };

/* What a thread begins with. Not on the heap: a process may end before the thread has run, and leak checkers know nothing of it. */
struct beginning {
    uint32_t taken;
    char name[16];
    void (*body)(void *);
    void *argument;
};

static struct {
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    int (*set_stack)(pthread_attr_t *, size_t);
    int (*create_key)(pthread_key_t *, void (*)(void *));
    int (*set_specific)(pthread_key_t, const void *);
} library;

static once_t found;
static pthread_key_t key;
static uint64_t key_made; /* by a process; 0: not yet */

/* The versions of libpthread, which libc has kept since it took them over. */
static void find(void *place, const char *name)
{
    static const char *const files[] = {"libc.so.6", "libpthread.so.0"};
    void *pointer = NULL;
    for (size_t i = 0; !pointer && i < sizeof files / sizeof *files; i++) {
        void *file = libc_dlopen ? libc_dlopen(files[i], RTLD_LAZY | RTLD_NOLOAD) : NULL;
        pointer = file && libc_dlvsym ? libc_dlvsym(file, name, LIBC_BASE_VERSION) : NULL;
    }
    memcpy(place, &pointer, sizeof pointer);
}

static void find_all(void)
{
    find(&library.create, "pthread_create");
    find(&library.set_stack, "pthread_attr_setstacksize");
    find(&library.create_key, "pthread_key_create");
    find(&library.set_specific, "pthread_setspecific");
}

static struct beginning beginnings[BEGINNINGS];

/* NULL: so many threads are about to begin. */
static struct beginning *take_beginning(void)
{
    for (unsigned i = 0; i < BEGINNINGS; i++)
        if (!is_raised(&beginnings[i].taken) && raise_flag(&beginnings[i].taken))
            return &beginnings[i];
    return NULL;
}

static void *begin(void *argument)
{
    struct beginning beginning = *(struct beginning *)argument;
    lower_flag(&((struct beginning *)argument)->taken);
    (void)prctl(PR_SET_NAME, beginning.name);
    beginning.body(beginning.argument);
    return NULL;
}

/* A signal of the program's must not come to a thread of ours, not even as it begins. */
static bool create_blocked(const pthread_attr_t *attributes, struct beginning *beginning)
{
    pthread_t thread;
    uint64_t all = UINT64_MAX, kept;
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &kept, SIGNAL_SET_BYTES) != 0)
        return false;
    bool created = library.create(&thread, attributes, begin, beginning) == 0;
    (void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &kept, NULL, SIGNAL_SET_BYTES);
    return created;
}

bool threads_start(const char *name, void (*body)(void *), void *argument)
{
    pthread_attr_t attributes;
    once_run(&found, find_all);
    struct beginning *beginning = library.create ? take_beginning() : NULL;
    if (!beginning)
        return false;
    if (pthread_attr_init(&attributes) != 0) {
        lower_flag(&beginning->taken);
        return false;
    }
    memset(beginning->name, 0, sizeof beginning->name);
    memcpy(beginning->name, name, strnlen(name, sizeof beginning->name - 1));
    beginning->body = body;
    beginning->argument = argument;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (library.set_stack)
        (void)library.set_stack(&attributes, STACK_BYTES);
    bool created = create_blocked(&attributes, beginning);
    (void)pthread_attr_destroy(&attributes);
    if (!created)
        lower_flag(&beginning->taken);
    return created;
}

static void (*at_end)(void *);
static once_t key_tried;

static void make_key(void)
{
    once_run(&found, find_all);
    if (library.create_key && library.set_specific && library.create_key(&key, at_end) == 0)
        store_release(&key_made, 1);
}

void threads_at_end(void (*left)(void *), void *what)
{
    __atomic_store_n(&at_end, left, __ATOMIC_RELEASE); /* there is one such function in the library */
    once_run(&key_tried, make_key);
    if (load_acquire(&key_made))
        (void)library.set_specific(key, what);
}
