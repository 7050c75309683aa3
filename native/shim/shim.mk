# The shims: files that stand in a container where the driver's libcuda and libnvidia-ml stood. They have the driver's sonames and no code:
# the loader is told to take the interceptor's functions first, and behind them the driver's own, whichever this driver has.
# Both by absolute path, so that nothing the tenant sets can change them, and to load either way fails where one is missing.
# Included by native/Makefile.

# $(call shim,<soname>,<interceptor>,<driver's own file>): a library is needed by the soname that it was linked with, so two stand-ins
# with those names are linked and thrown away.
EMPTY_LIBRARY := -shared -nostdlib -x c /dev/null -x none
define shim
	mkdir -p $@.parts
	$(CC) $(EMPTY_LIBRARY) -Wl,-soname,$2 -o $@.parts/interceptor.so
	$(CC) $(EMPTY_LIBRARY) -Wl,-soname,$3 -o $@.parts/driver.so
	$(CC) $(EMPTY_LIBRARY) -Wl,-soname,$1,--no-as-needed,-z,relro,-z,now,-z,nodelete,-z,noexecstack,--build-id=none \
		-o $@ $@.parts/interceptor.so $@.parts/driver.so
	rm -r $@.parts
endef

.PHONY: shims
shims: $(BUILD)/libvgpu-cuda.so $(BUILD)/libvgpu-nvml.so

$(BUILD)/libvgpu-cuda.so: shim/shim.mk | $(BUILD)
	$(call shim,libcuda.so.1,/run/hami.io/lib/libvgpu.so,/run/hami.io/driver/libcuda.so.1)
$(BUILD)/libvgpu-nvml.so: shim/shim.mk | $(BUILD)
	$(call shim,libnvidia-ml.so.1,/run/hami.io/lib/libvgpu.so,/run/hami.io/driver/libnvidia-ml.so.1)

# As the tests have them: before the simulated driver, and the interceptor that was built with the test. `old` and `future` are before
# drivers unlike it; `itself` is before a hard link to itself.
HERE := $(abspath $(BUILD))
$(BUILD)/%/shim/libcuda.so.1: shim/shim.mk
	mkdir -p $(@D)
	$(call shim,$(@F),$(HERE)/$*/libvgpu.so,$(HERE)/sim/$(@F))
$(BUILD)/%/shim/libnvidia-ml.so.1: shim/shim.mk
	mkdir -p $(@D)
	$(call shim,$(@F),$(HERE)/$*/libvgpu.so,$(HERE)/sim/$(@F))
$(BUILD)/%/shim-old/libcuda.so.1: shim/shim.mk
	mkdir -p $(@D)
	$(call shim,$(@F),$(HERE)/$*/libvgpu.so,$(HERE)/test/drivers/old/$(@F))
$(BUILD)/%/shim-future/libcuda.so.1: shim/shim.mk
	mkdir -p $(@D)
	$(call shim,$(@F),$(HERE)/$*/libvgpu.so,$(HERE)/test/drivers/future/$(@F))
$(BUILD)/%/shim-itself/libcuda.so.1: shim/shim.mk
	mkdir -p $(@D)/driver
	$(call shim,$(@F),$(HERE)/$*/libvgpu.so,$(HERE)/$*/shim-itself/driver/$(@F))
	ln -f $@ $(@D)/driver/$(@F)

# All of them, for the build folder `test` or `asan`.
shims_of = $(foreach folder,shim shim-old shim-future shim-itself,$(BUILD)/$1/$(folder)/libcuda.so.1) $(BUILD)/$1/shim/libnvidia-ml.so.1
