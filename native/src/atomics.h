/* Every atomic access to the shared pages, and to what threads share. Not here: the protocol that uses them (account.c).
 *
 * Order. The word is compared and swapped with acquire and release: whoever reads a tag (acquire) also sees what its writer
 * stored before: its slot's `seq` and `charge_bytes`. Torn reads of the two halves are harmless: a mixed pair makes the swap fail.
 * The pages are shared by processes, so each access must be one instruction of the CPU: no library lock would be common to them. */
#ifndef HAMI_ATOMICS_H
#define HAMI_ATOMICS_H

#include <stdbool.h>

#include "hami_pages.h"

static inline uint64_t load_relaxed(const uint64_t *place)
{
    return __atomic_load_n(place, __ATOMIC_RELAXED);
}

static inline uint64_t load_acquire(const uint64_t *place)
{
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

static inline void store_relaxed(uint64_t *place, uint64_t value)
{
    __atomic_store_n(place, value, __ATOMIC_RELAXED);
}

static inline void store_release(uint64_t *place, uint64_t value)
{
    __atomic_store_n(place, value, __ATOMIC_RELEASE);
}

/* Replace `expected` by `value`; where another number stands, that is put into `expected`. Acquire on both outcomes, release on success. */
static inline bool claim(uint64_t *place, uint64_t *expected, uint64_t value)
{
    return __atomic_compare_exchange_n(place, expected, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static inline void add_relaxed(uint64_t *place, uint64_t value)
{
    __atomic_fetch_add(place, value, __ATOMIC_RELAXED);
}

/* Raise a number to at least `value` (release). */
static inline void raise_to(uint64_t *place, uint64_t value)
{
    uint64_t seen = load_relaxed(place);
    while (seen < value && !__atomic_compare_exchange_n(place, &seen, value, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        ;
}

/* Nothing after it is read before all that stands before it is written, as every processor sees it: for two who each write and then look at
 * what the other has written, so that at least one of them sees it. */
static inline void order_all(void)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* A flag between threads. False: it was up already. What the one who lowers it has written, the next one who raises it sees. */
static inline bool raise_flag(uint32_t *flag)
{
    return __atomic_exchange_n(flag, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void lower_flag(uint32_t *flag)
{
    __atomic_store_n(flag, 0, __ATOMIC_RELEASE);
}

/* A flag or a count that is not zero. */
static inline bool is_raised(const uint32_t *flag)
{
    return __atomic_load_n(flag, __ATOMIC_RELAXED) != 0;
}

static inline void count_up(uint32_t *count)
{
    __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
}

static inline void count_down(uint32_t *count)
{
    __atomic_fetch_sub(count, 1, __ATOMIC_SEQ_CST);
}

static inline uint32_t load_word(const uint32_t *place)
{
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

static inline void store_word(uint32_t *place, uint32_t value)
{
    __atomic_store_n(place, value, __ATOMIC_RELAXED);
}

static inline int64_t load_signed(const int64_t *place)
{
    return __atomic_load_n(place, __ATOMIC_RELAXED);
}

/* The number after it. An account: sums commute, so no order is asked for. It wraps, as the two's complement does. */
static inline int64_t add_signed(int64_t *place, int64_t value)
{
    return (int64_t)((uint64_t)__atomic_fetch_add(place, value, __ATOMIC_RELAXED) + (uint64_t)value);
}

/* Bit `index` of a row of words. Who sees it set (acquire) also sees what was stored before it was set (release). */
static inline bool bit_is_set(const uint64_t *words, unsigned index)
{
    return load_acquire(&words[index / 64]) >> index % 64 & 1;
}

static inline void set_bit(uint64_t *words, unsigned index)
{
    if (!bit_is_set(words, index)) /* most often it is: then the line stays shared */
        __atomic_fetch_or(&words[index / 64], UINT64_C(1) << index % 64, __ATOMIC_RELEASE);
}

static inline void clear_bit(uint64_t *words, unsigned index)
{
    if (bit_is_set(words, index))
        __atomic_fetch_and(&words[index / 64], ~(UINT64_C(1) << index % 64), __ATOMIC_RELEASE);
}

/* Have the cache line of a word brought here to be written: else it comes twice, to be read and then to be swapped, and in between it
 * may be taken away again. */
static inline void own_line_soon(const struct hami_word *word)
{
#if defined(__x86_64__)
    __asm__ volatile("prefetchw %0" : : "m"(*word)); /* without an option the compiler would ask for it to be read */
#else
    __builtin_prefetch(word, 1);
#endif
}

/* Replace *word by `wanted` if it still is `expected`: acquire on both outcomes, release on success. */
static inline bool swap_word(struct hami_word *word, struct hami_word expected, struct hami_word wanted)
{
#if defined(__x86_64__)
    bool swapped;
    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(swapped), "+m"(*word), "+a"(expected.used_bytes), "+d"(expected.tag)
                     : "b"(wanted.used_bytes), "c"(wanted.tag)
                     : "memory");
    return swapped;
#elif defined(__aarch64__)
    /* A pair that differs is stored back, since only a store that succeeds proves that the two halves were read together. */
    uint64_t used, tag, store_used, store_tag;
    uint32_t failed;
    __asm__ volatile("1: ldaxp %[used], %[tag], %[word]\n"
                     "   cmp %[used], %[expected_used]\n"
                     "   ccmp %[tag], %[expected_tag], #0, eq\n"
                     "   csel %[store_used], %[wanted_used], %[used], eq\n"
                     "   csel %[store_tag], %[wanted_tag], %[tag], eq\n"
                     "   stlxp %w[failed], %[store_used], %[store_tag], %[word]\n"
                     "   cbnz %w[failed], 1b\n"
                     : [used] "=&r"(used), [tag] "=&r"(tag), [store_used] "=&r"(store_used), [store_tag] "=&r"(store_tag),
                       [failed] "=&r"(failed), [word] "+Q"(*word)
                     : [expected_used] "r"(expected.used_bytes), [expected_tag] "r"(expected.tag),
                       [wanted_used] "r"(wanted.used_bytes), [wanted_tag] "r"(wanted.tag)
                     : "cc", "memory");
    return used == expected.used_bytes && tag == expected.tag;
#else
#error "no compare-and-swap of 16 bytes is known for this processor"
#endif
}

/* The same for both ends of a span: 16 aligned bytes as well. */
static inline bool swap_span(struct hami_span *span, struct hami_span expected, struct hami_span wanted)
{
    return swap_word((struct hami_word *)(void *)span, (struct hami_word){expected.from_ns, expected.until_ns},
                     (struct hami_word){wanted.from_ns, wanted.until_ns});
}

#endif
