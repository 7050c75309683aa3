#include "gate.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdlib.h>

#include "atomics.h"
#include "captures.h"
#include "cards.h"
#include "charge.h"
#include "cores.h"
#include "report.h"
#include "resolve.h"
#include "seat.h"
#include "threads.h"
#include "waits.h"

static const uint64_t nothing_limited = 1;
static _Thread_local struct launch_lane *lanes __attribute__((tls_model("initial-exec"))); /* of this thread, on all cards */

static void learn_driver(const struct real_cuda *real)
{
    launch_gate.launch_ptsz = real->cuLaunchKernel_ptsz;
    launch_gate.cooperative = real->cuLaunchCooperativeKernel;
    launch_gate.cooperative_ptsz = real->cuLaunchCooperativeKernel_ptsz;
    __atomic_store_n(&launch_gate.launch, real->cuLaunchKernel, __ATOMIC_RELEASE);
}
