"""The one door to NVML: cards, MIG devices, memory, processes, time, and what goes wrong."""
