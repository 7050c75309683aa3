/* Covers: device memory of oversubscribed cards, before whole programs on the simulated driver: what stands in for it and what is told of it,
 * two tenants that have more than the card, what they may pin, and cards that cannot evict. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "client.h"
#include "fixture.h"
#include "managed.h"

#define SAID 4096
#define OVERSUBSCRIBED "test/clients/oversubscribed"

static void share(const char *name, const char *card, uint64_t memory_bytes)
{
    char folder[PATH_MAX], path[256];
    CHECK(snprintf(folder, sizeof folder, "%s/%s", fixture_folder(), name) > 0 && mkdir(folder, 0755) == 0);
    CHECK(snprintf(path, sizeof path, "%s/a", name) < (int)sizeof path);
    fixture_share(path, card, memory_bytes);
}

static struct client tenant(const char *name, const char *argument)
{
    char shares[PATH_MAX];
    CHECK(snprintf(shares, sizeof shares, "%s/%s", fixture_folder(), name) > 0);
    return client_start(shares, OVERSUBSCRIBED, argument, NULL);
}

static void end(struct client *client, const char *expected)
{
    char said[SAID];
    int status = client_end(client, said, sizeof said);
    if (status != 0 || strcmp(said, expected) != 0)
        fprintf(stderr, "ended with %d:\n%s", status, said);
    CHECK(status == 0 && strcmp(said, expected) == 0);
}

static void expect(const char *argument, const char *expected)
{
    struct client client = tenant("c", argument);
    end(&client, expected);
}

static void what_stands_in(void)
{
    char card[64];
    client_write_card(0, MIB(8192), card);
    share("c", card, MIB(100));
    fixture_oversubscribe("c/a", true, MIB(50));
    expect("kinds", "libvgpu: GPU-00000000-0000-0000-0000-00000000beef: is oversubscribed, and memory that can be evicted has no IPC handle; "
                    "programs that share memory between processes need CUDA_OVERSUBSCRIBE=false in their container's env\n"
                    "plain: managed 1, type 2, preferred 0, IPC 1\n"
                    "pitched: managed 1, type 2, preferred 0, IPC 1\n"
                    "asked for: managed 1, type 2, preferred -2, IPC 1\n"
                    "pooled: managed 0, type 2, preferred -2, IPC 0\n"
                    "pitch 1024, 32 bits: 801\n"
                    "wrong: 1 1 1 1\n"
                    "all: 56 of 100 MiB left, card 44\n"
                    "freed: 100 of 100 MiB left, card 0\n");
    CHECK(fixture_open("c/a").usage->word.used_bytes == 0);
}

static void nothing_else_is_managed(void)
{
    char card[64];
    client_write_card(0, MIB(8192), card);
    share("c", card, MIB(100));
    expect("kinds", "plain: managed 0, type 2, preferred -2, IPC 0\n"
                    "pitched: managed 0, type 2, preferred -2, IPC 0\n"
                    "asked for: managed 1, type 2, preferred -2, IPC 1\n"
                    "pooled: managed 0, type 2, preferred -2, IPC 0\n"
                    "pitch 1024, 32 bits: 0\n"
                    "wrong: 1 1 1 1\n"
                    "all: 54 of 100 MiB left, card 46\n"
                    "freed: 98 of 100 MiB left, card 2\n");
}

/* A line of what a client says. */
static void read_line(const struct client *client, const char *expected)
{
    char line[256];
    CHECK(fgets(line, sizeof line, client->output) != NULL);
    if (strcmp(line, expected) != 0)
        fprintf(stderr, "said: %s", line);
    CHECK(strcmp(line, expected) == 0);
}

/* Once it has stopped. */
static void go_on(const struct client *client)
{
    int status;
    CHECK(waitpid(client->process, &status, WUNTRACED) == client->process && WIFSTOPPED(status));
    CHECK(kill(client->process, SIGCONT) == 0);
}

static void two_have_more_than_the_card(void)
{
    char card[64];
    client_write_card(0, MIB(81920), card);
    share("c", card, MIB(61440));
    share("d", card, MIB(61440));
    fixture_oversubscribe("c/a", true, MIB(30720));
    fixture_oversubscribe("d/a", true, MIB(30720));
    share("e", card, MIB(1000));
    fixture_oversubscribe("e/a", false, MIB(1000));
    struct client first = tenant("c", "tenant");
    read_line(&first, "took: 0\n");
    read_line(&first, "took: 0 of 61440 MiB left, card 61440\n");
    struct client second = tenant("d", "tenant");
    read_line(&second, "took: 0\n");
    read_line(&second, "took: 0 of 61440 MiB left, card 81920\n");
    struct client third = tenant("e", "told");
    end(&third, "told: 1000 of 1000 MiB left, card 81920\n"); /* others can be evicted for it */
    go_on(&first);
    end(&first, "found: mark\n");
    go_on(&second);
    end(&second, "found: mark\n");
}

static void pinned_memory_is_bounded(void)
{
    char card[64];
    client_write_card(0, MIB(8192), card);
    share("c", card, MIB(100));
    fixture_oversubscribe("c/a", true, MIB(50));
    expect("pin", "pinned: 5 times, then 2\na pool: 2\na buffer: 0\nfull: 10 of 100 MiB left, card 90\nfreed: 100 of 100 MiB left, card 0\n");
    CHECK(fixture_open("c/a").usage->refusals == 2);
}

/* What else is pinned on the card leaves less than the share's part: the driver's own answer is passed on. */
static void the_drivers_own_refusal_is_passed_on(void)
{
    char card[64];
    client_write_card(0, MIB(30), card);
    share("c", card, MIB(100));
    fixture_oversubscribe("c/a", true, MIB(50));
    expect("pin", "pinned: 3 times, then 2\na pool: 2\na buffer: 0\nfull: 30 of 100 MiB left, card 30\nfreed: 100 of 100 MiB left, card 0\n");
    CHECK(fixture_open("c/a").usage->refusals == 0);
}

static void cards_that_cannot_evict(void)
{
    char card[64];
    client_write_old_card(0, MIB(8192), card);
    share("c", card, MIB(100));
    fixture_oversubscribe("c/a", true, MIB(50));
    expect("pin", "libvgpu: GPU-00000000-0000-0000-0000-00000000beef: is oversubscribed, and its driver does not evict managed memory "
                  "(concurrentManagedAccess is 0); allocations on it are refused; set deviceMemoryScaling of this card to 1 and delete the pod\n"
                  "pinned: 5 times, then 2\na pool: 2\na buffer: 801\nfull: 50 of 100 MiB left, card 50\nfreed: 100 of 100 MiB left, card 0\n");
}

/* A share of the same card beside it that is to have device memory decides for both, and buffers count as pinned then. */
static void a_share_beside_that_is_not(void)
{
    char card[64];
    client_write_card(0, MIB(8192), card);
    share("c", card, MIB(100));
    fixture_oversubscribe("c/a", true, MIB(50));
    fixture_share("c/b", card, MIB(10));
    expect("pin", "pinned: 6 times, then 2\na pool: 2\na buffer: 2\nfull: 50 of 110 MiB left, card 60\nfreed: 110 of 110 MiB left, card 0\n");
}

static struct {
    CUdeviceptr address;
    size_t bytes;
    CUmem_advise advice;
    CUdevice device;
} advised;

static CUresult first_device(CUdevice *device)
{
    *device = 0;
    return CUDA_SUCCESS;
}

static CUresult every_attribute_is_one(int *value, CUdevice_attribute attribute, CUdevice device)
{
    (void)attribute, (void)device;
    *value = 1;
    return CUDA_SUCCESS;
}

static CUresult allocate_managed(CUdeviceptr *address, size_t bytes, unsigned int flags)
{
    (void)bytes;
    CHECK(flags == CU_MEM_ATTACH_GLOBAL);
    *address = MIB(7);
    return CUDA_SUCCESS;
}

static CUresult advise(CUdeviceptr address, size_t bytes, CUmem_advise advice, CUdevice device)
{
    advised.address = address, advised.bytes = bytes, advised.advice = advice, advised.device = device;
    return CUDA_SUCCESS;
}

/* Before CUDA 12.2 advice has another form alone. */
static void older_drivers_are_advised_too(void)
{
    struct real_cuda older = real_cuda_absent;
    CUdeviceptr address;
    older.cuCtxGetDevice = first_device;
    older.cuDeviceGetAttribute = every_attribute_is_one;
    older.cuMemAllocManaged = allocate_managed;
    older.cuMemAdvise = advise;
    advised.device = CU_DEVICE_INVALID;
    fixture_share("a", "GPU-00000000-0000-0000-0000-00000000beef", MIB(10));
    CHECK(managed_allocate(&older, shares_card("GPU-00000000-0000-0000-0000-00000000beef"), &address, MIB(3)) == CUDA_SUCCESS);
    CHECK(address == MIB(7) && advised.address == MIB(7) && advised.bytes == MIB(3) && advised.device == 0);
    CHECK(advised.advice == CU_MEM_ADVISE_SET_PREFERRED_LOCATION);
}

static const struct test tests[] = {
    {"managed: what stands in for device memory on an oversubscribed card, and what does not", what_stands_in},
    {"managed: on other cards nothing is managed that the program did not ask for", nothing_else_is_managed},
    {"managed: two tenants have more than the card, and keep what they wrote", two_have_more_than_the_card},
    {"managed: what cannot be evicted is bounded, and leaves the rest of the share to what can", pinned_memory_is_bounded},
    {"managed: a card that is full in truth says so", the_drivers_own_refusal_is_passed_on},
    {"managed: a card that cannot evict refuses, and one line says why", cards_that_cannot_evict},
    {"managed: older drivers are advised too", older_drivers_are_advised_too},
    {"managed: a share beside it that is not oversubscribed makes all of the card device memory", a_share_beside_that_is_not},
};

int main(void)
{
    return RUN_TESTS(tests);
}
