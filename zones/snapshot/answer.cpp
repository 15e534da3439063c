// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/answer.h"

#include <algorithm>

#include "meridian/bytes.h"
#include "meridian/dns/answer_writer.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/long_answer.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::AnswerWriter;
using dns::Rcode;
using dns::Section;

/// The main road: a set of the very name that is asked for, in which no name of the zone is written
/// short, such as addresses. That takes to know neither where the zone's apex lies, nor what it
/// takes to follow aliases. Returns false, and has appended nothing, for any other.
bool append_plain_set(const AnswerSources& sources, const ServedZone& zone, const SetEntry& entry,
                      const dns::Query& query, dns::Request& request, AnswerState& state,
                      AnswerWriter& writer) {
    if (entry.kind == SetKind::Steered) {
        const Choice choice = choose(sources, zone, entry, query, request, writer);
        (void)append_choice(writer, state, choice, kHeaderOctets);
        return true;
    }
    if (entry.kind != SetKind::Fixed) { return false; }
    const dns::Image image = zone.data->images.view(entry.ref);
    if (!image.pointers.empty()) { return false; }
    (void)append_rotating(writer, state, image, kHeaderOctets);
    return true;
}

/// Whether a name that does not exist may share a label with the names in its zone's SOA, other
/// than those of the apex. Expects one below the apex.
bool may_end_like_soa_names(const ZoneData& zone, const dns::Query& query) {
    const auto end = load_word<std::uint16_t>(query.name, query.name_octets - zone.apex.size() - 2);
    return end == zone.soa_name_ends[0] || end == zone.soa_name_ends[1];
}

/// Silence, an error, or REFUSED for what is not ours.
[[gnu::noinline]] void write_refusal(dns::Request& request, const dns::Query& query) {
    if (!query.deserves_reply) {
        request.reply_octets = 0;
        return;
    }
    request.outcome = {};
    AnswerWriter writer(query, request.buffer, dns::answer_opt_octets(query.edns));
    finish(request, writer, query.error == Rcode::NoError ? Rcode::Refused : query.error);
}

/// `found` has NotOurs where nothing was looked for.
void write_reply(const AnswerSources& sources, dns::Request& request, const dns::Query& query,
                 const Found& found, AnswerState& state) {
    if (found.kind == FoundKind::NotOurs) { return write_refusal(request, query); }
    AnswerWriter writer(query, request.buffer, dns::answer_opt_octets(query.edns));
    writer.set_authoritative(true);
    request.outcome = {.zone = found.zone->number};
    const ZoneData& zone = *found.zone->data;
    if (found.kind == FoundKind::NoSuchName && !may_end_like_soa_names(zone, query)) {
        const dns::Image soa = zone.images.view(zone.negative_soa);
        (void)writer.append_in_question(Section::Authority, soa, zone.apex.size());
        return finish(request, writer, Rcode::NXDomain);
    }
    if (found.kind == FoundKind::Node) {
        const SetEntry* entry = zone.find_set(zone.names.node(found.node), query.type);
        if (entry != nullptr &&
            append_plain_set(sources, *found.zone, *entry, query, request, state, writer)) {
            return finish(request, writer, Rcode::NoError);
        }
    }
    return write_at_length(sources, request, query, found, state);
}

/// A batch on its way through the passes.
struct Search {
    /// Those that ask for a name, by their number in the batch; from `find_zones` on, a name of one
    /// of our zones.
    [[nodiscard]] std::span<const std::uint8_t> queries() const {
        return std::span(numbers).first(count);
    }
    [[nodiscard]] const ZoneData& zone(std::uint8_t number) const {
        return *found[number].zone->data;
    }

    std::array<std::uint8_t, kUdpBatch> numbers;
    std::size_t count;
    std::array<std::uint64_t, kUdpBatch> hashes;  ///< Of the labels in front of the apex.
    std::array<NodeId, kUdpBatch> likely;         ///< Prefetched nodes.
    std::array<Found, kUdpBatch> found;           ///< At first the zone alone.
};

LowerName name_of(const dns::Query& query) {
    return {query.name_wire(), query.label_count};
}

void read_all(std::span<const dns::Request> batch, AnswerState& state, Search& search) {
    search.count = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        dns::Query& query = state.queries[i];
        const auto transport = batch[i].over_stream ? dns::Transport::Stream : dns::Transport::Udp;
        dns::read_query(batch[i].buffer.first(batch[i].query_octets), transport, query);
        search.found[i].kind = FoundKind::NotOurs;
        if (!query.deserves_reply || query.error != Rcode::NoError) { continue; }
        search.numbers[search.count++] = static_cast<std::uint8_t>(i);
    }
}

/// Asks for what the search for zones will read, as `prefetch_steps` does for names: the bucket of
/// the apex, what the snapshot has of the zone, the front of its data.
void prefetch_zones(const SnapshotData& data, const AnswerState& state, Search& search) {
    const TagTable& tags = data.apexes->tags();
    for (const std::uint8_t i : search.queries()) {
        search.hashes[i] = likely_apex_hash(*data.apexes, name_of(state.queries[i]));
        tags.prefetch(search.hashes[i]);
    }
    for (const std::uint8_t i : search.queries()) {
        const std::uint32_t likely = tags.likely(search.hashes[i]);
        search.found[i].zone = &data.zones[likely == 0 ? 0 : likely - 1];
        __builtin_prefetch(search.found[i].zone);
    }
    for (const std::uint8_t i : search.queries()) {
        const ZoneData* zone = &search.zone(i);
        __builtin_prefetch(&zone->apex);
        __builtin_prefetch(&zone->images);
        __builtin_prefetch(zone + 1);  // the apex
    }
}

/// Finds the zone of each query, and begins the search for the name in it. Clients of a server ask
/// about few zones most of the time, so the zone of the query before is tried first, unless a zone
/// below it may have the name. Queries for names of no zone here leave the search.
void find_zones(const SnapshotData& data, const AnswerState& state, Search& search) {
    if (data.has_many_zones) { prefetch_zones(data, state, search); }
    if (data.zones.empty()) { search.count = 0; }
    std::size_t count = 0;
    const ServedZone* last = data.zones.data();
    for (const std::uint8_t i : search.queries()) {
        const LowerName name = name_of(state.queries[i]);
        const bool is_last = !last->has_zones_below && is_at_or_below(name, *last->data);
        const ServedZone* zone = is_last ? last : find_zone(data, name);
        if (zone == nullptr) { continue; }
        last = zone;
        search.numbers[count++] = i;
        search.found[i].zone = zone;
        search.hashes[i] = zone->data->names.hash(name_in_zone(*zone->data, name).labels);
        zone->data->names.prefetch_bucket(search.hashes[i]);
    }
    search.count = count;
}

/// Asks for everything that the search and the answers will read, step by step for the whole batch,
/// since each step has to wait for the one before.
void prefetch_steps(const AnswerState& state, Search& search) {
    for (const std::uint8_t i : search.queries()) {
        search.likely[i] = search.zone(i).names.prefetch_node(search.hashes[i]);
    }
    for (const std::uint8_t i : search.queries()) {
        const ZoneData& zone = search.zone(i);
        const Node& node = zone.names.node(search.likely[i]);
        zone.names.prefetch_name(node);
        if (node.set_count > 1) { __builtin_prefetch(zone.sets_of(node).data()); }
        if (node.set_count == 1) { zone.prefetch(node.only_set); }
    }
    for (const std::uint8_t i : search.queries()) {
        const ZoneData& zone = search.zone(i);
        const Node& node = zone.names.node(search.likely[i]);
        if (node.set_count <= 1) { continue; }
        const SetEntry* entry = zone.find_set(node, state.queries[i].type);
        if (entry != nullptr) { zone.prefetch(*entry); }
    }
}

void find_all(const SnapshotData& data, const AnswerState& state, Search& search) {
    if (data.exceeds_cache) { prefetch_steps(state, search); }
    for (const std::uint8_t i : search.queries()) {
        const ZoneData& zone = search.zone(i);
        const dns::Query& query = state.queries[i];
        FoundInZone& found = search.found[i];
        found =
            find_in_zone(zone, name_in_zone(zone, name_of(query)), query.type, search.hashes[i]);
    }
}

void write_all(const AnswerSources& sources, std::span<dns::Request> batch, AnswerState& state,
               const Search& search) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
        write_reply(sources, batch[i], state.queries[i], search.found[i], state);
    }
}

/// Flattened: all functions that the passes call are inlined. Before the live table a static query
/// took 560 instructions so, instead of 718, one with ECS 858 instead of 1060, NXDOMAIN 618 instead
/// of 737. What few queries need is marked noinline: with all of that inlined too, a static query
/// took 630. What regions that are down need is not: with it a static query takes 579 instead of
/// 564.
[[gnu::flatten]] void answer_batch(const AnswerSources& sources, std::span<dns::Request> batch,
                                   AnswerState& state) {
    Search search;
    read_all(batch, state, search);
    find_zones(sources.data, state, search);
    find_all(sources.data, state, search);
    write_all(sources, batch, state, search);
}

}  // namespace

// noinline: bench/instructions.sh counts the instructions inside this function, so it must exist.
[[gnu::noinline]] void answer(const Serving& serving, const BatchContext& context,
                              std::span<dns::Request> batch, AnswerState& state) {
    const AnswerSources sources{serving.snapshot()->data(), *serving.live(), context};
    while (!batch.empty()) {
        const std::size_t count = std::min(batch.size(), kUdpBatch);
        answer_batch(sources, batch.first(count), state);
        batch = batch.subspan(count);
    }
}

}  // namespace meridian::zones
