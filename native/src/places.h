/* Where work runs: the context of its stream, which need not be the current one, and its card. A kernel of a library that is loaded in no context
 * may be launched so, and a stream of a green context may. Not here: what is known of streams that were met before (lanes.h). */
#ifndef HAMI_PLACES_H
#define HAMI_PLACES_H

#include <stdbool.h>

#include "real.h"
#include "shares.h"

struct place {
    CUcontext context; /* NULL: nowhere */
    const struct card *card;
    bool certain; /* that the stream is of this card; else the context could not be asked, and it is the current one's */
};

struct place places_of(const struct real_cuda *real, CUstream stream);

#endif
