/* Calls of the CUDA runtime that make it look up its driver functions; prints what they return. Linked to one libcudart, shared or
 * static. Its few prototypes are written here, so that it builds without the runtime's headers. */
#include <stdio.h>

int cudaGetDeviceCount(int *count);
int cudaMalloc(void **address, size_t bytes);
int cudaFree(void *address);

int main(void)
{
    int count = -1;
    void *address = NULL;
    int counted = cudaGetDeviceCount(&count), allocated = cudaMalloc(&address, 1 << 20), freed = cudaFree(address);
    printf("%d devices (%d), allocated %d, freed %d\n", count, counted, allocated, freed);
    return 0;
}
