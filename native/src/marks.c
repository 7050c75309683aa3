#include "marks.h"

#include <stdlib.h>

#define NS_OF_MS 1e6f
#define BASE_NS UINT64_C(4000000000) /* the driver tells times as a float, which over longer ones is too coarse */
#define DRIFT_NS 20000               /* of the two clocks over that, and what being seen at once may take less than before */

struct marks *marks_of(struct marks **list, CUcontext context)
{
    struct marks *unused = NULL;
    uint64_t numbers = 0;
    for (struct marks *marks = *list; marks; marks = marks->next) {
        if (marks->context == context)
            return marks;
        if (!marks->context && !marks->uses)
            unused = marks;
        numbers = marks->number > numbers ? marks->number : numbers;
    }
    struct marks *marks = unused ? unused : calloc(1, sizeof *marks);
    if (!marks)
        return NULL;
    if (!unused) {
        marks->next = *list;
        *list = marks;
    }
    marks->number = numbers + 1;
    marks->context = context;
    marks->idle_count = 0;
    marks->base = NULL;
    return marks;
}

CUevent marks_take(struct marks *marks)
{
    return marks->idle_count ? marks->idle[--marks->idle_count] : NULL;
}

CUevent marks_make(const struct real_cuda *real)
{
    CUevent event;
    return real->cuEventCreate(&event, CU_EVENT_BLOCKING_SYNC) == CUDA_SUCCESS ? event : NULL;
}

bool marks_put(struct marks *marks, CUevent event)
{
    if (!marks->context || marks->idle_count == MARKS_IDLE)
        return false;
    marks->idle[marks->idle_count++] = event;
    return true;
}

void marks_settle(struct marks *marks)
{
    if (!marks->context)
        marks->base = NULL;
}

uint64_t marks_between(const struct real_cuda *real, CUevent start, CUevent end)
{
    float milliseconds;
    if (real->cuEventElapsedTime(&milliseconds, start, end) != CUDA_SUCCESS || !(milliseconds >= 0.0f))
        return UINT64_MAX;
    return (uint64_t)(milliseconds * NS_OF_MS);
}

uint64_t marks_time(const struct real_cuda *real, struct marks *marks, CUevent event, uint64_t seen_ns, CUevent *spare)
{
    uint64_t passed_ns = marks->base ? marks_between(real, marks->base, event) : 0;
    *spare = event;
    if (passed_ns == UINT64_MAX)
        return 0;
    if (!marks->base || marks->base_ns + passed_ns > seen_ns)
        marks->base_ns = seen_ns - passed_ns;
    uint64_t happened_ns = marks->base_ns + passed_ns;
    if (!marks->base || passed_ns > BASE_NS) {
        *spare = marks->base;
        marks->base = event;
        marks->base_ns = happened_ns + (*spare ? DRIFT_NS : 0);
    }
    return happened_ns;
}
