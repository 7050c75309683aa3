/* The layout of the pages as it was agreed on: a compiler that disagrees stops here.
 * Generated from native/include/hami_pages.h by `python -m native.generator.pages`; do not edit. */
#ifndef HAMI_PAGES_ABI_H
#define HAMI_PAGES_ABI_H

#include <stddef.h>

#include "hami_pages.h"

#define HAMI_PAGES_ABI_HASH UINT64_C(0x09ea73ba95ea00b0)

_Static_assert(offsetof(struct hami_head, magic) == 0 && sizeof(((struct hami_head *)0)->magic) == 8, "head.magic");
_Static_assert(offsetof(struct hami_head, abi_hash) == 8 && sizeof(((struct hami_head *)0)->abi_hash) == 8, "head.abi_hash");
_Static_assert(offsetof(struct hami_head, major) == 16 && sizeof(((struct hami_head *)0)->major) == 4, "head.major");
_Static_assert(offsetof(struct hami_head, minor) == 20 && sizeof(((struct hami_head *)0)->minor) == 4, "head.minor");
_Static_assert(offsetof(struct hami_head, header_bytes) == 24 && sizeof(((struct hami_head *)0)->header_bytes) == 4, "head.header_bytes");
_Static_assert(offsetof(struct hami_head, slot_bytes) == 28 && sizeof(((struct hami_head *)0)->slot_bytes) == 4, "head.slot_bytes");
_Static_assert(offsetof(struct hami_head, slots) == 32 && sizeof(((struct hami_head *)0)->slots) == 4, "head.slots");
_Static_assert(offsetof(struct hami_head, flags) == 36 && sizeof(((struct hami_head *)0)->flags) == 4, "head.flags");
_Static_assert(offsetof(struct hami_head, file_bytes) == 40 && sizeof(((struct hami_head *)0)->file_bytes) == 8, "head.file_bytes");
_Static_assert(offsetof(struct hami_head, boot_id) == 48 && sizeof(((struct hami_head *)0)->boot_id) == 16, "head.boot_id");
_Static_assert(offsetof(struct hami_head, card_uuid) == 64 && sizeof(((struct hami_head *)0)->card_uuid) == 48, "head.card_uuid");
_Static_assert(offsetof(struct hami_head, context_bytes) == 112 && sizeof(((struct hami_head *)0)->context_bytes) == 8, "head.context_bytes");
_Static_assert(offsetof(struct hami_head, crc) == 124 && sizeof(((struct hami_head *)0)->crc) == 4, "head.crc");
_Static_assert(offsetof(struct hami_limits_record, version) == 0 && sizeof(((struct hami_limits_record *)0)->version) == 8, "limits_record.version");
_Static_assert(offsetof(struct hami_limits_record, memory_bytes) == 8 && sizeof(((struct hami_limits_record *)0)->memory_bytes) == 8, "limits_record.memory_bytes");
_Static_assert(offsetof(struct hami_limits_record, overhead_bytes) == 16 && sizeof(((struct hami_limits_record *)0)->overhead_bytes) == 8, "limits_record.overhead_bytes");
_Static_assert(offsetof(struct hami_limits_record, pinned_bytes) == 24 && sizeof(((struct hami_limits_record *)0)->pinned_bytes) == 8, "limits_record.pinned_bytes");
_Static_assert(offsetof(struct hami_limits_record, cores_percent) == 40 && sizeof(((struct hami_limits_record *)0)->cores_percent) == 4, "limits_record.cores_percent");
_Static_assert(offsetof(struct hami_limits_record, policy) == 44 && sizeof(((struct hami_limits_record *)0)->policy) == 4, "limits_record.policy");
_Static_assert(offsetof(struct hami_limits_record, priority) == 48 && sizeof(((struct hami_limits_record *)0)->priority) == 4, "limits_record.priority");
_Static_assert(offsetof(struct hami_limits_record, weight) == 52 && sizeof(((struct hami_limits_record *)0)->weight) == 4, "limits_record.weight");
_Static_assert(offsetof(struct hami_limits_record, flags) == 56 && sizeof(((struct hami_limits_record *)0)->flags) == 4, "limits_record.flags");
_Static_assert(offsetof(struct hami_limits_record, crc) == 60 && sizeof(((struct hami_limits_record *)0)->crc) == 4, "limits_record.crc");
_Static_assert(offsetof(struct hami_limits_place, record) == 0 && sizeof(((struct hami_limits_place *)0)->record) == 64, "limits_place.record");
_Static_assert(offsetof(struct hami_limits, head) == 0 && sizeof(((struct hami_limits *)0)->head) == 128, "limits.head");
_Static_assert(offsetof(struct hami_limits, version) == 128 && sizeof(((struct hami_limits *)0)->version) == 8, "limits.version");
_Static_assert(offsetof(struct hami_limits, seat) == 136 && sizeof(((struct hami_limits *)0)->seat) == 8, "limits.seat");
_Static_assert(offsetof(struct hami_limits, busy_ns) == 144 && sizeof(((struct hami_limits *)0)->busy_ns) == 8, "limits.busy_ns");
_Static_assert(offsetof(struct hami_limits, sampled_at_ns) == 152 && sizeof(((struct hami_limits *)0)->sampled_at_ns) == 8, "limits.sampled_at_ns");
_Static_assert(offsetof(struct hami_limits, places) == 256 && sizeof(((struct hami_limits *)0)->places) == 512, "limits.places");
_Static_assert(offsetof(struct hami_word, used_bytes) == 0 && sizeof(((struct hami_word *)0)->used_bytes) == 8, "word.used_bytes");
_Static_assert(offsetof(struct hami_word, tag) == 8 && sizeof(((struct hami_word *)0)->tag) == 8, "word.tag");
_Static_assert(offsetof(struct hami_span, from_ns) == 0 && sizeof(((struct hami_span *)0)->from_ns) == 8, "span.from_ns");
_Static_assert(offsetof(struct hami_span, until_ns) == 8 && sizeof(((struct hami_span *)0)->until_ns) == 8, "span.until_ns");
_Static_assert(offsetof(struct hami_slot, seq) == 0 && sizeof(((struct hami_slot *)0)->seq) == 8, "slot.seq");
_Static_assert(offsetof(struct hami_slot, charge_bytes) == 8 && sizeof(((struct hami_slot *)0)->charge_bytes) == 16, "slot.charge_bytes");
_Static_assert(offsetof(struct hami_slot, pid_namespace) == 64 && sizeof(((struct hami_slot *)0)->pid_namespace) == 8, "slot.pid_namespace");
_Static_assert(offsetof(struct hami_slot, pid) == 72 && sizeof(((struct hami_slot *)0)->pid) == 4, "slot.pid");
_Static_assert(offsetof(struct hami_slot, tid) == 76 && sizeof(((struct hami_slot *)0)->tid) == 4, "slot.tid");
_Static_assert(offsetof(struct hami_slot, started) == 80 && sizeof(((struct hami_slot *)0)->started) == 8, "slot.started");
_Static_assert(offsetof(struct hami_slot, claimed_at_ns) == 88 && sizeof(((struct hami_slot *)0)->claimed_at_ns) == 8, "slot.claimed_at_ns");
_Static_assert(offsetof(struct hami_slot, done) == 96 && sizeof(((struct hami_slot *)0)->done) == 8, "slot.done");
_Static_assert(offsetof(struct hami_slot, buffer_bytes) == 128 && sizeof(((struct hami_slot *)0)->buffer_bytes) == 8, "slot.buffer_bytes");
_Static_assert(offsetof(struct hami_slot, array_bytes) == 136 && sizeof(((struct hami_slot *)0)->array_bytes) == 8, "slot.array_bytes");
_Static_assert(offsetof(struct hami_slot, pool_bytes) == 144 && sizeof(((struct hami_slot *)0)->pool_bytes) == 8, "slot.pool_bytes");
_Static_assert(offsetof(struct hami_slot, vmm_bytes) == 152 && sizeof(((struct hami_slot *)0)->vmm_bytes) == 8, "slot.vmm_bytes");
_Static_assert(offsetof(struct hami_slot, managed_bytes) == 160 && sizeof(((struct hami_slot *)0)->managed_bytes) == 8, "slot.managed_bytes");
_Static_assert(offsetof(struct hami_slot, graph_bytes) == 168 && sizeof(((struct hami_slot *)0)->graph_bytes) == 8, "slot.graph_bytes");
_Static_assert(offsetof(struct hami_slot, context_bytes) == 176 && sizeof(((struct hami_slot *)0)->context_bytes) == 8, "slot.context_bytes");
_Static_assert(offsetof(struct hami_slot, module_bytes) == 184 && sizeof(((struct hami_slot *)0)->module_bytes) == 8, "slot.module_bytes");
_Static_assert(offsetof(struct hami_slot, busy_ns) == 192 && sizeof(((struct hami_slot *)0)->busy_ns) == 8, "slot.busy_ns");
_Static_assert(offsetof(struct hami_slot, throttled_ns) == 200 && sizeof(((struct hami_slot *)0)->throttled_ns) == 8, "slot.throttled_ns");
_Static_assert(offsetof(struct hami_slot, launches) == 208 && sizeof(((struct hami_slot *)0)->launches) == 8, "slot.launches");
_Static_assert(offsetof(struct hami_slot, last_launch_ns) == 216 && sizeof(((struct hami_slot *)0)->last_launch_ns) == 8, "slot.last_launch_ns");
_Static_assert(offsetof(struct hami_slot, in_flight_ns) == 224 && sizeof(((struct hami_slot *)0)->in_flight_ns) == 8, "slot.in_flight_ns");
_Static_assert(offsetof(struct hami_slot, expected_done_ns) == 232 && sizeof(((struct hami_slot *)0)->expected_done_ns) == 8, "slot.expected_done_ns");
_Static_assert(offsetof(struct hami_factor, factor_q32) == 0 && sizeof(((struct hami_factor *)0)->factor_q32) == 8, "factor.factor_q32");
_Static_assert(offsetof(struct hami_factor, at_ns) == 8 && sizeof(((struct hami_factor *)0)->at_ns) == 8, "factor.at_ns");
_Static_assert(offsetof(struct hami_factor, next) == 16 && sizeof(((struct hami_factor *)0)->next) == 8, "factor.next");
_Static_assert(offsetof(struct hami_factor, sampled_ns) == 24 && sizeof(((struct hami_factor *)0)->sampled_ns) == 32, "factor.sampled_ns");
_Static_assert(offsetof(struct hami_factor, busy_ns) == 56 && sizeof(((struct hami_factor *)0)->busy_ns) == 32, "factor.busy_ns");
_Static_assert(offsetof(struct hami_factor, predicted_ns) == 88 && sizeof(((struct hami_factor *)0)->predicted_ns) == 32, "factor.predicted_ns");
_Static_assert(offsetof(struct hami_usage, head) == 0 && sizeof(((struct hami_usage *)0)->head) == 128, "usage.head");
_Static_assert(offsetof(struct hami_usage, word) == 128 && sizeof(((struct hami_usage *)0)->word) == 16, "usage.word");
_Static_assert(offsetof(struct hami_usage, credit_ns) == 192 && sizeof(((struct hami_usage *)0)->credit_ns) == 8, "usage.credit_ns");
_Static_assert(offsetof(struct hami_usage, refilled_at_ns) == 200 && sizeof(((struct hami_usage *)0)->refilled_at_ns) == 8, "usage.refilled_at_ns");
_Static_assert(offsetof(struct hami_usage, futex) == 208 && sizeof(((struct hami_usage *)0)->futex) == 4, "usage.futex");
_Static_assert(offsetof(struct hami_usage, waiters) == 212 && sizeof(((struct hami_usage *)0)->waiters) == 4, "usage.waiters");
_Static_assert(offsetof(struct hami_usage, predicted_ns) == 216 && sizeof(((struct hami_usage *)0)->predicted_ns) == 8, "usage.predicted_ns");
_Static_assert(offsetof(struct hami_usage, accounted) == 224 && sizeof(((struct hami_usage *)0)->accounted) == 16, "usage.accounted");
_Static_assert(offsetof(struct hami_usage, largest_unit_ns) == 240 && sizeof(((struct hami_usage *)0)->largest_unit_ns) == 8, "usage.largest_unit_ns");
_Static_assert(offsetof(struct hami_usage, peak_bytes) == 256 && sizeof(((struct hami_usage *)0)->peak_bytes) == 8, "usage.peak_bytes");
_Static_assert(offsetof(struct hami_usage, refusals) == 264 && sizeof(((struct hami_usage *)0)->refusals) == 8, "usage.refusals");
_Static_assert(offsetof(struct hami_usage, reaps) == 272 && sizeof(((struct hami_usage *)0)->reaps) == 8, "usage.reaps");
_Static_assert(offsetof(struct hami_usage, unknown_functions) == 280 && sizeof(((struct hami_usage *)0)->unknown_functions) == 8, "usage.unknown_functions");
_Static_assert(offsetof(struct hami_usage, factor) == 320 && sizeof(((struct hami_usage *)0)->factor) == 128, "usage.factor");
_Static_assert(offsetof(struct hami_usage, working) == 448 && sizeof(((struct hami_usage *)0)->working) == 128, "usage.working");
_Static_assert(offsetof(struct hami_usage, copied_ns) == 576 && sizeof(((struct hami_usage *)0)->copied_ns) == 8, "usage.copied_ns");
_Static_assert(offsetof(struct hami_usage, sampled_copied_ns) == 584 && sizeof(((struct hami_usage *)0)->sampled_copied_ns) == 32, "usage.sampled_copied_ns");
_Static_assert(offsetof(struct hami_usage, slots) == 4096 && sizeof(((struct hami_usage *)0)->slots) == 262144, "usage.slots");
_Static_assert(offsetof(struct hami_seat, active_until_ns) == 0 && sizeof(((struct hami_seat *)0)->active_until_ns) == 8, "seat.active_until_ns");
_Static_assert(offsetof(struct hami_seat, queued_since_ns) == 8 && sizeof(((struct hami_seat *)0)->queued_since_ns) == 8, "seat.queued_since_ns");
_Static_assert(offsetof(struct hami_seat, until_ns) == 16 && sizeof(((struct hami_seat *)0)->until_ns) == 8, "seat.until_ns");
_Static_assert(offsetof(struct hami_seat, turns_ns) == 24 && sizeof(((struct hami_seat *)0)->turns_ns) == 8, "seat.turns_ns");
_Static_assert(offsetof(struct hami_seat, largest_unit_ns) == 32 && sizeof(((struct hami_seat *)0)->largest_unit_ns) == 8, "seat.largest_unit_ns");
_Static_assert(offsetof(struct hami_seat, priority) == 40 && sizeof(((struct hami_seat *)0)->priority) == 4, "seat.priority");
_Static_assert(offsetof(struct hami_seat, weight) == 44 && sizeof(((struct hami_seat *)0)->weight) == 4, "seat.weight");
_Static_assert(offsetof(struct hami_seat, cores_percent) == 48 && sizeof(((struct hami_seat *)0)->cores_percent) == 4, "seat.cores_percent");
_Static_assert(offsetof(struct hami_seat, flags) == 52 && sizeof(((struct hami_seat *)0)->flags) == 4, "seat.flags");
_Static_assert(offsetof(struct hami_seat, futex) == 56 && sizeof(((struct hami_seat *)0)->futex) == 4, "seat.futex");
_Static_assert(offsetof(struct hami_seat, since_ns) == 64 && sizeof(((struct hami_seat *)0)->since_ns) == 8, "seat.since_ns");
_Static_assert(offsetof(struct hami_card, head) == 0 && sizeof(((struct hami_card *)0)->head) == 128, "card.head");
_Static_assert(offsetof(struct hami_card, lease) == 128 && sizeof(((struct hami_card *)0)->lease) == 8, "card.lease");
_Static_assert(offsetof(struct hami_card, since_ns) == 136 && sizeof(((struct hami_card *)0)->since_ns) == 8, "card.since_ns");
_Static_assert(offsetof(struct hami_card, high_until_ns) == 144 && sizeof(((struct hami_card *)0)->high_until_ns) == 8, "card.high_until_ns");
_Static_assert(offsetof(struct hami_card, turns_ns) == 152 && sizeof(((struct hami_card *)0)->turns_ns) == 8, "card.turns_ns");
_Static_assert(offsetof(struct hami_card, present) == 256 && sizeof(((struct hami_card *)0)->present) == 128, "card.present");
_Static_assert(offsetof(struct hami_card, active) == 384 && sizeof(((struct hami_card *)0)->active) == 128, "card.active");
_Static_assert(offsetof(struct hami_card, queued) == 512 && sizeof(((struct hami_card *)0)->queued) == 128, "card.queued");
_Static_assert(offsetof(struct hami_card, seats) == 4096 && sizeof(((struct hami_card *)0)->seats) == 131072, "card.seats");

#endif
