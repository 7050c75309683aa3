#include "teardown.h"

#include <errno.h>
#include <time.h>

#include "libc.h"

#define WAIT_NS 50000000

bool teardown_waited(CUresult result, const struct card *card)
{
    struct timespec left = {.tv_nsec = WAIT_NS};
    if (result != CUDA_ERROR_OUT_OF_MEMORY || !charge_card_refunded_lately(card))
        return false;
    while (libc_sleep(&left, &left) != 0 && errno == EINTR)
        ;
    return true;
}
