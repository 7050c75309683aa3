/* What is mounted where, as the kernel tells this process: neither its environment nor the files of its image can change that.
 * Not here: what follows from it (shares.c). */
#ifndef HAMI_MOUNTS_H
#define HAMI_MOUNTS_H

enum mounts { MOUNTS_NONE, MOUNTS_SOME, MOUNTS_UNKNOWN };

/* Whether something is mounted at a folder or below it. `mountinfo` is /proc/self/mountinfo; UNKNOWN where it cannot be read.
 * Source: proc_pid_mountinfo(5). */
enum mounts mounts_below(const char *mountinfo, const char *folder);

#endif
