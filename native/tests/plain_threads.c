/* threads.h by the C library's functions as a program is linked to them, which is what sanitizers know. */
#include "threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/prctl.h>

struct beginning {
    const char *name;
    void (*body)(void *);
    void *argument;
};

static pthread_key_t key;
static pthread_once_t made = PTHREAD_ONCE_INIT;
static void (*at_end)(void *);

static void *begin(void *argument)
{
    struct beginning beginning = *(struct beginning *)argument;
    free(argument);
    (void)prctl(PR_SET_NAME, beginning.name);
    beginning.body(beginning.argument);
    return NULL;
}

bool threads_start(const char *name, void (*body)(void *), void *argument)
{
    pthread_t thread;
    struct beginning *beginning = malloc(sizeof *beginning);
    if (!beginning)
        return false;
    *beginning = (struct beginning){name, body, argument};
    return pthread_create(&thread, NULL, begin, beginning) == 0 && pthread_detach(thread) == 0;
}

static void call(void *what)
{
    at_end(what);
}

static void make(void)
{
    (void)pthread_key_create(&key, call);
}

void threads_at_end(void (*left)(void *), void *what)
{
    __atomic_store_n(&at_end, left, __ATOMIC_RELEASE);
    (void)pthread_once(&made, make);
    (void)pthread_setspecific(key, what);
}
