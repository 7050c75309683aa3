/* The functions of NVML that tell of a card's work as a whole, for the driver and the program of a test: X(name). */
#ifndef HAMI_TEST_ACTIVITY_H
#define HAMI_TEST_ACTIVITY_H

#define ACTIVITY_FUNCTIONS(X) \
    X(nvmlDeviceGetUtilizationRates) \
    X(nvmlDeviceGetProcessUtilization) \
    X(nvmlDeviceGetProcessesUtilizationInfo) \
    X(nvmlDeviceGetAccountingPids) \
    X(nvmlDeviceGetAccountingStats) \
    X(nvmlDeviceGetAccountingStats_v2) \
    X(nvmlDevicePerfMetricsGetSamples_v1) \
    X(nvmlDeviceGetDynamicPstatesInfo) \
    X(nvmlDeviceGetEncoderUtilization) \
    X(nvmlDeviceGetDecoderUtilization) \
    X(nvmlDeviceGetJpgUtilization) \
    X(nvmlDeviceGetOfaUtilization) \
    X(nvmlDeviceGetEncoderStats) \
    X(nvmlDeviceGetEncoderSessions) \
    X(nvmlDeviceGetFBCStats) \
    X(nvmlDeviceGetFBCSessions) \
    X(nvmlGpmSampleGet) \
    X(nvmlGpmMigSampleGet)

/* Handles of the cards that the driver of the test has; it knows no other. */
#define FIRST_CARD ((nvmlDevice_t)1)
#define SECOND_CARD ((nvmlDevice_t)2)
#define NO_SUCH_CARD ((nvmlDevice_t)3)

#endif
