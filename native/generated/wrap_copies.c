/* The entry points of copies and memsets, `copy` of the manifest.
 * Generated from native/manifest/cuda.def and copies.def by `python -m native.generator`; do not edit. */
#include "copies.h"
#include "resolve.h"

__attribute__((noinline)) static CUresult charged_cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy(target, source, bytes) : charged_cuMemcpy(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy_ptds(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy_ptds(target, source, bytes) : charged_cuMemcpy_ptds(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAsync(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAsync(target, source, bytes, stream) : charged_cuMemcpyAsync(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyAsync_ptsz(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAsync_ptsz(target, source, bytes, stream) : charged_cuMemcpyAsync_ptsz(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyPeer(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_between_cards(target_context, source_context, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyPeer(target, target_context, source, source_context, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyPeer(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyPeer(target, target_context, source, source_context, bytes) : charged_cuMemcpyPeer(target, target_context, source, source_context, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyPeer_ptds(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_between_cards(target_context, source_context, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyPeer_ptds(target, target_context, source, source_context, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyPeer_ptds(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyPeer_ptds(target, target_context, source, source_context, bytes) : charged_cuMemcpyPeer_ptds(target, target_context, source, source_context, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_between_cards(target_context, source_context, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyPeerAsync(target, target_context, source, source_context, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyPeerAsync(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyPeerAsync(target, target_context, source, source_context, bytes, stream) : charged_cuMemcpyPeerAsync(target, target_context, source, source_context, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyPeerAsync_ptsz(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_between_cards(target_context, source_context, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyPeerAsync_ptsz(target, target_context, source, source_context, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyPeerAsync_ptsz(CUdeviceptr target, CUcontext target_context, CUdeviceptr source, CUcontext source_context, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyPeerAsync_ptsz(target, target_context, source, source_context, bytes, stream) : charged_cuMemcpyPeerAsync_ptsz(target, target_context, source, source_context, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoD(CUdeviceptr_v1 target, const void *source, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoD(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoD(CUdeviceptr_v1 target, const void *source, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoD(target, source, bytes) : charged_cuMemcpyHtoD(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoD_v2(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoD_v2(CUdeviceptr target, const void *source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoD_v2(target, source, bytes) : charged_cuMemcpyHtoD_v2(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyHtoD_v2_ptds(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoD_v2_ptds(CUdeviceptr target, const void *source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoD_v2_ptds(target, source, bytes) : charged_cuMemcpyHtoD_v2_ptds(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoDAsync(CUdeviceptr_v1 target, const void *source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoDAsync(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoDAsync(CUdeviceptr_v1 target, const void *source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoDAsync(target, source, bytes, stream) : charged_cuMemcpyHtoDAsync(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoDAsync_v2(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoDAsync_v2(target, source, bytes, stream) : charged_cuMemcpyHtoDAsync_v2(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoDAsync_v2_ptsz(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyHtoDAsync_v2_ptsz(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoDAsync_v2_ptsz(CUdeviceptr target, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoDAsync_v2_ptsz(target, source, bytes, stream) : charged_cuMemcpyHtoDAsync_v2_ptsz(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoH(void *target, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoH(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoH(void *target, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoH(target, source, bytes) : charged_cuMemcpyDtoH(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoH_v2(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoH_v2(void *target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoH_v2(target, source, bytes) : charged_cuMemcpyDtoH_v2(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyDtoH_v2_ptds(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoH_v2_ptds(void *target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoH_v2_ptds(target, source, bytes) : charged_cuMemcpyDtoH_v2_ptds(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoHAsync(void *target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoHAsync(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoHAsync(void *target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoHAsync(target, source, bytes, stream) : charged_cuMemcpyDtoHAsync(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoHAsync_v2(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoHAsync_v2(target, source, bytes, stream) : charged_cuMemcpyDtoHAsync_v2(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoHAsync_v2_ptsz(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyDtoHAsync_v2_ptsz(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoHAsync_v2_ptsz(void *target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoHAsync_v2_ptsz(target, source, bytes, stream) : charged_cuMemcpyDtoHAsync_v2_ptsz(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoD(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoD(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoD(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoD(target, source, bytes) : charged_cuMemcpyDtoD(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoD_v2(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoD_v2(target, source, bytes) : charged_cuMemcpyDtoD_v2(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyDtoD_v2_ptds(target, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoD_v2_ptds(CUdeviceptr target, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoD_v2_ptds(target, source, bytes) : charged_cuMemcpyDtoD_v2_ptds(target, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoDAsync(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoDAsync(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoDAsync(CUdeviceptr_v1 target, CUdeviceptr_v1 source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoDAsync(target, source, bytes, stream) : charged_cuMemcpyDtoDAsync(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoDAsync_v2(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoDAsync_v2(target, source, bytes, stream) : charged_cuMemcpyDtoDAsync_v2(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoDAsync_v2_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyDtoDAsync_v2_ptsz(target, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoDAsync_v2_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoDAsync_v2_ptsz(target, source, bytes, stream) : charged_cuMemcpyDtoDAsync_v2_ptsz(target, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoA(CUarray target, unsigned int offset, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoA(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoA(CUarray target, unsigned int offset, CUdeviceptr_v1 source, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoA(target, offset, source, bytes) : charged_cuMemcpyDtoA(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoA_v2(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyDtoA_v2(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoA_v2(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoA_v2(target, offset, source, bytes) : charged_cuMemcpyDtoA_v2(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyDtoA_v2_ptds(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyDtoA_v2_ptds(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyDtoA_v2_ptds(CUarray target, size_t offset, CUdeviceptr source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyDtoA_v2_ptds(target, offset, source, bytes) : charged_cuMemcpyDtoA_v2_ptds(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoD(CUdeviceptr_v1 target, CUarray source, unsigned int offset, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoD(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoD(CUdeviceptr_v1 target, CUarray source, unsigned int offset, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoD(target, source, offset, bytes) : charged_cuMemcpyAtoD(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoD_v2(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoD_v2(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoD_v2(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoD_v2(target, source, offset, bytes) : charged_cuMemcpyAtoD_v2(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoD_v2_ptds(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyAtoD_v2_ptds(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoD_v2_ptds(CUdeviceptr target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoD_v2_ptds(target, source, offset, bytes) : charged_cuMemcpyAtoD_v2_ptds(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoA(CUarray target, unsigned int offset, const void *source, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoA(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoA(CUarray target, unsigned int offset, const void *source, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoA(target, offset, source, bytes) : charged_cuMemcpyHtoA(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoA_v2(CUarray target, size_t offset, const void *source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoA_v2(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoA_v2(CUarray target, size_t offset, const void *source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoA_v2(target, offset, source, bytes) : charged_cuMemcpyHtoA_v2(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoA_v2_ptds(CUarray target, size_t offset, const void *source, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyHtoA_v2_ptds(target, offset, source, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoA_v2_ptds(CUarray target, size_t offset, const void *source, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoA_v2_ptds(target, offset, source, bytes) : charged_cuMemcpyHtoA_v2_ptds(target, offset, source, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoAAsync(CUarray target, unsigned int offset, const void *source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoAAsync(target, offset, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoAAsync(CUarray target, unsigned int offset, const void *source, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoAAsync(target, offset, source, bytes, stream) : charged_cuMemcpyHtoAAsync(target, offset, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoAAsync_v2(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyHtoAAsync_v2(target, offset, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoAAsync_v2(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoAAsync_v2(target, offset, source, bytes, stream) : charged_cuMemcpyHtoAAsync_v2(target, offset, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyHtoAAsync_v2_ptsz(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_TO_CARD, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyHtoAAsync_v2_ptsz(target, offset, source, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyHtoAAsync_v2_ptsz(CUarray target, size_t offset, const void *source, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyHtoAAsync_v2_ptsz(target, offset, source, bytes, stream) : charged_cuMemcpyHtoAAsync_v2_ptsz(target, offset, source, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoH(void *target, CUarray source, unsigned int offset, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoH(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoH(void *target, CUarray source, unsigned int offset, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoH(target, source, offset, bytes) : charged_cuMemcpyAtoH(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoH_v2(void *target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoH_v2(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoH_v2(void *target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoH_v2(target, source, offset, bytes) : charged_cuMemcpyAtoH_v2(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoH_v2_ptds(void *target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyAtoH_v2_ptds(target, source, offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoH_v2_ptds(void *target, CUarray source, size_t offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoH_v2_ptds(target, source, offset, bytes) : charged_cuMemcpyAtoH_v2_ptds(target, source, offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoHAsync(void *target, CUarray source, unsigned int offset, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoHAsync(target, source, offset, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoHAsync(void *target, CUarray source, unsigned int offset, unsigned int bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoHAsync(target, source, offset, bytes, stream) : charged_cuMemcpyAtoHAsync(target, source, offset, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoHAsync_v2(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoHAsync_v2(target, source, offset, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoHAsync_v2(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoHAsync_v2(target, source, offset, bytes, stream) : charged_cuMemcpyAtoHAsync_v2(target, source, offset, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoHAsync_v2_ptsz(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_FROM_CARD, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyAtoHAsync_v2_ptsz(target, source, offset, bytes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoHAsync_v2_ptsz(void *target, CUarray source, size_t offset, size_t bytes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoHAsync_v2_ptsz(target, source, offset, bytes, stream) : charged_cuMemcpyAtoHAsync_v2_ptsz(target, source, offset, bytes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoA(CUarray target, unsigned int target_offset, CUarray source, unsigned int source_offset, unsigned int bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoA(target, target_offset, source, source_offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoA(CUarray target, unsigned int target_offset, CUarray source, unsigned int source_offset, unsigned int bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoA(target, target_offset, source, source_offset, bytes) : charged_cuMemcpyAtoA(target, target_offset, source, source_offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoA_v2(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyAtoA_v2(target, target_offset, source, source_offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoA_v2(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoA_v2(target, target_offset, source, source_offset, bytes) : charged_cuMemcpyAtoA_v2(target, target_offset, source, source_offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyAtoA_v2_ptds(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_ON_CARD, bytes), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyAtoA_v2_ptds(target, target_offset, source, source_offset, bytes);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyAtoA_v2_ptds(CUarray target, size_t target_offset, CUarray source, size_t source_offset, size_t bytes)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyAtoA_v2_ptds(target, target_offset, source, source_offset, bytes) : charged_cuMemcpyAtoA_v2_ptds(target, target_offset, source, source_offset, bytes);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2D(const CUDA_MEMCPY2D_v1 *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d_v1(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2D(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2D(const CUDA_MEMCPY2D_v1 *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2D(copy) : charged_cuMemcpy2D(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2D_v2(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2D_v2(copy) : charged_cuMemcpy2D_v2(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2D_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy2D_v2_ptds(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2D_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2D_v2_ptds(copy) : charged_cuMemcpy2D_v2_ptds(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DUnaligned(const CUDA_MEMCPY2D_v1 *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d_v1(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2DUnaligned(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DUnaligned(const CUDA_MEMCPY2D_v1 *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DUnaligned(copy) : charged_cuMemcpy2DUnaligned(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2DUnaligned_v2(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DUnaligned_v2(copy) : charged_cuMemcpy2DUnaligned_v2(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DUnaligned_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy2DUnaligned_v2_ptds(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DUnaligned_v2_ptds(const CUDA_MEMCPY2D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DUnaligned_v2_ptds(copy) : charged_cuMemcpy2DUnaligned_v2_ptds(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DAsync(const CUDA_MEMCPY2D_v1 *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d_v1(real, copy), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2DAsync(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DAsync(const CUDA_MEMCPY2D_v1 *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DAsync(copy, stream) : charged_cuMemcpy2DAsync(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy2DAsync_v2(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DAsync_v2(copy, stream) : charged_cuMemcpy2DAsync_v2(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy2DAsync_v2_ptsz(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_2d(real, copy), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy2DAsync_v2_ptsz(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy2DAsync_v2_ptsz(const CUDA_MEMCPY2D *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy2DAsync_v2_ptsz(copy, stream) : charged_cuMemcpy2DAsync_v2_ptsz(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3D(const CUDA_MEMCPY3D_v1 *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_v1(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3D(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3D(const CUDA_MEMCPY3D_v1 *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3D(copy) : charged_cuMemcpy3D(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3D_v2(const CUDA_MEMCPY3D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3D_v2(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3D_v2(const CUDA_MEMCPY3D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3D_v2(copy) : charged_cuMemcpy3D_v2(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3D_v2_ptds(const CUDA_MEMCPY3D *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d(real, copy), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3D_v2_ptds(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3D_v2_ptds(const CUDA_MEMCPY3D *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3D_v2_ptds(copy) : charged_cuMemcpy3D_v2_ptds(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DAsync(const CUDA_MEMCPY3D_v1 *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_v1(real, copy), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DAsync(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DAsync(const CUDA_MEMCPY3D_v1 *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DAsync(copy, stream) : charged_cuMemcpy3DAsync(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d(real, copy), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DAsync_v2(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DAsync_v2(copy, stream) : charged_cuMemcpy3DAsync_v2(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DAsync_v2_ptsz(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d(real, copy), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DAsync_v2_ptsz(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DAsync_v2_ptsz(const CUDA_MEMCPY3D *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DAsync_v2_ptsz(copy, stream) : charged_cuMemcpy3DAsync_v2_ptsz(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_between_cards(real, copy), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DPeer(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DPeer(copy) : charged_cuMemcpy3DPeer(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DPeer_ptds(const CUDA_MEMCPY3D_PEER *copy)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_between_cards(real, copy), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DPeer_ptds(copy);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DPeer_ptds(const CUDA_MEMCPY3D_PEER *copy)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DPeer_ptds(copy) : charged_cuMemcpy3DPeer_ptds(copy);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_between_cards(real, copy), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DPeerAsync(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DPeerAsync(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DPeerAsync(copy, stream) : charged_cuMemcpy3DPeerAsync(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DPeerAsync_ptsz(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_between_cards(real, copy), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DPeerAsync_ptsz(copy, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DPeerAsync_ptsz(const CUDA_MEMCPY3D_PEER *copy, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DPeerAsync_ptsz(copy, stream) : charged_cuMemcpy3DPeerAsync_ptsz(copy, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyBatchAsync(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_batch(real, targets, sources, sizes, count), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyBatchAsync(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyBatchAsync(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyBatchAsync(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream) : charged_cuMemcpyBatchAsync(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyBatchAsync_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_batch(real, targets, sources, sizes, count), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyBatchAsync_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyBatchAsync_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, size_t *failed, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyBatchAsync_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream) : charged_cuMemcpyBatchAsync_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, failed, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyBatchAsync_v2(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_batch(real, targets, sources, sizes, count), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyBatchAsync_v2(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyBatchAsync_v2(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyBatchAsync_v2(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream) : charged_cuMemcpyBatchAsync_v2(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyBatchAsync_v2_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_batch(real, targets, sources, sizes, count), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyBatchAsync_v2_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyBatchAsync_v2_ptsz(CUdeviceptr *targets, CUdeviceptr *sources, size_t *sizes, size_t count, CUmemcpyAttributes *attributes, size_t *attribute_places, size_t attribute_count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyBatchAsync_v2_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream) : charged_cuMemcpyBatchAsync_v2_ptsz(targets, sources, sizes, count, attributes, attribute_places, attribute_count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copies, count), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DBatchAsync(count, copies, failed, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DBatchAsync(count, copies, failed, flags, stream) : charged_cuMemcpy3DBatchAsync(count, copies, failed, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DBatchAsync_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copies, count), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DBatchAsync_ptsz(count, copies, failed, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DBatchAsync_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, size_t *failed, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DBatchAsync_ptsz(count, copies, failed, flags, stream) : charged_cuMemcpy3DBatchAsync_ptsz(count, copies, failed, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DBatchAsync_v2(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copies, count), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DBatchAsync_v2(count, copies, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DBatchAsync_v2(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DBatchAsync_v2(count, copies, flags, stream) : charged_cuMemcpy3DBatchAsync_v2(count, copies, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DBatchAsync_v2_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copies, count), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DBatchAsync_v2_ptsz(count, copies, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DBatchAsync_v2_ptsz(size_t count, CUDA_MEMCPY3D_BATCH_OP *copies, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DBatchAsync_v2_ptsz(count, copies, flags, stream) : charged_cuMemcpy3DBatchAsync_v2_ptsz(count, copies, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyWithAttributesAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpyWithAttributesAsync(target, source, bytes, attributes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyWithAttributesAsync(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyWithAttributesAsync(target, source, bytes, attributes, stream) : charged_cuMemcpyWithAttributesAsync(target, source, bytes, attributes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpyWithAttributesAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_anywhere(real, target, source, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpyWithAttributesAsync_ptsz(target, source, bytes, attributes, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpyWithAttributesAsync_ptsz(CUdeviceptr target, CUdeviceptr source, size_t bytes, CUmemcpyAttributes *attributes, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpyWithAttributesAsync_ptsz(target, source, bytes, attributes, stream) : charged_cuMemcpyWithAttributesAsync_ptsz(target, source, bytes, attributes, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DWithAttributesAsync(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copy, 1), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemcpy3DWithAttributesAsync(copy, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DWithAttributesAsync(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DWithAttributesAsync(copy, flags, stream) : charged_cuMemcpy3DWithAttributesAsync(copy, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemcpy3DWithAttributesAsync_ptsz(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_3d_batch(copy, 1), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemcpy3DWithAttributesAsync_ptsz(copy, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemcpy3DWithAttributesAsync_ptsz(CUDA_MEMCPY3D_BATCH_OP *copy, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemcpy3DWithAttributesAsync_ptsz(copy, flags, stream) : charged_cuMemcpy3DWithAttributesAsync_ptsz(copy, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD8(CUdeviceptr_v1 target, unsigned char value, unsigned int count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, count), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD8(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD8(CUdeviceptr_v1 target, unsigned char value, unsigned int count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD8(target, value, count) : charged_cuMemsetD8(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, count), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD8_v2(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD8_v2(CUdeviceptr target, unsigned char value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD8_v2(target, value, count) : charged_cuMemsetD8_v2(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, count), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD8_v2_ptds(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD8_v2_ptds(CUdeviceptr target, unsigned char value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD8_v2_ptds(target, value, count) : charged_cuMemsetD8_v2_ptds(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, count), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD8Async(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD8Async(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD8Async(target, value, count, stream) : charged_cuMemsetD8Async(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD8Async_ptsz(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, count), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD8Async_ptsz(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD8Async_ptsz(CUdeviceptr target, unsigned char value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD8Async_ptsz(target, value, count, stream) : charged_cuMemsetD8Async_ptsz(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D8(CUdeviceptr_v1 target, unsigned int pitch, unsigned char value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(width, height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D8(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D8(CUdeviceptr_v1 target, unsigned int pitch, unsigned char value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D8(target, pitch, value, width, height) : charged_cuMemsetD2D8(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D8_v2(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(width, height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D8_v2(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D8_v2(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D8_v2(target, pitch, value, width, height) : charged_cuMemsetD2D8_v2(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D8_v2_ptds(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(width, height)), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D8_v2_ptds(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D8_v2_ptds(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D8_v2_ptds(target, pitch, value, width, height) : charged_cuMemsetD2D8_v2_ptds(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D8Async(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(width, height)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D8Async(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D8Async(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D8Async(target, pitch, value, width, height, stream) : charged_cuMemsetD2D8Async(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D8Async_ptsz(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(width, height)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D8Async_ptsz(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D8Async_ptsz(CUdeviceptr target, size_t pitch, unsigned char value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D8Async_ptsz(target, pitch, value, width, height, stream) : charged_cuMemsetD2D8Async_ptsz(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD16(CUdeviceptr_v1 target, unsigned short value, unsigned int count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 2)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD16(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD16(CUdeviceptr_v1 target, unsigned short value, unsigned int count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD16(target, value, count) : charged_cuMemsetD16(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 2)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD16_v2(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD16_v2(CUdeviceptr target, unsigned short value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD16_v2(target, value, count) : charged_cuMemsetD16_v2(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD16_v2_ptds(CUdeviceptr target, unsigned short value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 2)), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD16_v2_ptds(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD16_v2_ptds(CUdeviceptr target, unsigned short value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD16_v2_ptds(target, value, count) : charged_cuMemsetD16_v2_ptds(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 2)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD16Async(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD16Async(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD16Async(target, value, count, stream) : charged_cuMemsetD16Async(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD16Async_ptsz(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 2)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD16Async_ptsz(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD16Async_ptsz(CUdeviceptr target, unsigned short value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD16Async_ptsz(target, value, count, stream) : charged_cuMemsetD16Async_ptsz(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D16(CUdeviceptr_v1 target, unsigned int pitch, unsigned short value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 2), height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D16(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D16(CUdeviceptr_v1 target, unsigned int pitch, unsigned short value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D16(target, pitch, value, width, height) : charged_cuMemsetD2D16(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D16_v2(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 2), height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D16_v2(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D16_v2(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D16_v2(target, pitch, value, width, height) : charged_cuMemsetD2D16_v2(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D16_v2_ptds(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 2), height)), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D16_v2_ptds(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D16_v2_ptds(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D16_v2_ptds(target, pitch, value, width, height) : charged_cuMemsetD2D16_v2_ptds(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D16Async(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 2), height)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D16Async(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D16Async(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D16Async(target, pitch, value, width, height, stream) : charged_cuMemsetD2D16Async(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D16Async_ptsz(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 2), height)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D16Async_ptsz(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D16Async_ptsz(CUdeviceptr target, size_t pitch, unsigned short value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D16Async_ptsz(target, pitch, value, width, height, stream) : charged_cuMemsetD2D16Async_ptsz(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD32(CUdeviceptr_v1 target, unsigned int value, unsigned int count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 4)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD32(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD32(CUdeviceptr_v1 target, unsigned int value, unsigned int count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD32(target, value, count) : charged_cuMemsetD32(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 4)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD32_v2(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD32_v2(CUdeviceptr target, unsigned int value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD32_v2(target, value, count) : charged_cuMemsetD32_v2(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD32_v2_ptds(CUdeviceptr target, unsigned int value, size_t count)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 4)), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD32_v2_ptds(target, value, count);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD32_v2_ptds(CUdeviceptr target, unsigned int value, size_t count)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD32_v2_ptds(target, value, count) : charged_cuMemsetD32_v2_ptds(target, value, count);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 4)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD32Async(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD32Async(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD32Async(target, value, count, stream) : charged_cuMemsetD32Async(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD32Async_ptsz(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET, copy_product(count, 4)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD32Async_ptsz(target, value, count, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD32Async_ptsz(CUdeviceptr target, unsigned int value, size_t count, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD32Async_ptsz(target, value, count, stream) : charged_cuMemsetD32Async_ptsz(target, value, count, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D32(CUdeviceptr_v1 target, unsigned int pitch, unsigned int value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 4), height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D32(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D32(CUdeviceptr_v1 target, unsigned int pitch, unsigned int value, unsigned int width, unsigned int height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D32(target, pitch, value, width, height) : charged_cuMemsetD2D32(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D32_v2(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 4), height)), NULL, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D32_v2(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D32_v2(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D32_v2(target, pitch, value, width, height) : charged_cuMemsetD2D32_v2(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D32_v2_ptds(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 4), height)), NULL, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D32_v2_ptds(target, pitch, value, width, height);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D32_v2_ptds(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D32_v2_ptds(target, pitch, value, width, height) : charged_cuMemsetD2D32_v2_ptds(target, pitch, value, width, height);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D32Async(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 4), height)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemsetD2D32Async(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D32Async(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D32Async(target, pitch, value, width, height, stream) : charged_cuMemsetD2D32Async(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemsetD2D32Async_ptsz(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_SET | COPY_PIECES, copy_product(copy_product(width, 4), height)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemsetD2D32Async_ptsz(target, pitch, value, width, height, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemsetD2D32Async_ptsz(CUdeviceptr target, size_t pitch, unsigned int value, size_t width, size_t height, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemsetD2D32Async_ptsz(target, pitch, value, width, height, stream) : charged_cuMemsetD2D32Async_ptsz(target, pitch, value, width, height, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemPrefetchAsync(address, bytes, device, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchAsync(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchAsync(address, bytes, device, stream) : charged_cuMemPrefetchAsync(address, bytes, device, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchAsync_ptsz(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemPrefetchAsync_ptsz(address, bytes, device, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchAsync_ptsz(CUdeviceptr address, size_t bytes, CUdevice device, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchAsync_ptsz(address, bytes, device, stream) : charged_cuMemPrefetchAsync_ptsz(address, bytes, device, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH, bytes), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemPrefetchAsync_v2(address, bytes, location, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchAsync_v2(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchAsync_v2(address, bytes, location, flags, stream) : charged_cuMemPrefetchAsync_v2(address, bytes, location, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchAsync_v2_ptsz(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH, bytes), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemPrefetchAsync_v2_ptsz(address, bytes, location, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchAsync_v2_ptsz(CUdeviceptr address, size_t bytes, CUmemLocation location, unsigned int flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchAsync_v2_ptsz(address, bytes, location, flags, stream) : charged_cuMemPrefetchAsync_v2_ptsz(address, bytes, location, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH | COPY_PIECES, copy_sum(sizes, count)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream) : charged_cuMemPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH | COPY_PIECES, copy_sum(sizes, count)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream) : charged_cuMemPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemDiscardAndPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH | COPY_PIECES, copy_sum(sizes, count)), stream, LAUNCH_LEGACY);
    CUresult result = real->cuMemDiscardAndPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemDiscardAndPrefetchBatchAsync(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemDiscardAndPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream) : charged_cuMemDiscardAndPrefetchBatchAsync(addresses, sizes, count, locations, location_places, location_count, flags, stream);
}

__attribute__((noinline)) static CUresult charged_cuMemDiscardAndPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = resolve_cuda();
    struct gate_pass pass = copies_ask(copy_of(COPY_PREFETCH | COPY_PIECES, copy_sum(sizes, count)), stream, LAUNCH_PER_THREAD);
    CUresult result = real->cuMemDiscardAndPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream);
    gate_launched(pass, result);
    return result;
}

CUresult cuMemDiscardAndPrefetchBatchAsync_ptsz(CUdeviceptr *addresses, size_t *sizes, size_t count, CUmemLocation *locations, size_t *location_places, size_t location_count, unsigned long long flags, CUstream stream)
{
    const struct real_cuda *real = copies_free();
    return real ? real->cuMemDiscardAndPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream) : charged_cuMemDiscardAndPrefetchBatchAsync_ptsz(addresses, sizes, count, locations, location_places, location_count, flags, stream);
}
