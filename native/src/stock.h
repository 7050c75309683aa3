/* A stock: memory of a card that the driver takes by itself as it needs it, and keeps for a while. It is charged what the driver says that
 * it has reserved, and beside that what calls under way may make it grow by.
 *
 * Calls of several threads overlap, and none holds a lock across the driver's: a reading that another call overtook may raise the
 * charge, but not lower it. Not here: which stocks there are (pools.h, graphs.h). */
#ifndef HAMI_STOCK_H
#define HAMI_STOCK_H

#include "charge.h"
#include "real.h"

/* Drivers let a stock grow by so much at once, or by more where one allocation is larger. */
#define STOCK_GROWTH_BYTES (UINT64_C(32) << 20)

/* Once made it stays: so whoever goes through the list meets no freed memory. */
struct stock {
    struct stock *next;    /* of the process */
    struct charge *charge; /* NULL for one that is not held to a limit */
    /* What the driver has reserved for it now; false where it cannot say. Called without a lock. */
    bool (*reserved)(const struct real_cuda *real, struct stock *stock, uint64_t *bytes);
    /* Let the driver give back what it has and nobody uses. True where it may have given something. Called without a lock. */
    bool (*trim)(const struct real_cuda *real, struct stock *stock);
    uint64_t under_way_bytes; /* of calls that have begun and not ended */
    uint64_t moves;           /* rises when a call begins or ends */
    uint64_t read_bytes;      /* what it had at the last reading */
    uint64_t falls;           /* rises when it was seen to have less than before */
    bool narrow;              /* a call is under way that may make it grow by more than it is charged */
};

/* Put it into the list, with the process's lock held. */
void stock_enlist(struct process *process, struct stock *stock);

/* Charge bytes that a call may make it grow by; false: there is no room. Then it ends, whatever the driver answered. */
bool stock_begin(struct stock *stock, uint64_t growth_bytes);
void stock_end(struct stock *stock, uint64_t growth_bytes);

/* Charge what it has now. False where it has more than the share has room for: it is charged as before then. */
bool stock_settle(const struct real_cuda *real, struct stock *stock);

/* Calls that may make it grow by more than they are charged come one after the other. False: those before last too long. */
bool stock_enter_narrow(struct stock *stock);
void stock_leave_narrow(struct stock *stock);

/* Trim all of a card, whose room is wanted, and settle them. True where one may have given something. */
bool stock_trim(const struct real_cuda *real, const struct card *card);

/* Settle all of this process. */
void stock_settle_all(const struct real_cuda *real);

#endif
