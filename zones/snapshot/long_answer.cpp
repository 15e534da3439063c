// Writes the answers that take more than one finished image.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/long_answer.h"

#include "meridian/dns/answer_writer.h"
#include "meridian/dns/message_name.h"
#include "zones/snapshot/alias_chain.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/hinted_set.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/reply.h"

namespace meridian::zones {
namespace {

using dns::AnswerWriter;
using dns::MessageName;
using dns::Placement;
using dns::Rcode;
using dns::Section;

/// Where the owner of a set lies that goes with another, as that one says. An image with owners of
/// its own is left alone.
std::uint16_t owner_of(const AdditionalSet& set, const dns::ImageFit& other) {
    return set.owner.is_somewhere() ? other.offset_of(set.owner) : std::uint16_t{kHeaderOctets};
}

/// What may spare the client its next question (RFC 1034 §4.3.2, step 6). It is never worth TC (RFC
/// 2181 §9), and ends with the first set that does not fit, so that the work has a bound.
void append_additional(Reply& reply, const LinkedSet& set, const dns::ImageFit& answer) {
    for (std::uint16_t i = 0; i < set.additional_count; ++i) {
        const AdditionalSet& each = reply.zone().additional[set.additional_begin + i];
        const dns::Image image = reply.zone().images.view(each.image);
        const std::uint16_t owner = i < set.own_count ? reply.owner() : owner_of(each, answer);
        if (!reply.writer.append(Section::Additional, image, owner)) { return; }
    }
}

/// The set with what goes along.
void append_linked_set(Reply& reply, const Node& node, const LinkedSet& set) {
    const dns::Image image = reply.zone().images.view(set.image);
    const dns::ImageFit answer = reply.writer.fit(image, reply.placement_of(node));
    if (reply.writer.append(Section::Answer, answer)) { append_additional(reply, set, answer); }
}

/// The SOA of NXDOMAIN and NODATA, which says for how long (RFC 2308 §2, §3). The scope stays 0:
/// caches keep negative answers for everybody (RFC 7871 §7.4).
Rcode write_negative(Reply& reply, Rcode rcode) {
    const ZoneData& zone = reply.zone();
    const Placement at_apex{reply.step.written, zone.apex_octets(), zone.apex_octets()};
    const dns::Image soa = zone.images.view(zone.negative_soa);
    (void)reply.writer.append(Section::Authority, reply.writer.fit(soa, at_apex));
    return rcode;
}

/// The referral to the zone cut above the name (RFC 1034 §4.3.2, step 3b).
Rcode write_referral(Reply& reply, std::uint32_t cut_number) {
    const ZoneData& zone = reply.zone();
    const Cut& cut = zone.cuts[cut_number];
    const dns::ImageFit nameservers = reply.writer.fit(
        zone.images.view(cut.nameservers), reply.placement_above(zone.names.node(cut.node)));
    if (!reply.writer.append(Section::Authority, nameservers)) { return Rcode::NoError; }
    for (std::uint16_t i = 0; i < cut.glue_count; ++i) {
        const AdditionalSet& each = zone.additional[cut.glue_begin + i];
        const dns::Image glue = zone.images.view(each.image);
        if (!reply.writer.append(Section::Additional, glue, owner_of(each, nameservers)) &&
            i < cut.required_glue_count) {
            reply.writer.set_truncated();  // RFC 9471 §2.1
        }
    }
    return Rcode::NoError;
}

/// It stands alone in the answer: what it leads to has another scope (RFC 7871 §7.2.1).
void append_steered_alias(Reply& reply, const SetEntry& entry) {
    const Choice choice = choose(reply.sources, *reply.step.found.zone, entry, reply.query,
                                 reply.request, reply.writer);
    const auto target = choice.image.octets.subspan(dns::first_rdata_at(choice.image));
    (void)reply.writer.append_cname(reply.owner(), choice.ttl_seconds,
                                    target.first(target.size() - 1), 0);
}

Rcode write_set(Reply& reply, const Node& node, const SetEntry& entry, bool is_chained) {
    const ZoneData& zone = reply.zone();
    switch (entry.kind) {
        case SetKind::Fixed:
            (void)append_answer(reply, node, zone.images.view(entry.ref));
            return Rcode::NoError;
        case SetKind::Linked:
            append_linked_set(reply, node, zone.linked_sets[entry.ref]);
            return Rcode::NoError;
        case SetKind::Alias:  // asked for by its own type
            (void)append_answer(reply, node, zone.images.view(zone.aliases[entry.ref].image));
            return Rcode::NoError;
        case SetKind::Steered:
            // Behind a CNAME a steered answer would be cached under a name that was not asked for:
            // the resolver is to ask for the target itself (DESIGN 2, rule 2; RFC 7871 §7.2.1).
            if (!is_chained) {
                const Choice choice = choose(reply.sources, *reply.step.found.zone, entry,
                                             reply.query, reply.request, reply.writer);
                (void)append_choice(reply.writer, reply.state, choice, reply.owner());
            }
            return Rcode::NoError;
        case SetKind::SteeredAlias:
            if (!is_chained) { append_steered_alias(reply, entry); }
            return Rcode::NoError;
        case SetKind::Hinted:
            if (!is_chained) { append_hinted_set(reply, zone.hinted_sets[entry.ref]); }
            return Rcode::NoError;
    }
    return Rcode::ServFail;
}

Rcode write_any(Reply& reply, const Node& node) {
    const SetEntry* alias = reply.zone().find_set(node, dns::Type::CNAME);
    if (alias != nullptr) { return write_set(reply, node, *alias, false); }
    if (node.set_count == 0) { return write_negative(reply, Rcode::NoError); }
    const SnapshotData& data = reply.sources.data;
    (void)append_answer(reply, node, data.images.view(data.minimal_any));
    return Rcode::NoError;
}

/// Whether a delegation is asked for its own DS, which is ours (RFC 4035 §3.1.4.1).
bool is_parent_side(const Reply& reply) {
    if (reply.query.type != dns::Type::DS) { return false; }
    const NodeId top = reply.zone().cuts[reply.step.found.cut].node;
    return reply.full_name_octets(reply.zone().names.node(top)) == reply.step.name_octets;
}

/// What a node answers for a type that it lacks. A zone's own DS is a matter of its parent: where
/// both are here, the parent answers (RFC 4035 §3.1.4.1), else the zone says that it has none.
Rcode write_no_data(Reply& reply, const Node& node) {
    const bool is_apex = node.name_octets == 0;
    if (reply.query.type == dns::Type::DS && is_apex) {
        const Found above = find_delegation_signer(reply.sources.data, *reply.step.found.zone);
        if (above.kind != FoundKind::NotOurs) { reply.step.found = above; }
        const Node& delegation = reply.zone().names.node(reply.step.found.node);
        const SetEntry* signers = reply.zone().find_set(delegation, dns::Type::DS);
        if (signers != nullptr) { return write_set(reply, delegation, *signers, false); }
    }
    return write_negative(reply, Rcode::NoError);
}

/// Answers for a name that was found, following aliases (RFC 1034 §4.3.2, step 3a), from zone to
/// zone as long as they are here. A resolver that asked about one zone need not believe what
/// another one holds, but may; NSD does the same, Knot DNS stops at the zone's edge. A chain that
/// runs into a delegation ends with its referral (step 3b), under the AA of the first name (RFC
/// 2181 §10.1.1).
Rcode write_chain(Reply& reply) {
    const dns::Type type = reply.query.type;
    PassedAliases passed(reply.request.buffer);
    Rcode rcode = Rcode::NoError;
    for (bool is_chained = false;; is_chained = true) {
        Found& found = reply.step.found;
        switch (found.kind) {
            case FoundKind::NotOurs:  // the resolver goes on elsewhere
                return Rcode::NoError;
            case FoundKind::NoSuchName:  // of the last name in the chain (RFC 6604 §3)
                return write_negative(reply, Rcode::NXDomain);
            case FoundKind::Redirected:
                if (pass_dname(reply, passed, rcode)) { continue; }
                return rcode;
            case FoundKind::Delegated:
                if (!is_parent_side(reply)) { return write_referral(reply, found.cut); }
                found.node = reply.zone().cuts[found.cut].node;
                break;
            case FoundKind::Node:
                break;
        }
        const ZoneData& zone = reply.zone();
        const Node& node = zone.names.node(found.node);
        if (type == dns::Type::ANY) { return write_any(reply, node); }
        if (const SetEntry* entry = zone.find_set(node, type); entry != nullptr) {
            const bool is_in_answer = type == dns::Type::DNAME && passed.target_of(node) != 0;
            if (is_in_answer) { return Rcode::NoError; }
            return write_set(reply, node, *entry, is_chained);
        }
        const SetEntry* cname = zone.find_set(node, dns::Type::CNAME);
        if (cname == nullptr) { return write_no_data(reply, node); }
        if (cname->kind == SetKind::SteeredAlias) {
            return write_set(reply, node, *cname, is_chained);
        }
        if (!pass_cname(reply, node, *cname, passed)) { break; }
    }
    return rcode;
}

}  // namespace

// noinline: see answer_batch in answer.cpp.
[[gnu::noinline]] void write_at_length(const AnswerSources& sources, dns::Request& request,
                                       const dns::Query& query, const Found& found,
                                       AnswerState& state) {
    AnswerWriter writer(query, request.buffer, dns::answer_opt_octets(query.edns));
    writer.set_authoritative(found.kind != FoundKind::Delegated);
    const MessageName question{.octets = query.name_octets};
    Reply reply{sources, request, query, state, writer, {found, query.name_octets, question}};
    finish(request, writer, write_chain(reply));
}

}  // namespace meridian::zones
