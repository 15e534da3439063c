// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/answer.h"

#include <algorithm>

#include "meridian/bytes.h"
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
constexpr std::size_t kTtlAt = 6;  ///< In a record.

/// One query's answer in the making: all that its parts need to know. Each of them returns the
/// response code that the answer is finished with.
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
/// turn. The writer sets TC when they do not fit, and then nothing else is owed: returns false.
bool append_image(AnswerWriter& writer, AnswerState& state, const dns::Image& image,
                  const Placement& placement, std::uint16_t most) {
    if (image.stride_octets == 0 || image.record_count == 1) {
        return writer.append(Section::Answer, image, placement);
    }
    const std::uint16_t first = next_start(state, image.record_count);
    const std::uint16_t count = std::min(most, image.record_count);
    return writer.append_rotated(Section::Answer, image, placement, first, count);
}

bool append_answer(Reply& reply, ImageRef ref, std::uint16_t most) {
    return append_image(reply.writer, reply.state, reply.data.images.view(ref), reply.placement,
                        most);
}

/// What may spare the client its next question (RFC 1034 §4.3.2, step 6). It is never worth TC (RFC
/// 2181 §9), and ends with the first set that does not fit, so that the work has a bound.
[[gnu::noinline]] void append_additional(Reply& reply, const LinkedSet& set) {
    const Placement own_owners{kHeaderOctets, reply.placement.apex};
    for (std::uint16_t i = 0; i < set.additional_count; ++i) {
        const ImageRef ref = reply.data.additional[set.additional_begin + i];
        const Placement placement = i < set.own_count ? reply.placement : own_owners;
        const dns::Image image = reply.data.images.view(ref);
        if (!reply.writer.append(Section::Additional, image, placement)) { return; }
    }
}

/// The SOA of NXDOMAIN and NODATA, which says for how long (RFC 2308 §2, §3). `apex` is where the
/// zone's apex lies. The scope stays 0: caches keep negative answers for everybody (RFC 7871 §7.4).
void append_negative_soa(const SnapshotData& data, std::uint16_t zone, std::uint16_t apex,
                         AnswerWriter& writer) {
    const dns::Image soa = data.images.view(data.zones[zone].negative_soa);
    (void)writer.append(Section::Authority, soa, {apex, apex});
}

Rcode write_negative(Reply& reply, std::uint16_t zone, Rcode rcode) {
    append_negative_soa(reply.data, zone, reply.placement.apex, reply.writer);
    return rcode;
}

/// The referral to the zone cut above the name of `name_octets` at `placement.owner`: QNAME, or the
/// target of an alias (RFC 1034 §4.3.2, step 3b).
[[gnu::noinline]] Rcode write_referral(Reply& reply, std::uint32_t cut_number,
                                       std::size_t name_octets) {
    const Cut& cut = reply.data.cuts[cut_number];
    const std::size_t cut_octets = reply.data.names.node(cut.node).name_octets;
    Placement at_cut = reply.placement;
    at_cut.owner = static_cast<std::uint16_t>(at_cut.owner + name_octets - cut_octets);
    const dns::Image nameservers = reply.data.images.view(cut.nameservers);
    if (reply.writer.append(Section::Authority, nameservers, at_cut)) {
        const Placement own_owners{kHeaderOctets, reply.placement.apex};
        for (std::uint16_t i = 0; i < cut.glue_count; ++i) {
            const dns::Image glue =
                reply.data.images.view(reply.data.additional[cut.glue_begin + i]);
            if (!reply.writer.append(Section::Additional, glue, own_owners) &&
                i < cut.required_glue_count) {
                reply.writer.set_truncated();  // RFC 9471 §2.1
            }
        }
    }
    return Rcode::NoError;
}

/// What a set answers to one client.
struct Choice {
    ImageRef image = 0;
    std::uint16_t most = 0xffff;  ///< Records of it in one answer.
};

/// Expects a steered set. The scope says for whom else the choice holds.
Choice choose_variant(const SnapshotData& data, const SetEntry& entry, const dns::Query& query,
                      const dns::Request& request, AnswerWriter& writer) {
    const SteeredSet& steered = data.steered_sets[entry.ref];
    const PolicyTable& table = data.policy_tables[steered.table];
    const RoutedClient client = route_client(table, query.edns.client_subnet, request.peer.address);
    writer.set_scope(client.scope_bits);
    const Variant& variant = data.variants[steered.variants_begin + client.ranking];
    return {variant[entry.type == dns::Type::A ? 0 : 1], table.max_addresses};
}

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
    if (!image.apex_pointers.empty()) { return false; }
    (void)append_image(writer, state, image, {}, choice.most);
    return true;
}

Rcode write_set(Reply& reply, const SetEntry& entry, bool is_chained) {
    switch (entry.kind) {
        case SetKind::Fixed:
            (void)append_answer(reply, entry.ref, 0xffff);
            return Rcode::NoError;
        case SetKind::Linked: {
            const LinkedSet& set = reply.data.linked_sets[entry.ref];
            if (append_answer(reply, set.image, 0xffff)) { append_additional(reply, set); }
            return Rcode::NoError;
        }
        case SetKind::Alias:  // asked for by its own type
            (void)append_answer(reply, reply.data.aliases[entry.ref].image, 1);
            return Rcode::NoError;
        case SetKind::Steered:
            // Behind a CNAME a steered answer would be cached under a name that nobody asked for:
            // the resolver is to ask for the target itself (DESIGN 2, rule 2; RFC 7871 §7.2.1).
            if (!is_chained) {
                const Choice choice =
                    choose_variant(reply.data, entry, reply.query, reply.request, reply.writer);
                (void)append_answer(reply, choice.image, choice.most);
            }
            return Rcode::NoError;
    }
    return Rcode::ServFail;
}

[[gnu::noinline]] Rcode write_any(Reply& reply, const Node& node) {
    const SetEntry* alias = reply.data.find_set(node, dns::Type::CNAME);
    if (alias != nullptr) { return write_set(reply, *alias, false); }
    if (node.set_count == 0) { return write_negative(reply, node.zone, Rcode::NoError); }
    (void)append_answer(reply, reply.data.minimal_any, 1);
    return Rcode::NoError;
}

/// How far a chain of aliases has come: what was found for the name that it is at.
struct ChainStep {
    Found found;
    std::size_t name_octets = 0;
};

/// The aliases that a chain has passed. Round and round, no record stands twice in an answer
/// (RFC 2181 §5).
class PassedAliases {
public:
    /// Returns false for what was passed before, and at the end of our patience.
    bool add(std::uint64_t alias) {
        if (count_ == seen_.size()) { return false; }
        const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(count_);
        if (std::find(seen_.begin(), end, alias) != end) { return false; }
        seen_[count_++] = alias;
        return true;
    }

    /// A DNAME may redirect several names of one chain, each of which counts.
    bool add_redirection(NodeId dname, std::size_t name_octets) {
        return add(redirections_of(dname) | name_octets);
    }

    [[nodiscard]] bool has_redirection(NodeId dname) const {
        const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(count_);
        return std::any_of(seen_.begin(), end, [dname](std::uint64_t alias) {
            return (alias & ~std::uint64_t{0xff}) == redirections_of(dname);
        });
    }

private:
    static std::uint64_t redirections_of(NodeId dname) {  // no CNAME has the highest bit
        return (std::uint64_t{1} << 63) | (std::uint64_t{dname} << 8);
    }

    std::array<std::uint64_t, kMaxCnameHops + 1> seen_;
    std::size_t count_ = 0;
};

/// Whether a delegation is asked for its own DS, which is ours (RFC 4035 §3.1.4.1).
bool is_parent_side(const Reply& reply, const ChainStep& step) {
    if (reply.query.type != dns::Type::DS) { return false; }
    const NodeId top = reply.data.cuts[step.found.cut].node;
    return reply.data.names.node(top).name_octets == step.name_octets;
}

/// Steps to the target of an alias, a name that lies at `target_at`. In another zone of ours its
/// end is the new apex: the name may end in a pointer to the old one, which can only be shorter.
void step_to(Reply& reply, ChainStep& step, const ChainStep& next, std::size_t target_at) {
    reply.placement.owner = static_cast<std::uint16_t>(target_at);
    if (next.found.kind != FoundKind::NotOurs && next.found.zone != step.found.zone) {
        const std::size_t apex_octets = reply.data.zones[next.found.zone].apex_octets;
        reply.placement.apex =
            static_cast<std::uint16_t>(target_at + next.name_octets - apex_octets);
    }
    step = next;
}

/// Appends the CNAME of a node and steps to its target; false where the answer ends here.
[[gnu::noinline]] bool pass_cname(Reply& reply, const SetEntry& cname, PassedAliases& passed,
                                  ChainStep& step) {
    if (!passed.add(cname.ref)) { return false; }
    const Alias& alias = reply.data.aliases[cname.ref];
    const std::size_t target_at = reply.writer.position() + kRecordFrontOctets;
    const dns::Image image = reply.data.images.view(alias.image);
    if (!reply.writer.append(Section::Answer, image, reply.placement)) { return false; }
    step_to(reply, step, {alias.target, alias.target_octets}, target_at);
    return true;
}

/// The name that a DNAME puts in the place of one below it: the labels in `front` of its owner stay
/// (RFC 6672 §2.2). Fills `name`; returns its length, 0 when it is longer than a name may be.
std::size_t redirected_name(std::span<const std::uint8_t> front,
                            std::span<const std::uint8_t> target,
                            std::span<std::uint8_t, kMaxNameOctets> name) {
    if (front.size() + target.size() > name.size()) { return 0; }
    const auto rest = std::copy(front.begin(), front.end(), name.begin());
    std::copy(target.begin(), target.end(), rest);
    return front.size() + target.size();
}

/// Appends the DNAME above a name and the CNAME that it makes (RFC 6672 §3.1), and steps to the
/// target. False where the answer ends here, with `rcode`.
[[gnu::noinline]] bool pass_dname(Reply& reply, PassedAliases& passed, ChainStep& step,
                                  Rcode& rcode) {
    const NodeId id = step.found.node;
    const Node& node = reply.data.names.node(id);
    const bool is_in_answer = passed.has_redirection(id);
    if (!passed.add_redirection(id, step.name_octets)) { return false; }

    const SetEntry* dname = reply.data.find_set(node, dns::Type::DNAME);
    const dns::Image image = reply.data.images.view(dname->ref);
    const std::size_t front_octets = step.name_octets - node.name_octets;
    const std::size_t apex_octets = reply.data.zones[node.zone].apex_octets;
    Placement at_dname = reply.placement;
    at_dname.owner = node.name_octets == apex_octets
                         ? reply.placement.apex
                         : static_cast<std::uint16_t>(reply.placement.owner + front_octets);
    if (!is_in_answer && !reply.writer.append(Section::Answer, image, at_dname)) { return false; }

    std::array<std::uint8_t, kMaxNameOctets> name;
    const auto front = reply.request.buffer.subspan(reply.placement.owner, front_octets);
    const std::size_t octets =
        redirected_name(front, image.octets.subspan(kRecordFrontOctets), name);
    if (octets == 0) {
        rcode = Rcode::YXDomain;
        return false;
    }
    const std::span<const std::uint8_t> target(name.data(), octets);
    const std::size_t target_at = reply.writer.position() + kRecordFrontOctets;
    const std::uint32_t ttl_seconds = load_u32(image.octets, kTtlAt);
    if (!reply.writer.append_cname(reply.placement.owner, ttl_seconds, target)) { return false; }
    if (reply.query.type == dns::Type::CNAME) { return false; }  // it has its answer
    const Found found = find_name(reply.data, target, reply.query.type);
    step_to(reply, step, {found, octets}, target_at);
    return true;
}

/// What a node answers for a type that it lacks. A zone's own DS is a matter of its parent: where
/// both are here, the parent answers (RFC 4035 §3.1.4.1), else the zone says that it has none.
Rcode write_no_data(Reply& reply, const Node& node) {
    const ZoneFacts& zone = reply.data.zones[node.zone];
    const bool is_parents = reply.query.type == dns::Type::DS && zone.parent != kNoZone &&
                            node.name_octets == zone.apex_octets;
    if (!is_parents) { return write_negative(reply, node.zone, Rcode::NoError); }
    reply.placement.apex = static_cast<std::uint16_t>(reply.placement.apex + zone.apex_octets -
                                                      reply.data.zones[zone.parent].apex_octets);
    if (zone.delegation_signer == 0) { return write_negative(reply, zone.parent, Rcode::NoError); }
    (void)append_answer(reply, zone.delegation_signer, 0xffff);
    return Rcode::NoError;
}

/// Answers for a name that was found, following aliases (RFC 1034 §4.3.2, step 3a), from zone to
/// zone as long as they are here. A resolver that asked about one zone need not believe what
/// another one holds, but may; NSD does the same, Knot DNS stops at the zone's edge. A chain that
/// runs into a delegation ends with its referral (step 3b), under the AA of the first name (RFC
/// 2181 §10.1.1).
[[gnu::noinline]] Rcode write_chain(Reply& reply, ChainStep step) {
    const dns::Type type = reply.query.type;
    PassedAliases passed;
    Rcode rcode = Rcode::NoError;
    for (bool is_chained = false;; is_chained = true) {
        switch (step.found.kind) {
            case FoundKind::NotOurs:  // the resolver goes on elsewhere
                return Rcode::NoError;
            case FoundKind::NoSuchName:  // of the last name in the chain (RFC 6604 §3)
                return write_negative(reply, step.found.zone, Rcode::NXDomain);
            case FoundKind::Redirected:
                if (pass_dname(reply, passed, step, rcode)) { continue; }
                return rcode;
            case FoundKind::Delegated:
                if (!is_parent_side(reply, step)) {
                    return write_referral(reply, step.found.cut, step.name_octets);
                }
                step.found.node = reply.data.cuts[step.found.cut].node;
                break;
            case FoundKind::Node:
                break;
        }
        const Node& node = reply.data.names.node(step.found.node);
        if (type == dns::Type::ANY) { return write_any(reply, node); }
        if (const SetEntry* entry = reply.data.find_set(node, type); entry != nullptr) {
            const bool is_in_answer =
                type == dns::Type::DNAME && passed.has_redirection(step.found.node);
            if (is_in_answer) { return Rcode::NoError; }
            return write_set(reply, *entry, is_chained);
        }
        const SetEntry* cname = reply.data.find_set(node, dns::Type::CNAME);
        if (cname == nullptr) { return write_no_data(reply, node); }
        if (!pass_cname(reply, *cname, passed, step)) { break; }
    }
    return rcode;
}

/// Where the apex of a zone lies in the message: it ends QNAME.
std::uint16_t apex_in_question(const SnapshotData& data, const dns::Query& query,
                               std::uint16_t zone) {
    const std::size_t apex_octets = data.zones[zone].apex_octets;
    return static_cast<std::uint16_t>(kHeaderOctets + query.name_octets - apex_octets);
}

/// What takes more than `write_reply` does. With a writer of its own: that of most queries is then
/// seen by nobody else, and lives in registers.
[[gnu::noinline]] std::size_t write_at_length(const SnapshotData& data, const dns::Request& request,
                                              const dns::Query& query, const Found& found,
                                              AnswerState& state) {
    AnswerWriter writer(query, request.buffer);
    writer.set_authoritative(found.kind != FoundKind::Delegated);
    const Placement placement{.apex = apex_in_question(data, query, found.zone)};
    Reply reply{data, request, query, state, writer, placement};
    return writer.finish(write_chain(reply, {found, query.name_octets}));
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
        const std::uint16_t apex = apex_in_question(data, query, found.zone);
        append_negative_soa(data, found.zone, apex, writer);
        return writer.finish(Rcode::NXDomain);
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
