/* Covers: vmm.c: memory by handle is charged until its last handle and its last mapping are gone, in whatever order threads release them. */
#include "card_memory.h"
#include "fixture.h"
#include "test.h"
#include "vmm.h"

#define CARD "GPU-00000000-0000-0000-0000-000000000001"
#define HANDLE 7
#define ADDRESS 0x10000000

static uint64_t used(void)
{
    return card_memory_of(shares_card(CARD)).used;
}

/* A handle of 2 MiB with two references, as after cuMemRetainAllocationHandle. */
static void keep_twice(void)
{
    fixture_share("a", CARD, MIB(10));
    struct vmm_handle *prepared = vmm_prepare(charge_reserve(shares_card(CARD), CHARGE_VMM, MIB(2)));
    CHECK(prepared);
    vmm_keep(prepared, HANDLE);
    vmm_retained(HANDLE, ADDRESS);
}

static void two_threads_release_at_once(void)
{
    keep_twice();
    struct vmm_handle *one = vmm_take(HANDLE), *other = vmm_take(HANDLE);
    CHECK(one && other && !vmm_take(HANDLE));
    vmm_released(one);
    CHECK(used() == MIB(2));
    vmm_released(other);
    CHECK(used() == 0);
}

static void one_of_two_releases_fails(void)
{
    keep_twice();
    struct vmm_handle *one = vmm_take(HANDLE), *other = vmm_take(HANDLE);
    vmm_released(one);
    vmm_put_back(other);
    CHECK(used() == MIB(2));
    other = vmm_take(HANDLE);
    CHECK(other);
    vmm_released(other);
    CHECK(used() == 0);
}

static void a_mapping_keeps_what_two_threads_release(void)
{
    keep_twice();
    struct vmm_mapping *mapping = vmm_prepare_mapping(HANDLE, MIB(2));
    vmm_keep_mapping(mapping, ADDRESS);
    struct vmm_handle *one = vmm_take(HANDLE), *other = vmm_take(HANDLE);
    vmm_released(other);
    vmm_released(one);
    CHECK(used() == MIB(2));
    vmm_unmapped(vmm_take_mappings(ADDRESS, MIB(2)));
    CHECK(used() == 0);
}

static void what_is_mapped_while_its_handle_is_released_stays_charged(void)
{
    keep_twice();
    vmm_released(vmm_take(HANDLE));
    struct vmm_handle *last = vmm_take(HANDLE);
    struct vmm_mapping *mapping = vmm_prepare_mapping(HANDLE, MIB(2));
    CHECK(mapping);
    vmm_keep_mapping(mapping, ADDRESS);
    vmm_released(last);
    CHECK(used() == MIB(2) && !vmm_take(HANDLE));
    vmm_unmapped(vmm_take_mappings(ADDRESS, MIB(2)));
    CHECK(used() == 0);
}

static void a_handle_may_come_again_before_its_release_is_noted(void)
{
    keep_twice();
    vmm_released(vmm_take(HANDLE));
    struct vmm_handle *last = vmm_take(HANDLE), *again = vmm_prepare(charge_reserve(shares_card(CARD), CHARGE_VMM, MIB(4)));
    vmm_keep(again, HANDLE);
    vmm_released(last);
    CHECK(used() == MIB(4) && vmm_take(HANDLE) == again);
    vmm_released(again);
    CHECK(used() == 0);
}

/* Of one reference, and mapped. */
static void map_alone(void)
{
    keep_twice();
    struct vmm_mapping *mapping = vmm_prepare_mapping(HANDLE, MIB(2));
    vmm_keep_mapping(mapping, ADDRESS);
    vmm_released(vmm_take(HANDLE));
    vmm_released(vmm_take(HANDLE));
}

static void what_is_retained_while_it_is_unmapped_stays_charged(void)
{
    map_alone();
    struct vmm_mapping *taken = vmm_take_mappings(ADDRESS, MIB(2));
    CHECK(taken && !vmm_take_mappings(ADDRESS, MIB(2)));
    vmm_retained(HANDLE, ADDRESS + 1);
    vmm_unmapped(taken);
    CHECK(used() == MIB(2));
    vmm_released(vmm_take(HANDLE));
    CHECK(used() == 0);
}

static void a_range_may_be_mapped_again_before_its_end_is_noted(void)
{
    map_alone();
    struct vmm_mapping *taken = vmm_take_mappings(ADDRESS, MIB(2));
    vmm_keep(vmm_prepare(charge_reserve(shares_card(CARD), CHARGE_VMM, MIB(4))), HANDLE + 1);
    struct vmm_mapping *again = vmm_prepare_mapping(HANDLE + 1, MIB(4));
    vmm_keep_mapping(again, ADDRESS);
    vmm_released(vmm_take(HANDLE + 1));
    vmm_retained(HANDLE + 1, ADDRESS);
    vmm_unmapped(taken);
    CHECK(used() == MIB(4) && vmm_take_mappings(ADDRESS, MIB(4)) == again);
    vmm_put_back_mappings(again);
    vmm_unmapped(vmm_take_mappings(ADDRESS, MIB(4)));
    CHECK(used() == MIB(4));
    vmm_released(vmm_take(HANDLE + 1));
    CHECK(used() == 0);
}

static const struct test tests[] = {
    {"vmm: two threads release the references of one handle at once", two_threads_release_at_once},
    {"vmm: of two releases under way one fails", one_of_two_releases_fails},
    {"vmm: a mapping keeps what two threads release at once", a_mapping_keeps_what_two_threads_release},
    {"vmm: what is mapped while its handle is released stays charged", what_is_mapped_while_its_handle_is_released_stays_charged},
    {"vmm: a handle may come again before its release is noted", a_handle_may_come_again_before_its_release_is_noted},
    {"vmm: what is retained while it is unmapped stays charged", what_is_retained_while_it_is_unmapped_stays_charged},
    {"vmm: a range may be mapped again before its end is noted", a_range_may_be_mapped_again_before_its_end_is_noted},
};

int main(void)
{
    return RUN_TESTS(tests);
}
