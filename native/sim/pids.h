/* PIDs across PID namespaces: the name that this process has for another one. */
#ifndef HAMI_SIM_PIDS_H
#define HAMI_SIM_PIDS_H

#include <stdint.h>

/* The PID here of process `pid` of the namespace with that inode; 0 where it has no name here, as for a process of
 * another container. */
uint32_t sim_pid_here(uint32_t pid, uint64_t pid_namespace);

#endif
