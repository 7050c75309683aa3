/* A process that has something of a card and keeps it, for tests that look at it from outside. */
#ifndef HAMI_SIM_TENANT_H
#define HAMI_SIM_TENANT_H

#include "sim_card.h"

struct sim_tenant {
    int ready[2];
    int process;
    void (*begin)(void);
};

/* Start a process that calls `begin` and then waits; returns when it has. */
void sim_tenant_start(struct sim_tenant *tenant, void (*begin)(void));

/* Kill it, and wait for its end. */
void sim_tenant_stop(const struct sim_tenant *tenant);

/* Change how card 0 is, in its file, as the node driver does. */
void sim_set_state(struct sim_card_state state);

#endif
