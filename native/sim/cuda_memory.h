/* Device memory of this process: addresses, and what each took of the card. Not here: whether the card has it (physical.h). */
#ifndef HAMI_SIM_CUDA_MEMORY_H
#define HAMI_SIM_CUDA_MEMORY_H

#include "cuda_context.h"

/* Whose memory an allocation is: told when it is freed, and then, if a stream has yet to come to that, once more. */
struct sim_owner {
    void (*freed)(struct sim_owner *owner, uint64_t bytes);
    void (*pending)(struct sim_owner *owner, uint64_t bytes); /* NULL: it makes no difference */
};

/* Give a device address to memory that its owner took of the card. Between sim_enter_context and sim_leave. */
CUresult sim_memory_place(struct sim_context *context, uint64_t bytes, struct sim_owner *owner, CUdeviceptr *address);

/* The same, at an address that was reserved for it. */
CUresult sim_memory_place_at(struct sim_context *context, CUdeviceptr address, uint64_t bytes, struct sim_owner *owner);

/* Whether an allocation begins there. */
bool sim_memory_is_allocated(CUdeviceptr address);

/* Whether the allocation around an address is managed memory, and in which context it was made; NULL where there is none. */
bool sim_memory_is_managed(CUdeviceptr address);
const struct sim_context *sim_memory_context(CUdeviceptr address);

/* Where the program wants a range of managed memory to lie, to be read or changed; NULL where the range is not in one. */
CUdevice *sim_memory_preferred(CUdeviceptr address, uint64_t bytes);
/* Where the content of a device range is in this process, until it is freed. CUDA_ERROR_INVALID_VALUE where there is no such memory. */
CUresult sim_memory_content(CUdeviceptr address, size_t bytes, unsigned char **content);

/* Free memory by its address; false where nothing begins there. */
bool sim_memory_free(CUdeviceptr address);

/* The same in the order of a stream. */
bool sim_memory_free_in_stream(CUdeviceptr address);

/* A device address that is given once, for so many bytes; 0 where there is none left. */
CUdeviceptr sim_memory_reserve(uint64_t bytes);

/* Free all that a context allocated. Between sim_enter and sim_leave. */
void sim_memory_free_all(struct sim_context *context);

#endif
