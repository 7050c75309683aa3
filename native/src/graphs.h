/* Memory that graphs allocate. The driver has a stock for them on each device (stock.h), of which it gives physical memory to an
 * executable graph when that is uploaded or launched, and lets it keep it as long as nobody else wants it: so a graph that has run in
 * a stream runs there again without another charge, and graphs of one stream may have the same memory. What a graph has allocated
 * and not freed, whoever frees it at last, stays with the stock. Not here: the entry points (wrap_graphs.c). */
#ifndef HAMI_GRAPHS_H
#define HAMI_GRAPHS_H

#include "stock.h"

/* An executable graph that needs memory of a card with a limit. */
struct graph_exec;

/* How much the stocks may grow by for one call: by all that the driver may take at once, by the graph's memory, by what that is more
 * than the largest before it in the stream has, since it may have that one's memory, or not at all. */
enum graph_growth { GRAPH_WIDE, GRAPH_EXACT, GRAPH_SHARED, GRAPH_NOTHING };

/* Whether this process has, or ever had, an executable graph with memory. */
bool graphs_any(void);

/* What a graph will need when it is executable, with room to keep it. NULL: nothing, or `*failed`: there is no memory to know it. */
struct graph_exec *graphs_measure(const struct real_cuda *real, CUgraph graph, bool *failed);
void graphs_cancel(struct graph_exec *exec);

/* Keep it under its handle. Then find it, or take it out before the driver destroys it, to cancel it or to keep it again; NULL where
 * the handle is of no graph with memory. */
void graphs_keep(struct graph_exec *exec, CUgraphExec handle);
struct graph_exec *graphs_find(CUgraphExec handle);
struct graph_exec *graphs_take(CUgraphExec handle);

/* Charge the growth of a call that gives it memory for a stream; false: there is no room. Then graphs_end by the driver's answer:
 * false where the driver took more than the share has room for. `launched`: what it leaves allocated, others cannot have. */
bool graphs_begin(struct graph_exec *exec, CUstream stream, enum graph_growth growth);
bool graphs_end(const struct real_cuda *real, struct graph_exec *exec, CUstream stream, bool mapped);
void graphs_launched(struct graph_exec *exec);

/* Whether what was last mapped on all its devices was so for this stream, with nothing given back since, and nothing was ever left
 * allocated: then the graph may have the memory of those before it. */
bool graphs_may_share(const struct graph_exec *exec, CUstream stream);

/* Whether it had its memory for this stream before, and may still have it. */
bool graphs_had_memory(const struct graph_exec *exec, CUstream stream);

/* Calls that may make a stock grow by more than they are charged come one after the other. */
bool graphs_enter_narrow(struct graph_exec *exec);
void graphs_leave_narrow(struct graph_exec *exec);

/* Let all stocks of its cards give back what nobody uses. */
bool graphs_trim(const struct real_cuda *real, const struct graph_exec *exec);

void graphs_count_refusal(const struct graph_exec *exec);

/* The first of its cards. */
const struct card *graphs_card(const struct graph_exec *exec);

/* Whether it needs more than the limit: then it cannot be helped. */
bool graphs_exceed_limit(const struct graph_exec *exec);

/* Charge what graphs have now: after a trim, or the end of a context or of an executable graph. */
void graphs_settle(const struct real_cuda *real);

#endif
