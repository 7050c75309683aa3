/* A test is a function in a process of its own, as the driver keeps one state per process. */
#ifndef HAMI_SIM_TEST_H
#define HAMI_SIM_TEST_H

#include <stddef.h>
#include <stdint.h>

struct sim_test {
    const char *sentence;
    void (*run)(void);
};

/* Run all, print a line for each and a closing `N passed, N failed`; return the exit status. */
int sim_run_tests(const struct sim_test *tests, size_t count);

/* End this test as failed, naming the place, unless `holds`. */
void sim_check(int holds, const char *what, const char *file, int line);
#define CHECK(condition) sim_check((condition) ? 1 : 0, #condition, __FILE__, __LINE__)

/* Run `body` in a forked process that ends after it. */
int sim_start(void (*body)(void *), void *argument);

/* Wait for a process of sim_start; fails the test unless it ended well. */
void sim_join(int process);

/* A folder for card files that is removed when the runner ends; HAMI_SIM_DEV names it. */
const char *sim_test_folder(void);

/* Write the file of card `index` with so much memory there; `context_mib` is what each context takes. */
void sim_write_card(unsigned index, uint64_t memory_mib, uint64_t context_mib);

/* The same, without contexts, of a card before Pascal. */
void sim_write_old_card(unsigned index, uint64_t memory_mib);

/* The same, without contexts, of a card with so many multiprocessors at that PCI address. */
void sim_write_card_at(unsigned index, unsigned multiprocessors, const char *pci_bus_id);

/* Write the file of card `index` in MIG mode, and of one of its GPU instances, with so much memory. Contexts take none there. */
void sim_write_mig_card(unsigned index, uint64_t memory_mib);
void sim_write_instance(unsigned index, unsigned instance, uint64_t memory_mib);

#define MIB(n) ((uint64_t)(n) << 20)

#endif
