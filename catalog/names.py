"""Names that several parts, or users, rely on: one place, one spelling.

Not here: names that only one module knows (they stand in that module).
"""

from typing import Final

DRIVER: Final = "hami.io"
"""DRA driver name; at most 27 characters, so that a rolling-update socket name with a pod UID fits 107 bytes."""

API_GROUP_VERSION: Final = "hami.io/v1alpha1"
SHARE_CONFIG_KIND: Final = "ShareConfig"

SHARE_CLASS: Final = "gpu.hami.io"
WHOLE_CARD_CLASS: Final = "whole-gpu.hami.io"
MIG_CLASS: Final = "mig.hami.io"

TYPE_WHOLE: Final = "gpu"
TYPE_SHARE: Final = "share"
TYPE_MIG: Final = "mig"

CAPACITY_MEMORY: Final = "memory"
CAPACITY_CORES: Final = "cores"
CAPACITY_SLOTS: Final = "slots"
CAPACITY_MULTIPROCESSORS: Final = "multiprocessors"
"""Of a MIG device."""
SLOTS_PER_CARD: Final = 1000
CORES_PER_CARD: Final = 100

HAMI_DRA: Final = "hami-core-gpu.project-hami.io"
"""Driver, device class and attribute domain of HAMi-DRA, whose manifests select on them."""
HAMI_DRA_TYPE: Final = "hami-gpu"

CLASSES: Final = (SHARE_CLASS, WHOLE_CARD_CLASS, MIG_CLASS, HAMI_DRA)
"""The classes whose devices are ours."""

ATTRIBUTE_UUID: Final = "hami.io/uuid"
ATTRIBUTE_ISLAND: Final = "hami.io/nvlinkDomain"
ATTRIBUTE_NUMA_NODE: Final = "hami.io/numaNode"

CDI_KIND: Final = "hami.io/claim"

MANAGED_BY_LABEL: Final = "app.kubernetes.io/managed-by"
MANAGED_BY: Final = "hami-dra"
POD_CLAIM: Final = "hami"
"""Name of the claim that a converted pod carries."""

CONVERTED_ANNOTATION: Final = "hami.io/converted"
WEBHOOK_LABEL: Final = "hami.io/webhook"
"""On a pod or a namespace; the value `ignore` opts out of conversion."""
WEBHOOK_OPT_IN: Final = "convert"
"""Its value on namespaces whose pods are converted where only labelled ones are."""

CORDON_ANNOTATION: Final = "hami.io/device-cordon"
"""On a node: UUIDs of cards that take no new pods, separated by commas."""
CORDONED_TAINT: Final = "hami.io/cordoned"
UNHEALTHY_TAINT: Final = "hami.io/unhealthy"
"""Of the devices of a card that is not well; the value says why."""

LEGACY_COUNT: Final = "nvidia.com/gpu"
LEGACY_MEMORY: Final = "nvidia.com/gpumem"
LEGACY_CORES: Final = "nvidia.com/gpucores"
LEGACY_PERCENTAGE: Final = "nvidia.com/gpumem-percentage"
LEGACY_PRIORITY: Final = "nvidia.com/priority"

MIB: Final = 1024 * 1024
