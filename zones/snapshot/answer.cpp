// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/answer.h"

#include <algorithm>

#include "meridian/dns/answer_writer.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::AnswerWriter;
using dns::Placement;
using dns::Rcode;
using dns::Section;

/// Octets of a record before its RDATA: owner pointer, TYPE, CLASS, TTL, RDLENGTH.
constexpr std::size_t kRecordFrontOctets = 12;

/// One query's answer in the making: all that its parts need to know.
struct Reply {
    const SnapshotData& data;
    const dns::Request& request;
    const dns::Query& query;
    AnswerState& state;
    AnswerWriter& writer;
    Placement placement;
};

/// A number below `count`, each about equally often (xorshift64*).
std::uint16_t next_start(AnswerState& state, std::uint16_t count) {
    std::uint64_t x = state.rotation;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    state.rotation = x;
    return static_cast<std::uint16_t>((((x * 0x2545f4914f6cdd1d) >> 32) * count) >> 32);
}

/// Appends an answer of at most `most` records; where several addresses stand, each comes first in
/// turn. The writer sets TC when they do not fit, and then nothing else is owed.
void append_answer(Reply& reply, ImageRef ref, std::uint16_t most) {
    const dns::Image image = reply.data.images.view(ref);
    if (image.stride_octets == 0 || image.record_count == 1) {
        (void)reply.writer.append(Section::Answer, image, reply.placement);
        return;
    }
    const std::uint16_t first = next_start(reply.state, image.record_count);
    const std::uint16_t count = std::min(most, image.record_count);
    (void)reply.writer.append_rotated(Section::Answer, image, reply.placement, first, count);
}

/// NXDOMAIN or NODATA with the SOA that says how long (RFC 2308 §2, §3). The scope stays 0: caches
/// keep negative answers for everybody (RFC 7871 §7.4).
std::size_t write_negative(Reply& reply, std::uint16_t zone, Rcode rcode) {
    const Placement at_apex{reply.placement.apex, reply.placement.apex};
    const dns::Image soa = reply.data.images.view(reply.data.zones[zone].negative_soa);
    (void)reply.writer.append(Section::Authority, soa, at_apex);
    return reply.writer.finish(rcode);
}

/// The referral to the zone cut above the name of `name_octets` at `placement.owner`: QNAME, or the
/// target of an alias (RFC 1034 §4.3.2, step 3b).
std::size_t write_referral(Reply& reply, std::uint32_t cut_number, std::size_t name_octets) {
    const Cut& cut = reply.data.cuts[cut_number];
    const std::size_t cut_octets = reply.data.names.node(cut.node).name_octets;
    Placement at_cut = reply.placement;
    at_cut.owner = static_cast<std::uint16_t>(at_cut.owner + name_octets - cut_octets);
    const dns::Image nameservers = reply.data.images.view(cut.nameservers);
    if (reply.writer.append(Section::Authority, nameservers, at_cut)) {
        const Placement own_owners{kHeaderOctets, reply.placement.apex};
        for (std::uint16_t i = 0; i < cut.glue_count; ++i) {
            const dns::Image glue = reply.data.images.view(reply.data.glue[cut.glue_begin + i]);
            if (!reply.writer.append(Section::Additional, glue, own_owners) &&
                i < cut.required_glue_count) {
                reply.writer.set_truncated();  // RFC 9471 §2.1
            }
        }
    }
    return reply.writer.finish(Rcode::NoError);
}

std::size_t write_steered(Reply& reply, const SetEntry& entry) {
    const SteeredSet& steered = reply.data.steered_sets[entry.ref];
    const PolicyTable& table = reply.data.policy_tables[steered.table];
    const RoutedClient client =
        route_client(table, reply.query.edns.client_subnet, reply.request.peer.address);
    reply.writer.set_scope(client.scope_bits);
    const Variant& variant = reply.data.variants[steered.variants_begin + client.ranking];
    append_answer(reply, variant[entry.type == dns::Type::A ? 0 : 1], table.max_addresses);
    return reply.writer.finish(Rcode::NoError);
}

std::size_t write_set(Reply& reply, const SetEntry& entry, bool is_chained) {
    switch (entry.kind) {
        case SetKind::Fixed:
            append_answer(reply, entry.ref, 0xffff);
            return reply.writer.finish(Rcode::NoError);
        case SetKind::Alias:  // asked for by its own type
            append_answer(reply, reply.data.aliases[entry.ref].image, 1);
            return reply.writer.finish(Rcode::NoError);
        case SetKind::Steered:
            // Behind a CNAME a steered answer would be cached under a name that nobody asked for:
            // the resolver is to ask for the target itself (DESIGN 2, rule 2; RFC 7871 §7.2.1).
            if (is_chained) { return reply.writer.finish(Rcode::NoError); }
            return write_steered(reply, entry);
    }
    return reply.writer.finish(Rcode::ServFail);
}

std::size_t write_any(Reply& reply, const Node& node) {
    const SetEntry* alias = reply.data.find_set(node, dns::Type::CNAME);
    if (alias != nullptr) { return write_set(reply, *alias, false); }
    if (node.set_count == 0) { return write_negative(reply, node.zone, Rcode::NoError); }
    append_answer(reply, reply.data.minimal_any, 1);
    return reply.writer.finish(Rcode::NoError);
}

/// Whether an alias leads to the very top of a delegation: there DS is ours (RFC 4035 §3.1.4.1).
bool ends_at_cut(const SnapshotData& data, const Alias& alias) {
    const NodeId top = data.cuts[alias.cut].node;
    return alias.end == AliasEnd::Delegated &&
           data.names.node(top).name_octets == alias.target_octets;
}

/// Answers from a node, following CNAMEs inside the zone (RFC 1034 §4.3.2, step 3a).
std::size_t write_from_node(Reply& reply, NodeId id) {
    const dns::Type type = reply.query.type;
    std::array<std::uint32_t, kMaxCnameHops + 1> passed;  // the aliases so far
    for (std::size_t hop = 0; hop <= kMaxCnameHops; ++hop) {
        const Node& node = reply.data.names.node(id);
        if (type == dns::Type::ANY) { return write_any(reply, node); }
        if (const SetEntry* entry = reply.data.find_set(node, type); entry != nullptr) {
            return write_set(reply, *entry, hop > 0);
        }
        const SetEntry* cname = reply.data.find_set(node, dns::Type::CNAME);
        if (cname == nullptr) { return write_negative(reply, node.zone, Rcode::NoError); }

        // Round and round, no record stands twice in an answer (RFC 2181 §5).
        const auto passed_end = passed.begin() + static_cast<std::ptrdiff_t>(hop);
        if (std::find(passed.begin(), passed_end, cname->ref) != passed_end) { break; }
        passed[hop] = cname->ref;

        const Alias& alias = reply.data.aliases[cname->ref];
        const std::size_t target_at = reply.writer.position() + kRecordFrontOctets;
        const dns::Image image = reply.data.images.view(alias.image);
        if (!reply.writer.append(Section::Answer, image, reply.placement)) { break; }
        reply.placement.owner = static_cast<std::uint16_t>(target_at);
        switch (alias.end) {
            case AliasEnd::Node:
                id = alias.target;
                break;
            case AliasEnd::Outside:
                return reply.writer.finish(Rcode::NoError);
            case AliasEnd::Nonexistent:
                return write_negative(reply, node.zone, Rcode::NXDomain);
            case AliasEnd::Delegated:
                if (type == dns::Type::DS && ends_at_cut(reply.data, alias)) {
                    id = reply.data.cuts[alias.cut].node;
                    break;
                }
                return write_referral(reply, alias.cut, alias.target_octets);
        }
    }
    return reply.writer.finish(Rcode::NoError);
}

std::size_t write_reply(const SnapshotData& data, const dns::Request& request,
                        const dns::Query& query, const Found& found, AnswerState& state) {
    if (!query.deserves_reply) { return 0; }
    AnswerWriter writer(query, request.buffer);
    if (query.error != Rcode::NoError) { return writer.finish(query.error); }
    if (found.kind == FoundKind::NotOurs) { return writer.finish(Rcode::Refused); }

    Reply reply{data, request, query, state, writer, {}};
    const std::size_t apex_octets = data.zones[found.zone].apex_octets;
    reply.placement.apex =
        static_cast<std::uint16_t>(kHeaderOctets + query.name_octets - apex_octets);
    if (found.kind == FoundKind::Delegated) {
        return write_referral(reply, found.cut, query.name_octets);
    }
    writer.set_authoritative(true);
    if (found.kind == FoundKind::NoSuchName) {
        return write_negative(reply, found.zone, Rcode::NXDomain);
    }
    return write_from_node(reply, found.node);
}

void answer_batch(const SnapshotData& data, std::span<dns::Request> batch, AnswerState& state) {
    std::array<std::uint64_t, kUdpBatch> hashes;
    std::array<Found, kUdpBatch> found;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        dns::Query& query = state.queries[i];
        const auto transport = batch[i].over_stream ? dns::Transport::Stream : dns::Transport::Udp;
        dns::read_query(batch[i].buffer.first(batch[i].query_octets), transport, query);
        if (!query.deserves_reply || query.error != Rcode::NoError) { continue; }
        hashes[i] = data.names.hash(query.name_wire());
        data.names.prefetch(hashes[i]);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const dns::Query& query = state.queries[i];
        if (!query.deserves_reply || query.error != Rcode::NoError) { continue; }
        found[i] = find_name(data, query, hashes[i]);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i].reply_octets = write_reply(data, batch[i], state.queries[i], found[i], state);
    }
}

}  // namespace

void answer(const Snapshot& snapshot, std::span<dns::Request> batch, AnswerState& state) {
    while (!batch.empty()) {
        const std::size_t count = std::min(batch.size(), kUdpBatch);
        answer_batch(snapshot.data(), batch.first(count), state);
        batch = batch.subspan(count);
    }
}

}  // namespace meridian::zones
