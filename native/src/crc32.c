#include "crc32.h"

uint32_t crc32_of(const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;
    uint32_t crc = UINT32_MAX;
    while (count--) {
        crc ^= *byte++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}
