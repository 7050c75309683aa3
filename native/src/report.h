/* What the library has to say to an operator: one line on standard error, for conditions that make it refuse all memory. */
#ifndef HAMI_REPORT_H
#define HAMI_REPORT_H

/* Write "libvgpu: <path>: <trouble>; <remedy>". Keeps errno. */
void report(const char *path, const char *trouble, const char *remedy);

#endif
