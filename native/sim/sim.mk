# The simulated driver: $(SIM)/{libcuda.so.1,libnvidia-ml.so.1,nvidia-smi} and its tests. Included by native/Makefile.

CC ?= gcc
BUILD ?= ../build
SIM := $(BUILD)/sim

SIM_FLAGS := -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wconversion -Wno-sign-conversion -O2 -g -fPIC -fvisibility=hidden -pthread -Iinclude -Igenerated -Isim
SIM_ASAN_FLAGS := $(SIM_FLAGS) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
# -Bsymbolic: as in the real driver, what stands in front of a function never answers for the driver's own use of it.
SIM_LIBRARY_FLAGS := -shared -Wl,-Bsymbolic,-z,relro,-z,now,-z,nodelete,-z,noexecstack

SIM_HEADERS := $(wildcard sim/*.h include/*.h generated/*.h)
SIM_CARD_TIME_SOURCES := $(addprefix sim/,card_busy.c card_overlap.c card_queue.c card_streams.c card_time.c card_turns.c)
SIM_TIME_SOURCES := $(SIM_CARD_TIME_SOURCES) sim/time_file.c
SIM_CARD_SOURCES := sim/card.c sim/dev_folder.c sim/physical.c $(SIM_TIME_SOURCES)
SIM_CUDA_SOURCES := $(wildcard sim/cuda_*.c) sim/device_order.c sim/visible_devices.c $(SIM_CARD_SOURCES) \
	generated/sim_entries.c generated/sim_cuda_stubs.c
SIM_NVML_SOURCES := $(wildcard sim/nvml_*.c) sim/pids.c $(SIM_CARD_SOURCES) generated/sim_nvml_stubs.c

SIM_TESTS := $(patsubst sim/tests/test_%.c,%,$(wildcard sim/tests/test_*.c))
SIM_TEST_SOURCES := sim/tests/sim_test.c sim/tests/cuda_fixture.c sim/tests/nvml_fixture.c sim/tests/tenant.c sim/tests/time_fixture.c sim/tests/card_time_fixture.c $(sort $(SIM_CUDA_SOURCES) $(SIM_NVML_SOURCES))
SIM_TEST_OBJECTS := $(basename $(notdir $(SIM_TEST_SOURCES)))

.PHONY: sim sim-test sim-asan
sim: $(SIM)/libcuda.so.1 $(SIM)/libnvidia-ml.so.1 $(SIM)/nvidia-smi

$(SIM)/libcuda.so.1: $(SIM_CUDA_SOURCES) generated/libcuda.map $(SIM_HEADERS) | $(SIM)
	$(CC) $(SIM_FLAGS) $(SIM_LIBRARY_FLAGS) -Wl,-soname,libcuda.so.1,--version-script=generated/libcuda.map \
		-o $@ $(SIM_CUDA_SOURCES)

$(SIM)/libnvidia-ml.so.1: $(SIM_NVML_SOURCES) generated/libnvidia-ml.map $(SIM_HEADERS) | $(SIM)
	$(CC) $(SIM_FLAGS) $(SIM_LIBRARY_FLAGS) -Wl,-soname,libnvidia-ml.so.1,--version-script=generated/libnvidia-ml.map \
		-o $@ $(SIM_NVML_SOURCES)

# Finds NVML beside itself, as in a driver root, before the loader's own folders.
$(SIM)/nvidia-smi: sim/nvidia_smi.c sim/smi_nvml.c $(SIM_HEADERS) | $(SIM)
	$(CC) $(SIM_FLAGS) -fPIE -pie -Wl,--enable-new-dtags,-rpath,'$$ORIGIN/../lib/x86_64-linux-gnu:$$ORIGIN' \
		-o $@ sim/nvidia_smi.c sim/smi_nvml.c

SIM_TEST_HEADERS := $(wildcard sim/tests/*.h) $(SIM_HEADERS)
$(SIM)/tests/obj/%.o: %.c $(SIM_TEST_HEADERS) | $(SIM)/tests/obj
	$(CC) $(SIM_FLAGS) -c -o $@ $<
$(SIM)/asan/obj/%.o: %.c $(SIM_TEST_HEADERS) | $(SIM)/asan/obj
	$(CC) $(SIM_ASAN_FLAGS) -c -o $@ $<
vpath %.c sim sim/tests

$(SIM)/tests/%: sim/tests/test_%.c $(SIM_TEST_OBJECTS:%=$(SIM)/tests/obj/%.o)
	$(CC) $(SIM_FLAGS) -o $@ $(filter %.c %.o,$^)

$(SIM)/asan/%: sim/tests/test_%.c $(SIM_TEST_OBJECTS:%=$(SIM)/asan/obj/%.o)
	$(CC) $(SIM_ASAN_FLAGS) -o $@ $(filter %.c %.o,$^)

$(SIM) $(SIM)/tests $(SIM)/asan $(SIM)/tests/obj $(SIM)/asan/obj:
	mkdir -p $@

sim-test: $(SIM_TESTS:%=$(SIM)/tests/%)
	@for test in $^; do $$test || failed=1; done; exit $${failed:-0}

sim-asan: $(SIM_TESTS:%=$(SIM)/asan/%)
	@for test in $^; do $$test || failed=1; done; exit $${failed:-0}
