/* Covers: the simulated CUDA driver as one program sees it: devices, contexts, fork, and the resolver. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../card.h"
#include "cuda_fixture.h"

static void calls_before_init_are_refused(void)
{
    int value;
    CUdevice device;
    CUdeviceptr address;
    CUcontext context;
    sim_write_card(0, 64, 0);
    CHECK(cuDeviceGetCount(&value) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuDeviceGet(&device, 0) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuCtxGetCurrent(&context) == CUDA_ERROR_NOT_INITIALIZED);
    OK(cuDriverGetVersion(&value));
    CHECK(value == 12040);
    CHECK(cuInit(1) == CUDA_ERROR_INVALID_VALUE);
}

static void without_cards_there_is_no_device(void)
{
    CHECK(cuInit(0) == CUDA_ERROR_NO_DEVICE);
    sim_write_card(3, 64, 0);
    OK(cuInit(0)); /* they may come later */
}

static void a_card_file_of_another_version_is_told(void)
{
    struct sim_card card;
    sim_write_card(0, 64, 0);
    CHECK(sim_card_map(&card, sim_test_folder(), 0));
    card.file->card.version++;
    CHECK(cuInit(0) == CUDA_ERROR_SYSTEM_DRIVER_MISMATCH);
}

static void devices_are_the_card_files_by_index(void)
{
    int count;
    size_t bytes;
    char text[32];
    CUuuid uuid;
    sim_write_card(12, 128, 0);
    sim_write_card(3, 64, 0);
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    CHECK(count == 2);
    OK(cuDeviceTotalMem_v2(&bytes, 0));
    CHECK(bytes == MIB(64));
    OK(cuDeviceTotalMem_v2(&bytes, 1));
    CHECK(bytes == MIB(128));
    OK(cuDeviceGetUuid(&uuid, 1));
    CHECK(!memcmp(uuid.bytes, "\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\xbe\xef", 16));
    OK(cuDeviceGetPCIBusId(text, sizeof text, 0));
    CHECK(!strcmp(text, "0000:13:00.0"));
    CHECK(cuDeviceGetPCIBusId(text, 12, 0) == CUDA_ERROR_INVALID_VALUE);
    OK(cuDeviceGetName(text, 5, 0));
    CHECK(!strcmp(text, "Test"));
    CHECK(cuDeviceTotalMem_v2(&bytes, 2) == CUDA_ERROR_INVALID_DEVICE);
    CHECK(cuDeviceTotalMem_v2(&bytes, -1) == CUDA_ERROR_INVALID_DEVICE);
}

static void attributes_are_those_of_the_card(void)
{
    int value;
    sim_write_card(0, 64, 0);
    OK(cuInit(0));
    OK(cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 0));
    CHECK(value == 8);
    OK(cuDeviceGetAttribute(&value, CU_DEVICE_ATTRIBUTE_PCI_BUS_ID, 0));
    CHECK(value == 0x10);
    OK(cuDeviceGetAttribute(&value, (CUdevice_attribute)115, 0)); /* memory pools: not simulated */
    CHECK(value == 0);
    CHECK(cuDeviceGetAttribute(&value, (CUdevice_attribute)0, 0) == CUDA_ERROR_INVALID_VALUE);
}

/* The UUIDs of the visible devices, as one string of their first bytes' last digits. */
static void check_visible(const char *list, const char *expected)
{
    int count = 0;
    char seen[8] = "";
    setenv("CUDA_VISIBLE_DEVICES", list, 1);
    CUresult result = cuInit(0);
    CHECK(result == (*expected ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE));
    if (result == CUDA_SUCCESS)
        OK(cuDeviceGetCount(&count));
    for (int i = 0; i < count; i++) {
        CUuuid uuid;
        OK(cuDeviceGetUuid(&uuid, i));
        seen[i] = (char)('0' + uuid.bytes[3]);
    }
    CHECK(!strcmp(seen, expected));
}

struct visible_case {
    const char *list, *expected;
};

static void check_visible_case(void *argument)
{
    const struct visible_case *one = argument;
    check_visible(one->list, one->expected);
}

static void visible_devices_choose_and_order(void)
{
    static struct visible_case cases[] = {
        {"1", "1"},
        {"2,0", "20"},
        {"", ""},
        {"-1", ""},
        {"0,9,1", "0"},
        {"0,x,1", "0"},
        {"1,1,2", "1"},
        {" 2, 1", "21"},
        {"GPU-00000001-0000-0000-0000-00000000beef,0", "10"},
        {"GPU-00000002,GPU-00000000", "20"},
        {"GPU-0", ""}, /* fits all of them */
        {"MIG-1,0", ""},
    };
    for (unsigned i = 0; i < 3; i++)
        sim_write_card(i, 64, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        sim_join(sim_start(check_visible_case, &cases[i]));
}

static void check_order(void *order)
{
    if (*(const char *)order)
        setenv("CUDA_DEVICE_ORDER", order, 1);
    check_visible("0,1,2", strcmp(order, "PCI_BUS_ID") == 0 ? "210" : "120");
}

/* 2, 1, 0 by their addresses; 1 is the fastest. */
static void the_fastest_device_is_the_first_unless_asked_by_address(void)
{
    sim_write_card_at(0, 56, "0000:30:00.0");
    sim_write_card_at(1, 108, "0000:20:00.0");
    sim_write_card_at(2, 56, "0000:10:00.0");
    sim_join(sim_start(check_order, ""));
    sim_join(sim_start(check_order, "FASTEST_FIRST"));
    sim_join(sim_start(check_order, "PCI_BUS_ID"));
}

static void contexts_cost_memory_per_process(void)
{
    CUcontext first, again, own;
    sim_write_card(0, 64, 10);
    OK(cuInit(0));
    CHECK(sim_physical_mib(0) == 0);
    OK(cuDevicePrimaryCtxRetain(&first, 0));
    OK(cuDevicePrimaryCtxRetain(&again, 0));
    CHECK(first == again);
    CHECK(sim_physical_mib(0) == 10);
    OK(cuCtxCreate_v2(&own, 0, 0));
    CHECK(sim_physical_mib(0) == 20);
    OK(cuCtxDestroy_v2(own));
    OK(cuDevicePrimaryCtxRelease_v2(0));
    CHECK(sim_physical_mib(0) == 10);
    OK(cuDevicePrimaryCtxRelease_v2(0));
    CHECK(sim_physical_mib(0) == 0);
    CHECK(cuDevicePrimaryCtxRelease_v2(0) == CUDA_ERROR_INVALID_CONTEXT);
}

static void a_context_that_does_not_fit_is_out_of_memory(void)
{
    CUcontext context;
    sim_write_card(0, 64, 40);
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    CHECK(cuCtxCreate_v2(&context, 0, 0) == CUDA_ERROR_OUT_OF_MEMORY);
}

static void a_destroyed_context_frees_its_memory_and_is_known_as_destroyed(void)
{
    CUdeviceptr address;
    CUcontext context = sim_start_with_context(64, 2), primary;
    OK(cuMemAlloc_v2(&address, MIB(10)));
    OK(cuMemAlloc_v2(&address, MIB(20)));
    OK(cuCtxPushCurrent_v2(context));
    OK(cuCtxDestroy_v2(context));
    CHECK(sim_physical_mib(0) == 0);
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_CONTEXT_IS_DESTROYED); /* the second entry of the stack */
    CHECK(cuCtxSetCurrent(context) == CUDA_ERROR_CONTEXT_IS_DESTROYED);
    CHECK(cuCtxDestroy_v2((CUcontext)(uintptr_t)0x1234) == CUDA_ERROR_INVALID_CONTEXT);
    OK(cuDevicePrimaryCtxRetain(&primary, 0));
    CHECK(cuCtxDestroy_v2(primary) == CUDA_ERROR_INVALID_CONTEXT);
}

static void current_contexts_are_a_stack(void)
{
    CUcontext first = sim_start_with_context(64, 0), second, seen;
    CUdevice device = 9;
    OK(cuCtxCreate_v2(&second, 0, 0));
    OK(cuCtxGetCurrent(&seen));
    CHECK(seen == second);
    OK(cuCtxPopCurrent_v2(&seen));
    CHECK(seen == second);
    OK(cuCtxGetCurrent(&seen));
    CHECK(seen == first);
    OK(cuCtxSetCurrent(second));
    OK(cuCtxPopCurrent_v2(&seen));
    CHECK(seen == second);
    CHECK(cuCtxPopCurrent_v2(&seen) == CUDA_ERROR_INVALID_CONTEXT);
    CHECK(cuCtxGetDevice(&device) == CUDA_ERROR_INVALID_CONTEXT);
    OK(cuCtxPushCurrent_v2(first));
    OK(cuCtxGetDevice(&device));
    CHECK(device == 0);
    OK(cuCtxSynchronize());
    OK(cuCtxSetCurrent(NULL));
    OK(cuCtxGetCurrent(&seen));
    CHECK(seen == NULL);
}

static void *allocate_in_thread(void *context)
{
    CUdeviceptr address;
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_INVALID_CONTEXT); /* each thread has its own stack */
    OK(cuCtxSetCurrent(context));
    for (unsigned i = 0; i < 200; i++) {
        OK(cuMemAlloc_v2(&address, MIB(2)));
        OK(cuMemFree_v2(address));
    }
    return NULL;
}

static void threads_share_the_context_and_its_memory(void)
{
    pthread_t threads[4];
    CUcontext context = sim_start_with_context(64, 0);
    for (unsigned i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, allocate_in_thread, context) == 0);
    for (unsigned i = 0; i < 4; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(sim_physical_mib(0) == 0);
}

static void use_in_child(void *unused)
{
    CUdeviceptr address;
    int count;
    (void)unused;
    CHECK(cuMemAlloc_v2(&address, 1) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuDeviceGetCount(&count) == CUDA_ERROR_NOT_INITIALIZED);
    CHECK(cuInit(0) == CUDA_ERROR_NOT_INITIALIZED);
}

static void a_forked_child_has_no_driver_and_takes_nothing_along(void)
{
    CUdeviceptr address;
    sim_start_with_context(64, 0);
    OK(cuMemAlloc_v2(&address, MIB(8)));
    sim_join(sim_start(use_in_child, NULL));
    CHECK(sim_physical_mib(0) == 8);
    OK(cuMemFree_v2(address));
}

static void init_and_allocate(void *unused)
{
    CUdeviceptr address;
    CUcontext context;
    (void)unused;
    OK(cuInit(0));
    OK(cuCtxCreate_v2(&context, 0, 0));
    OK(cuMemAlloc_v2(&address, MIB(40)));
    CHECK(cuMemAlloc_v2(&address, MIB(40)) == CUDA_ERROR_OUT_OF_MEMORY);
}

static void a_process_that_ends_without_freeing_leaves_nothing(void)
{
    sim_write_card(0, 64, 2);
    for (unsigned i = 0; i < 3; i++)
        sim_join(sim_start(init_and_allocate, NULL));
    CHECK(sim_physical_mib(0) == 0);
}

static void *resolved(const char *name, int version, cuuint64_t flags)
{
    void *function = &function;
    CUdriverProcAddressQueryResult status;
    OK(cuGetProcAddress_v2(name, &function, version, flags, &status));
    CHECK((function == NULL) == (status != CU_GET_PROC_ADDRESS_SUCCESS));
    return function;
}

static void the_resolver_answers_by_version_and_flags(void)
{
    void *function;
    CUdriverProcAddressQueryResult status;
    sim_write_card(0, 64, 0);
    CHECK(resolved("cuMemAlloc", 12000, 0) == (void *)cuMemAlloc_v2);
    CHECK(resolved("cuMemAlloc", 3010, 0) != NULL && resolved("cuMemAlloc", 3010, 0) != (void *)cuMemAlloc_v2);
    CHECK(resolved("cuDeviceGetUuid", 11030, 0) == (void *)cuDeviceGetUuid);
    CHECK(resolved("cuDeviceGetUuid", 11040, 0) == (void *)cuDeviceGetUuid_v2);
    CHECK(resolved("cuGetProcAddress", 11030, 0) == (void *)cuGetProcAddress);
    CHECK(resolved("cuGetProcAddress", 12000, 0) == (void *)cuGetProcAddress_v2);
    CHECK(resolved("cuMemcpyHtoD", 12000, CU_GET_PROC_ADDRESS_LEGACY_STREAM) == (void *)cuMemcpyHtoD_v2);
    CHECK(resolved("cuMemcpyHtoD", 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) == (void *)cuMemcpyHtoD_v2_ptds);
    OK(cuGetProcAddress_v2("cuMemAlloc", &function, 1000, 0, &status));
    CHECK(!function && status == CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);
    OK(cuGetProcAddress_v2("", &function, 0, 0, &status));
    CHECK(!function && status == CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND);
    CHECK(cuGetProcAddress("cuNoSuchThing", &function, 12000, 0) == CUDA_ERROR_NOT_FOUND);
    CHECK(!function);
    CHECK(cuGetProcAddress("cuInit", &function, 12050, 0) == CUDA_ERROR_INVALID_VALUE); /* newer than the driver */
    CHECK(cuGetProcAddress("cuInit", &function, 12000, 3) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuGetProcAddress(NULL, &function, 12000, 0) == CUDA_ERROR_INVALID_VALUE);
    OK(cuGetProcAddress("cuInit", &function, 12000, 0));
    CHECK(function == (void *)cuInit);
}

static void a_kernel_is_launched_in_any_kind_of_context(void)
{
    CUcontext context;
    CUmodule module;
    CUfunction function;
    sim_start_with_context(64, 0);
    OK(cuCtxCreate_v3(&context, NULL, 0, 0, 0));
    OK(cuCtxCreate_v4(&context, NULL, 0, 0));
    CHECK(cuCtxCreate_v3(&context, NULL, 1, 0, 0) == CUDA_ERROR_NOT_SUPPORTED);
    OK(cuModuleLoadData(&module, ""));
    OK(cuModuleGetFunction(&function, module, "add"));
    OK(cuLaunchKernel(function, 80, 1, 1, 256, 1, 1, 0, NULL, NULL, NULL));
    OK(cuLaunchKernel_ptsz(function, 1, 1, 1, 1024, 1, 1, 0, NULL, NULL, NULL));
    CHECK(cuLaunchKernel(function, 0, 1, 1, 256, 1, 1, 0, NULL, NULL, NULL) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuLaunchKernel(function, 1, 1, 1, 1024, 2, 1, 0, NULL, NULL, NULL) == CUDA_ERROR_INVALID_VALUE);
    CHECK(cuModuleGetFunction(&function, (CUmodule)&module, "add") == CUDA_ERROR_INVALID_HANDLE);
    OK(cuModuleUnload(module));
    CHECK(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(cuModuleUnload(module) == CUDA_ERROR_INVALID_HANDLE);
    CHECK(cuModuleLoadData(&module, NULL) == CUDA_ERROR_INVALID_VALUE);
}

static void what_is_known_by_name_alone_is_not_supported(void)
{
    CUresult (*function)(void);
    *(void **)&function = resolved("cuGraphCreate", 12000, 0);
    CHECK(function() == CUDA_ERROR_NOT_SUPPORTED);
    CHECK(resolved("cuGraphLaunch", 12000, 0) != resolved("cuGraphLaunch", 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM));
    CHECK(resolved("cuGraphCreate", 12000, 0) != resolved("cuGraphLaunch", 12000, 0));
}

static void results_have_names(void)
{
    const char *text;
    OK(cuGetErrorName(CUDA_ERROR_OUT_OF_MEMORY, &text));
    CHECK(!strcmp(text, "CUDA_ERROR_OUT_OF_MEMORY"));
    OK(cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, &text));
    CHECK(!strcmp(text, "out of memory"));
    CHECK(cuGetErrorName((CUresult)12345, &text) == CUDA_ERROR_INVALID_VALUE && !text);
}

int main(void)
{
    static const struct sim_test tests[] = {
        {"calls before cuInit are refused", calls_before_init_are_refused},
        {"without cards there is no device", without_cards_there_is_no_device},
        {"a card file of another version is told", a_card_file_of_another_version_is_told},
        {"devices are the card files by index", devices_are_the_card_files_by_index},
        {"attributes are those of the card", attributes_are_those_of_the_card},
        {"CUDA_VISIBLE_DEVICES chooses and orders", visible_devices_choose_and_order},
        {"the fastest device is the first, unless they are asked for by address",
         the_fastest_device_is_the_first_unless_asked_by_address},
        {"contexts cost memory per process", contexts_cost_memory_per_process},
        {"a context that does not fit is out of memory", a_context_that_does_not_fit_is_out_of_memory},
        {"a destroyed context frees its memory and is known as destroyed",
         a_destroyed_context_frees_its_memory_and_is_known_as_destroyed},
        {"current contexts are a stack", current_contexts_are_a_stack},
        {"threads share the context and its memory", threads_share_the_context_and_its_memory},
        {"a forked child has no driver and takes nothing along", a_forked_child_has_no_driver_and_takes_nothing_along},
        {"a process that ends without freeing leaves nothing", a_process_that_ends_without_freeing_leaves_nothing},
        {"the resolver answers by version and flags", the_resolver_answers_by_version_and_flags},
        {"a kernel is launched in any kind of context, with a valid shape", a_kernel_is_launched_in_any_kind_of_context},
        {"what is known by name alone is not supported", what_is_known_by_name_alone_is_not_supported},
        {"results have names", results_have_names},
    };
    return sim_run_tests(tests, sizeof tests / sizeof *tests);
}
