/* Memory of cuMemCreate: it lives, and is charged, until its last handle is released and its last mapping is gone. What is imported
 * from elsewhere is charged to nobody here: the exporter's share pays. Not here: the entry points (wrap_vmm.c). */
#ifndef HAMI_VMM_H
#define HAMI_VMM_H

#include "charge.h"

struct vmm_handle;
struct vmm_mapping;

/* Room to keep a charge by handle, before the driver is asked; NULL where there is none. It owns the charge then: */
struct vmm_handle *vmm_prepare(struct charge *charge);
void vmm_keep(struct vmm_handle *prepared, CUmemGenericAllocationHandle handle);
void vmm_cancel(struct vmm_handle *prepared);

/* Take a reference of a handle, before the driver releases it; NULL where the handle is not known. Then either is called. Until then the handle
 * stays known: another thread may yet map it. */
struct vmm_handle *vmm_take(CUmemGenericAllocationHandle handle);
void vmm_put_back(struct vmm_handle *taken);
void vmm_released(struct vmm_handle *taken);

/* The driver gave a further reference of what is mapped at an address, by this handle. */
void vmm_retained(CUmemGenericAllocationHandle handle, CUdeviceptr address);

/* Room to keep a mapping, before the driver is asked; NULL where the handle is not known, or there is none: then the memory stays charged. */
struct vmm_mapping *vmm_prepare_mapping(CUmemGenericAllocationHandle handle, uint64_t bytes);
void vmm_keep_mapping(struct vmm_mapping *prepared, CUdeviceptr address);
void vmm_cancel_mapping(struct vmm_mapping *prepared);

/* Take the mappings of a range, before the driver ends them; a list. Then either is called. Until then they stay known: another thread may yet
 * retain a handle by their address. */
struct vmm_mapping *vmm_take_mappings(CUdeviceptr address, uint64_t bytes);
void vmm_put_back_mappings(struct vmm_mapping *taken);
void vmm_unmapped(struct vmm_mapping *taken);

/* It is mapped where we cannot see for how long: it stays charged while this process lives. */
void vmm_pin(CUmemGenericAllocationHandle handle);

#endif
