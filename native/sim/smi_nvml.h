/* NVML as nvidia-smi finds it at run time: by soname, so that whatever stands in front of the driver answers. */
#ifndef HAMI_SIM_SMI_NVML_H
#define HAMI_SIM_SMI_NVML_H

#include <stdbool.h>

#include "nvml_api.h"

#define SMI_TEXT 96u
#define SMI_PROCESSES 64u
#define SMI_INSTANCES 8u

/* What is shown of one MIG device of a card. */
struct smi_instance {
    char uuid[SMI_TEXT], profile[SMI_TEXT];
    nvmlMemory_t memory;
};

/* What is shown of one card. */
struct smi_card {
    unsigned index;
    char uuid[SMI_TEXT], name[SMI_TEXT], bus_id[SMI_TEXT];
    nvmlMemory_t memory;
    int busy_percent; /* negative: not told */
    unsigned temperature_c, power_mw;
    unsigned process_count;
    nvmlProcessInfo_t processes[SMI_PROCESSES];
    unsigned instance_count;
    struct smi_instance instances[SMI_INSTANCES];
};

struct smi_node {
    char driver_version[SMI_TEXT];
    int cuda_version; /* 1000 · major + 10 · minor */
    unsigned count;
};

/* Open NVML and read what concerns the node; NULL, or one sentence for the user. */
const char *smi_open(struct smi_node *node);

/* Read card `index`; NULL, or one sentence for the user. */
const char *smi_read(unsigned index, struct smi_card *card);

#endif
