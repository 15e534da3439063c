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
/// short, such as addresses. That takes to know neither the zone nor where its apex lies, nor what
/// it takes to follow aliases. Returns false, and has appended nothing, for any other.
bool append_plain_set(const SnapshotData& data, const SetEntry& entry, const dns::Query& query,
                      const dns::Request& request, AnswerState& state, AnswerWriter& writer) {
    Choice choice{.image = entry.ref};
    if (entry.kind == SetKind::Steered) {
        choice = choose_variant(data, entry, query, request, writer);
    } else if (entry.kind != SetKind::Fixed) {
        return false;
    }
    const dns::Image image = data.images.view(choice.image);
    if (!image.pointers.empty()) { return false; }
    (void)append_addresses(writer, state, image, kHeaderOctets, choice.most);
    return true;
}

/// Whether a name that does not exist may share a label with the names in its zone's SOA, other
/// than those of the apex. Expects one below the apex.
bool may_end_like_soa_names(const ZoneFacts& zone, const dns::Query& query) {
    const auto end =
        load_word<std::uint16_t>(query.name, query.name_octets - zone.apex_octets - 2u);
    return end == zone.soa_name_ends[0] || end == zone.soa_name_ends[1];
}

/// Silence, an error, or REFUSED for what is not ours.
[[gnu::noinline]] std::size_t write_refusal(const dns::Request& request, const dns::Query& query) {
    if (!query.deserves_reply) { return 0; }
    AnswerWriter writer(query, request.buffer);
    return writer.finish(query.error == Rcode::NoError ? Rcode::Refused : query.error);
}

/// `found` has NotOurs where nothing was looked for.
std::size_t write_reply(const SnapshotData& data, const dns::Request& request,
                        const dns::Query& query, const Found& found, AnswerState& state) {
    if (found.kind == FoundKind::NotOurs) { return write_refusal(request, query); }
    AnswerWriter writer(query, request.buffer);
    writer.set_authoritative(true);
    if (found.kind == FoundKind::NoSuchName) {
        const ZoneFacts& zone = data.zones[found.zone];
        if (!may_end_like_soa_names(zone, query)) {
            const dns::Image soa = data.images.view(zone.negative_soa);
            (void)writer.append_in_question(Section::Authority, soa, zone.apex_octets);
            return writer.finish(Rcode::NXDomain);
        }
    }
    if (found.kind == FoundKind::Node) {
        const SetEntry* entry = data.find_set(data.names.node(found.node), query.type);
        if (entry != nullptr && append_plain_set(data, *entry, query, request, state, writer)) {
            return writer.finish(Rcode::NoError);
        }
    }
    return write_at_length(data, request, query, found, state);
}

/// A batch on its way through the three passes.
struct Search {
    /// Those that ask for a name, by their number in the batch.
    [[nodiscard]] std::span<const std::uint8_t> queries() const {
        return std::span(numbers).first(count);
    }

    std::array<std::uint8_t, kUdpBatch> numbers;
    std::size_t count;
    std::array<std::uint64_t, kUdpBatch> hashes;  ///< By the number of the query, as all below.
    std::array<NodeId, kUdpBatch> likely;         ///< Prefetched nodes.
    std::array<Found, kUdpBatch> found;
};

void read_all(const SnapshotData& data, std::span<const dns::Request> batch, AnswerState& state,
              Search& search) {
    search.count = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        dns::Query& query = state.queries[i];
        const auto transport = batch[i].over_stream ? dns::Transport::Stream : dns::Transport::Udp;
        dns::read_query(batch[i].buffer.first(batch[i].query_octets), transport, query);
        if (!query.deserves_reply || query.error != Rcode::NoError) {
            search.found[i] = {};
            continue;
        }
        search.numbers[search.count++] = static_cast<std::uint8_t>(i);
        search.hashes[i] = data.names.hash(query.name_wire());
        data.names.prefetch_bucket(search.hashes[i]);
    }
}

/// Asks for everything that the search and the answers will read, step by step for the whole batch,
/// since each step has to wait for the one before.
void prefetch_steps(const SnapshotData& data, const AnswerState& state, Search& search) {
    for (const std::uint8_t i : search.queries()) {
        search.likely[i] = data.names.prefetch_node(search.hashes[i]);
    }
    for (const std::uint8_t i : search.queries()) {
        const Node& node = data.names.node(search.likely[i]);
        data.names.prefetch_name(node);
        if (node.set_count > 1) { __builtin_prefetch(data.sets_of(node).data()); }
        if (node.set_count == 1) { data.prefetch(node.only_set); }
    }
    for (const std::uint8_t i : search.queries()) {
        const Node& node = data.names.node(search.likely[i]);
        if (node.set_count <= 1) { continue; }
        const SetEntry* entry = data.find_set(node, state.queries[i].type);
        if (entry != nullptr) { data.prefetch(*entry); }
    }
}

void find_all(const SnapshotData& data, const AnswerState& state, Search& search) {
    if (data.exceeds_cache) { prefetch_steps(data, state, search); }
    for (const std::uint8_t i : search.queries()) {
        search.found[i] = find_name(data, state.queries[i], search.hashes[i]);
    }
}

void write_all(const SnapshotData& data, std::span<dns::Request> batch, AnswerState& state,
               const Search& search) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].reply_octets =
            write_reply(data, batch[i], state.queries[i], search.found[i], state);
    }
}

/// All that the passes call is made part of them here: what a packet takes is then some hundreds of
/// instructions in a row, with hardly a call among them.
[[gnu::flatten]] void answer_batch(const SnapshotData& data, std::span<dns::Request> batch,
                                   AnswerState& state) {
    Search search;
    read_all(data, batch, state, search);
    find_all(data, state, search);
    write_all(data, batch, state, search);
}

}  // namespace

// A function of its own even where only one caller is left, so that a profile has a name for it.
[[gnu::noinline]] void answer(const Snapshot& snapshot, std::span<dns::Request> batch,
                              AnswerState& state) {
    while (!batch.empty()) {
        const std::size_t count = std::min(batch.size(), kUdpBatch);
        answer_batch(snapshot.data(), batch.first(count), state);
        batch = batch.subspan(count);
    }
}

}  // namespace meridian::zones
