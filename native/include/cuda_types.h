/* The types of the CUDA driver API that the manifest's prototypes name, as its binary interface has them on 64-bit Linux:
 * sizes, values and calling convention; the names are the API's, so that code reads like any CUDA code.
 * Not here: the functions (generated/cuda_api.h), and anything that no prototype needs. */
#ifndef HAMI_CUDA_TYPES_H
#define HAMI_CUDA_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t cuuint64_t;
typedef unsigned long long CUdeviceptr;
typedef int CUdevice;
typedef struct CUctx_st *CUcontext;
typedef struct CUstream_st *CUstream;
typedef struct CUevent_st *CUevent;
typedef struct CUexecAffinityParam_st CUexecAffinityParam;
typedef struct CUctxCreateParams_st CUctxCreateParams;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUlib_st *CUlibrary;
typedef struct CUuuid_st {
    char bytes[16];
} CUuuid;

typedef enum {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_DEINITIALIZED = 4,
    CUDA_ERROR_NO_DEVICE = 100,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_INVALID_HANDLE = 400,
    CUDA_ERROR_NOT_FOUND = 500,
    CUDA_ERROR_NOT_READY = 600,
    CUDA_ERROR_CONTEXT_IS_DESTROYED = 709,
    CUDA_ERROR_NOT_PERMITTED = 800,
    CUDA_ERROR_NOT_SUPPORTED = 801,
    CUDA_ERROR_SYSTEM_NOT_READY = 802,
    CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
    CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904,
    CUDA_ERROR_CAPTURED_EVENT = 907,
    CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE = 910,
    CUDA_ERROR_UNKNOWN = 999,
} CUresult;

typedef enum {
    CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1,
    CU_DEVICE_ATTRIBUTE_WARP_SIZE = 10,
    CU_DEVICE_ATTRIBUTE_CLOCK_RATE = 13,
    CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16,
    CU_DEVICE_ATTRIBUTE_INTEGRATED = 18,
    CU_DEVICE_ATTRIBUTE_COMPUTE_MODE = 20,
    CU_DEVICE_ATTRIBUTE_PCI_BUS_ID = 33,
    CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID = 34,
    CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING = 41,
    CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID = 50,
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
    CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY = 83,
    CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89,
} CUdevice_attribute;

typedef enum {
    CU_GET_PROC_ADDRESS_SUCCESS = 0,
    CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND = 1,
    CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT = 2,
} CUdriverProcAddressQueryResult;

typedef enum {
    CU_MODULE_EAGER_LOADING = 1,
    CU_MODULE_LAZY_LOADING = 2,
} CUmoduleLoadingMode;

enum { /* flags of cuGetProcAddress */
    CU_GET_PROC_ADDRESS_DEFAULT = 0,
    CU_GET_PROC_ADDRESS_LEGACY_STREAM = 1,
    CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM = 2,
};

enum { /* flags of cuMemAllocManaged */
    CU_MEM_ATTACH_GLOBAL = 1,
    CU_MEM_ATTACH_HOST = 2,
};

/* Of managed memory. Only what is used here has a name. */
typedef enum { CU_MEM_ADVISE_SET_PREFERRED_LOCATION = 3, CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 4 } CUmem_advise;
typedef enum { CU_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION = 2 } CUmem_range_attribute;

enum { CU_DEVICE_INVALID = -2 }; /* a location that is none */

typedef enum {
    CU_POINTER_ATTRIBUTE_MEMORY_TYPE = 2,
    CU_POINTER_ATTRIBUTE_IS_MANAGED = 8,
    CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL = 9,
} CUpointer_attribute;

typedef enum { CU_MEMORYTYPE_HOST = 1, CU_MEMORYTYPE_DEVICE = 2, CU_MEMORYTYPE_ARRAY = 3, CU_MEMORYTYPE_UNIFIED = 4 } CUmemorytype;

typedef struct CUmemPoolHandle_st *CUmemoryPool;
typedef struct CUarray_st *CUarray;
typedef struct CUmipmappedArray_st *CUmipmappedArray;
typedef unsigned long long CUmemGenericAllocationHandle;

typedef enum {
    CU_STREAM_CAPTURE_STATUS_NONE = 0,
    CU_STREAM_CAPTURE_STATUS_ACTIVE = 1,
    CU_STREAM_CAPTURE_STATUS_INVALIDATED = 2,
} CUstreamCaptureStatus;

typedef enum {
    CU_MEMPOOL_ATTR_RELEASE_THRESHOLD = 4,
    CU_MEMPOOL_ATTR_RESERVED_MEM_CURRENT = 5,
    CU_MEMPOOL_ATTR_RESERVED_MEM_HIGH = 6,
    CU_MEMPOOL_ATTR_USED_MEM_CURRENT = 7,
    CU_MEMPOOL_ATTR_USED_MEM_HIGH = 8,
} CUmemPool_attribute;

typedef enum { CU_MEM_ALLOCATION_TYPE_PINNED = 1 } CUmemAllocationType;
typedef enum { CU_MEM_HANDLE_TYPE_NONE = 0, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1 } CUmemAllocationHandleType;
typedef enum { CU_MEM_ALLOC_GRANULARITY_MINIMUM = 0, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1 } CUmemAllocationGranularity_flags;
typedef enum { CU_MEM_LOCATION_TYPE_DEVICE = 1, CU_MEM_LOCATION_TYPE_HOST = 2 } CUmemLocationType;

typedef struct {
    CUmemLocationType type;
    int id;
} CUmemLocation;

typedef struct {
    CUmemAllocationType type;
    CUmemAllocationHandleType handle_types;
    CUmemLocation location;
    void *windows;
    unsigned char flags[8];
} CUmemAllocationProp;

typedef struct {
    CUmemAllocationType type;
    CUmemAllocationHandleType handle_types;
    CUmemLocation location;
    void *windows;
    size_t most_bytes; /* 0: not limited */
    unsigned char reserved[56];
} CUmemPoolProps;

typedef struct {
    CUmemLocation location;
    int flags;
} CUmemAccessDesc;

typedef struct {
    size_t width, height; /* in elements */
    int format;
    unsigned int channels;
} CUDA_ARRAY_DESCRIPTOR;

typedef struct {
    size_t width, height, depth; /* in elements; depth is the number of layers where there are layers */
    int format;
    unsigned int channels;
    unsigned int flags;
} CUDA_ARRAY3D_DESCRIPTOR;

/* Of the first binary interface, before CUDA 3.2: 32-bit addresses and sizes. */
typedef unsigned int CUdeviceptr_v1;

typedef struct {
    unsigned int width, height; /* in elements */
    int format;
    unsigned int channels;
} CUDA_ARRAY_DESCRIPTOR_v1;

typedef struct {
    unsigned int width, height, depth; /* in elements */
    int format;
    unsigned int channels;
    unsigned int flags;
} CUDA_ARRAY3D_DESCRIPTOR_v1;

/* Copies in rows and layers; widths and x are in bytes. The first ones are of the first binary interface. */
typedef struct {
    unsigned int source_x, source_y;
    CUmemorytype source_type;
    const void *source_host;
    CUdeviceptr_v1 source_device;
    CUarray source_array;
    unsigned int source_pitch;
    unsigned int target_x, target_y;
    CUmemorytype target_type;
    void *target_host;
    CUdeviceptr_v1 target_device;
    CUarray target_array;
    unsigned int target_pitch;
    unsigned int width, height;
} CUDA_MEMCPY2D_v1;

typedef struct {
    unsigned int source_x, source_y, source_z, source_level;
    CUmemorytype source_type;
    const void *source_host;
    CUdeviceptr_v1 source_device;
    CUarray source_array;
    void *source_reserved;
    unsigned int source_pitch, source_height;
    unsigned int target_x, target_y, target_z, target_level;
    CUmemorytype target_type;
    void *target_host;
    CUdeviceptr_v1 target_device;
    CUarray target_array;
    void *target_reserved;
    unsigned int target_pitch, target_height;
    unsigned int width, height, depth;
} CUDA_MEMCPY3D_v1;

typedef struct {
    size_t source_x, source_y;
    CUmemorytype source_type;
    const void *source_host;
    CUdeviceptr source_device;
    CUarray source_array;
    size_t source_pitch;
    size_t target_x, target_y;
    CUmemorytype target_type;
    void *target_host;
    CUdeviceptr target_device;
    CUarray target_array;
    size_t target_pitch;
    size_t width, height;
} CUDA_MEMCPY2D;

typedef struct {
    size_t source_x, source_y, source_z, source_level;
    CUmemorytype source_type;
    const void *source_host;
    CUdeviceptr source_device;
    CUarray source_array;
    CUcontext source_context; /* of copies between cards; else reserved */
    size_t source_pitch, source_height;
    size_t target_x, target_y, target_z, target_level;
    CUmemorytype target_type;
    void *target_host;
    CUdeviceptr target_device;
    CUarray target_array;
    CUcontext target_context;
    size_t target_pitch, target_height;
    size_t width, height, depth;
} CUDA_MEMCPY3D;

typedef CUDA_MEMCPY3D CUDA_MEMCPY3D_PEER;

/* One copy of a batch, in elements. Only what is read here has a name. */
typedef struct {
    unsigned char source[40], target[40];
    size_t width, height, depth;
    int access_order;
    unsigned int flags;
} CUDA_MEMCPY3D_BATCH_OP;

typedef struct CUmemcpyAttributes_st CUmemcpyAttributes;

enum { /* flags of arrays */
    CUDA_ARRAY3D_LAYERED = 0x01,
    CUDA_ARRAY3D_CUBEMAP = 0x04,
    CUDA_ARRAY3D_SPARSE = 0x40,
    CUDA_ARRAY3D_DEFERRED_MAPPING = 0x80,
};

/* What one entry of cuMemMapArrayAsync's list does. Only what the interceptor reads has a name. */
typedef struct {
    unsigned char resource[56];
    int operation; /* 1: map, 2: unmap */
    int handle_type;
    CUmemGenericAllocationHandle handle;
    unsigned char rest[24];
} CUarrayMapInfo;

typedef struct {
    char reserved[64];
} CUipcMemHandle;

typedef struct {
    unsigned char reserved[64];
} CUmemPoolPtrExportData;

typedef struct CUextMemory_st *CUexternalMemory;

enum { CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD = 1 };

typedef struct {
    int type;
    union {
        int descriptor;
        const void *other[2];
    } handle;
    unsigned long long bytes;
    unsigned int flags, reserved[16];
} CUDA_EXTERNAL_MEMORY_HANDLE_DESC;

typedef struct {
    unsigned long long offset, bytes;
    unsigned int flags, reserved[16];
} CUDA_EXTERNAL_MEMORY_BUFFER_DESC;

typedef struct {
    unsigned int device_count;
    size_t bytes;
    unsigned long long handle_types, flags;
} CUmulticastObjectProp;

typedef struct CUgraph_st *CUgraph;
typedef struct CUgraphNode_st *CUgraphNode;
typedef struct CUgraphExec_st *CUgraphExec;
typedef struct CUgraphEdgeData_st CUgraphEdgeData;

typedef enum { CU_STREAM_CAPTURE_MODE_GLOBAL = 0, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1, CU_STREAM_CAPTURE_MODE_RELAXED = 2 } CUstreamCaptureMode;

/* What a launch is asked for; its attributes are passed on as they are. */
typedef struct {
    unsigned int grid_x, grid_y, grid_z;
    unsigned int block_x, block_y, block_z;
    unsigned int shared_bytes;
    CUstream stream;
    const void *attributes;
    unsigned int attribute_count;
} CUlaunchConfig;

typedef struct {
    CUfunction function;
    unsigned int grid_x, grid_y, grid_z;
    unsigned int block_x, block_y, block_z;
    unsigned int shared_bytes;
    CUstream stream;
    void **parameters;
} CUDA_LAUNCH_PARAMS;

typedef enum {
    CU_GRAPH_NODE_TYPE_KERNEL = 0,
    CU_GRAPH_NODE_TYPE_GRAPH = 4,
    CU_GRAPH_NODE_TYPE_EMPTY = 5,
    CU_GRAPH_NODE_TYPE_MEM_ALLOC = 10,
    CU_GRAPH_NODE_TYPE_MEM_FREE = 11,
    CU_GRAPH_NODE_TYPE_CONDITIONAL = 13,
} CUgraphNodeType;

typedef enum {
    CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT = 0,
    CU_GRAPH_MEM_ATTR_USED_MEM_HIGH = 1,
    CU_GRAPH_MEM_ATTR_RESERVED_MEM_CURRENT = 2,
    CU_GRAPH_MEM_ATTR_RESERVED_MEM_HIGH = 3,
} CUgraphMem_attribute;

enum { /* flags of instantiation */
    CUDA_GRAPH_INSTANTIATE_FLAG_AUTO_FREE_ON_LAUNCH = 1,
    CUDA_GRAPH_INSTANTIATE_FLAG_UPLOAD = 2,
};

typedef enum { CUDA_GRAPH_INSTANTIATE_SUCCESS = 0, CUDA_GRAPH_INSTANTIATE_ERROR = 1 } CUgraphInstantiateResult;

typedef struct {
    cuuint64_t flags;
    CUstream upload_stream;
    CUgraphNode error_node;
    CUgraphInstantiateResult result;
} CUDA_GRAPH_INSTANTIATE_PARAMS;

typedef struct {
    CUmemPoolProps pool_properties;
    const CUmemAccessDesc *accesses;
    size_t access_count;
    size_t bytes;
    CUdeviceptr address; /* given by the driver */
} CUDA_MEM_ALLOC_NODE_PARAMS;

typedef struct {
    CUfunction function;
    unsigned int grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes;
    void **parameters, **extra;
    void *kernel;
    CUcontext context;
} CUDA_KERNEL_NODE_PARAMS_v2;

typedef enum { CU_GRAPH_CHILD_GRAPH_OWNERSHIP_CLONE = 0, CU_GRAPH_CHILD_GRAPH_OWNERSHIP_MOVE = 1 } CUgraphChildGraphNodeOwnership;

typedef cuuint64_t CUgraphConditionalHandle;

typedef enum { CU_GRAPH_COND_TYPE_IF = 0, CU_GRAPH_COND_TYPE_WHILE = 1, CU_GRAPH_COND_TYPE_SWITCH = 2 } CUgraphConditionalNodeType;

typedef struct {
    CUgraphConditionalHandle handle;
    CUgraphConditionalNodeType type;
    unsigned int size; /* how many bodies */
    CUgraph *bodies;   /* the driver's array */
    CUcontext context;
} CUDA_CONDITIONAL_NODE_PARAMS;

/* Parameters of a node of any type. Only what is read here has a name. */
typedef struct {
    CUgraphNodeType type;
    int reserved0[3];
    union {
        CUDA_KERNEL_NODE_PARAMS_v2 kernel;
        CUDA_MEM_ALLOC_NODE_PARAMS allocation;
        CUdeviceptr freed;
        struct {
            CUgraph graph;
            CUgraphChildGraphNodeOwnership ownership;
        } child;
        CUDA_CONDITIONAL_NODE_PARAMS conditional;
        long long reserved1[29];
    };
    long long reserved2;
} CUgraphNodeParams;

typedef enum {
    CU_GRAPH_EXEC_UPDATE_SUCCESS = 0,
    CU_GRAPH_EXEC_UPDATE_ERROR = 1,
    CU_GRAPH_EXEC_UPDATE_ERROR_TOPOLOGY_CHANGED = 2,
    CU_GRAPH_EXEC_UPDATE_ERROR_NODE_TYPE_CHANGED = 3,
} CUgraphExecUpdateResult;

typedef struct {
    CUgraphExecUpdateResult result;
    CUgraphNode error_node, error_from_node;
} CUgraphExecUpdateResultInfo;

/* Handles of streams that no program made; NULL is one of the two. */
#define CU_STREAM_LEGACY ((CUstream)1)
#define CU_STREAM_PER_THREAD ((CUstream)2)

enum { CU_STREAM_NON_BLOCKING = 1 }; /* a flag of streams */

enum { /* flags of events */
    CU_EVENT_BLOCKING_SYNC = 1,
    CU_EVENT_DISABLE_TIMING = 2,
    CU_EVENT_INTERPROCESS = 4,
};

enum { /* how a stream waits for a value */
    CU_STREAM_WAIT_VALUE_GEQ = 0,
    CU_STREAM_WAIT_VALUE_EQ = 1,
    CU_STREAM_WAIT_VALUE_AND = 2,
    CU_STREAM_WAIT_VALUE_NOR = 3,
};

typedef void (*CUhostFn)(void *argument);
typedef void (*CUstreamCallback)(CUstream stream, CUresult result, void *argument);

_Static_assert(sizeof(CUDA_MEM_ALLOC_NODE_PARAMS) == 120 && sizeof(CUgraphNodeParams) == 256 && sizeof(CUDA_GRAPH_INSTANTIATE_PARAMS) == 32,
               "the driver's binary interface");

_Static_assert(sizeof(CUDA_MEMCPY2D_v1) == 96 && sizeof(CUDA_MEMCPY3D_v1) == 144 && sizeof(CUDA_MEMCPY2D) == 128 &&
                   sizeof(CUDA_MEMCPY3D) == 200 && sizeof(CUDA_MEMCPY3D_BATCH_OP) == 112,
               "the driver's binary interface");
_Static_assert(sizeof(CUmemAllocationProp) == 32 && sizeof(CUmemPoolProps) == 88 && sizeof(CUDA_ARRAY3D_DESCRIPTOR) == 40,
               "the driver's binary interface");
_Static_assert(sizeof(CUresult) == 4 && sizeof(CUdeviceptr) == 8 && sizeof(CUuuid) == 16, "the driver's binary interface");

#endif
