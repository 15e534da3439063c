// Writes the answers that take more than one finished image.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/long_answer.h"

#include <algorithm>
#include <array>
#include <span>

#include "meridian/bytes.h"
#include "meridian/dns/answer_writer.h"
#include "meridian/dns/message_name.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/passed_aliases.h"

namespace meridian::zones {
namespace {

using dns::AnswerWriter;
using dns::MessageName;
using dns::Placement;
using dns::Rcode;
using dns::Section;

/// Of a record that has a pointer for its owner, before its RDATA: owner, TYPE, CLASS, TTL,
/// RDLENGTH.
constexpr std::size_t kRecordFrontOctets = 12;

/// The name that is answered for: QNAME, or how far a chain of aliases has come.
struct Step {
    Found found;
    std::uint8_t name_octets = 1;
    /// A name of the message that the name ends, or is.
    MessageName written;
};

/// One query's answer in the making: all that its parts need to know. Each of them returns the
/// response code that the answer is finished with.
struct Reply {
    const SnapshotData& data;
    const dns::Request& request;
    const dns::Query& query;
    AnswerState& state;
    AnswerWriter& writer;
    Step step;

    /// Where a suffix of the name lies that has so many octets.
    [[nodiscard]] std::uint16_t place_of_suffix(std::size_t octets) const {
        return static_cast<std::uint16_t>(
            dns::place_in_name(request.buffer, step.written.at, step.written.octets - octets));
    }
    [[nodiscard]] std::uint16_t owner() const { return place_of_suffix(step.name_octets); }
    /// For images of a node, whose owner is the name, be it by a wildcard.
    [[nodiscard]] Placement placement_of(const Node& node) const {
        return {step.written, step.name_octets, image_suffix_octets(node)};
    }
    /// For images of a node above the name.
    [[nodiscard]] Placement placement_above(const Node& node) const {
        return {step.written, node.name_octets, image_suffix_octets(node)};
    }

private:
    [[nodiscard]] std::uint8_t image_suffix_octets(const Node& node) const {
        return static_cast<std::uint8_t>(data.image_suffix(node).size());
    }
};

/// Appends an image of `node` as the answer. The writer sets TC when it does not fit, and then
/// nothing else is owed: returns false.
bool append_answer(Reply& reply, const Node& node, ImageRef ref, std::uint16_t most) {
    const dns::Image image = reply.data.images.view(ref);
    if (image.pointers.empty()) {
        return append_addresses(reply.writer, reply.state, image, reply.owner(), most);
    }
    return reply.writer.append(Section::Answer, reply.writer.fit(image, reply.placement_of(node)));
}

/// Where the owner of a set lies that goes with another, as that one says. An image with owners of
/// its own is left alone.
std::uint16_t owner_of(const AdditionalSet& set, const dns::ImageFit& other) {
    return set.owner.is_somewhere() ? other.place_of(set.owner) : std::uint16_t{kHeaderOctets};
}

/// What may spare the client its next question (RFC 1034 §4.3.2, step 6). It is never worth TC (RFC
/// 2181 §9), and ends with the first set that does not fit, so that the work has a bound.
void append_additional(Reply& reply, const LinkedSet& set, const dns::ImageFit& answer) {
    for (std::uint16_t i = 0; i < set.additional_count; ++i) {
        const AdditionalSet& each = reply.data.additional[set.additional_begin + i];
        const dns::Image image = reply.data.images.view(each.image);
        const std::uint16_t owner = i < set.own_count ? reply.owner() : owner_of(each, answer);
        if (!reply.writer.append(Section::Additional, image, owner)) { return; }
    }
}

/// The set with what goes along.
[[gnu::noinline]] void append_linked_set(Reply& reply, const Node& node, const LinkedSet& set) {
    const dns::Image image = reply.data.images.view(set.image);
    const dns::ImageFit answer = reply.writer.fit(image, reply.placement_of(node));
    if (reply.writer.append(Section::Answer, answer)) { append_additional(reply, set, answer); }
}

/// The SOA of NXDOMAIN and NODATA, which says for how long (RFC 2308 §2, §3). The scope stays 0:
/// caches keep negative answers for everybody (RFC 7871 §7.4).
Rcode write_negative(Reply& reply, std::uint16_t zone, Rcode rcode) {
    const ZoneFacts& facts = reply.data.zones[zone];
    const Placement at_apex{reply.step.written, facts.apex_octets, facts.apex_octets};
    const dns::Image soa = reply.data.images.view(facts.negative_soa);
    (void)reply.writer.append(Section::Authority, reply.writer.fit(soa, at_apex));
    return rcode;
}

/// The referral to the zone cut above the name (RFC 1034 §4.3.2, step 3b).
[[gnu::noinline]] Rcode write_referral(Reply& reply, std::uint32_t cut_number) {
    const Cut& cut = reply.data.cuts[cut_number];
    const dns::ImageFit nameservers =
        reply.writer.fit(reply.data.images.view(cut.nameservers),
                         reply.placement_above(reply.data.names.node(cut.node)));
    if (!reply.writer.append(Section::Authority, nameservers)) { return Rcode::NoError; }
    for (std::uint16_t i = 0; i < cut.glue_count; ++i) {
        const AdditionalSet& each = reply.data.additional[cut.glue_begin + i];
        const dns::Image glue = reply.data.images.view(each.image);
        if (!reply.writer.append(Section::Additional, glue, owner_of(each, nameservers)) &&
            i < cut.required_glue_count) {
            reply.writer.set_truncated();  // RFC 9471 §2.1
        }
    }
    return Rcode::NoError;
}

Rcode write_set(Reply& reply, const Node& node, const SetEntry& entry, bool is_chained) {
    switch (entry.kind) {
        case SetKind::Fixed:
            (void)append_answer(reply, node, entry.ref, 0xffff);
            return Rcode::NoError;
        case SetKind::Linked:
            append_linked_set(reply, node, reply.data.linked_sets[entry.ref]);
            return Rcode::NoError;
        case SetKind::Alias:  // asked for by its own type
            (void)append_answer(reply, node, reply.data.aliases[entry.ref].image, 1);
            return Rcode::NoError;
        case SetKind::Steered:
            // Behind a CNAME a steered answer would be cached under a name that nobody asked for:
            // the resolver is to ask for the target itself (DESIGN 2, rule 2; RFC 7871 §7.2.1).
            if (!is_chained) {
                const Choice choice =
                    choose_variant(reply.data, entry, reply.query, reply.request, reply.writer);
                (void)append_answer(reply, node, choice.image, choice.most);
            }
            return Rcode::NoError;
    }
    return Rcode::ServFail;
}

[[gnu::noinline]] Rcode write_any(Reply& reply, const Node& node) {
    const SetEntry* alias = reply.data.find_set(node, dns::Type::CNAME);
    if (alias != nullptr) { return write_set(reply, node, *alias, false); }
    if (node.set_count == 0) { return write_negative(reply, node.zone, Rcode::NoError); }
    (void)append_answer(reply, node, reply.data.minimal_any, 1);
    return Rcode::NoError;
}

/// Whether a delegation is asked for its own DS, which is ours (RFC 4035 §3.1.4.1).
bool is_parent_side(const Reply& reply) {
    if (reply.query.type != dns::Type::DS) { return false; }
    const NodeId top = reply.data.cuts[reply.step.found.cut].node;
    return reply.data.names.node(top).name_octets == reply.step.name_octets;
}

/// Steps to the target of an alias whose RDATA begins at `rdata_at`.
void step_to(Reply& reply, const Found& found, std::size_t name_octets, std::size_t rdata_at) {
    Step& step = reply.step;
    step.found = found;
    step.name_octets = static_cast<std::uint8_t>(name_octets);
    // Where RDATA is nothing but a pointer, the target ends the name before.
    const bool is_new = dns::place_in_name(reply.request.buffer, rdata_at, 0) == rdata_at;
    if (is_new) { step.written = {static_cast<std::uint16_t>(rdata_at), step.name_octets, true}; }
}

/// Appends the CNAME of a node and steps to its target; false where the answer ends here.
[[gnu::noinline]] bool pass_cname(Reply& reply, const Node& node, const SetEntry& cname,
                                  PassedAliases& passed) {
    if (!passed.add(cname.ref, reply.owner())) { return false; }
    const Alias& alias = reply.data.aliases[cname.ref];
    const std::size_t rdata_at = reply.writer.position() + kRecordFrontOctets;
    if (!append_answer(reply, node, alias.image, 1)) { return false; }
    step_to(reply, alias.target, alias.target_octets, rdata_at);
    return true;
}

/// Appends a DNAME that is not in the answer yet; returns where its target lies, 0 where it does
/// not fit.
std::uint16_t append_dname(Reply& reply, const Node& node, const dns::Image& image) {
    const std::size_t target_at = reply.writer.position() + dns::first_rdata_at(image);
    const std::uint16_t owner = reply.place_of_suffix(node.name_octets);
    const bool fits = reply.writer.append(Section::Answer, image, owner);
    return fits ? static_cast<std::uint16_t>(target_at) : std::uint16_t{0};
}

/// A suffix of a name that is being written, and where it lies in the message.
struct WrittenSuffix {
    std::uint16_t at;
    std::size_t octets;
};

/// Appends the CNAME from the name to `made`, which ends in the target of a DNAME. Where the name
/// before ends in more of it (a DNAME that points to its own owner or above it), that is pointed
/// to.
bool append_made_cname(Reply& reply, std::uint32_t ttl_seconds, std::span<const std::uint8_t> made,
                       WrittenSuffix rest) {
    std::array<std::uint8_t, kMaxNameOctets> labels;
    const MessageName& written = reply.step.written;
    const auto before = std::span(labels).first(written.octets - 1u);
    dns::copy_front_of_name(reply.request.buffer, written.at, before);
    const std::size_t shared = dns::shared_label_octets(made.first(made.size() - 1), before) + 1;
    if (shared > rest.octets) { rest = {reply.place_of_suffix(shared), shared}; }
    const bool is_root = rest.octets == 1;
    return reply.writer.append_cname(reply.owner(), ttl_seconds,
                                     made.first(made.size() - rest.octets),
                                     is_root ? std::uint16_t{0} : rest.at);
}

/// Appends the DNAME above a name and the CNAME that it makes (RFC 6672 §3.1), and steps to the
/// target. False where the answer ends here, with `rcode`.
[[gnu::noinline]] bool pass_dname(Reply& reply, PassedAliases& passed, Rcode& rcode) {
    const NodeId id = reply.step.found.node;
    const Node& node = reply.data.names.node(id);
    const dns::Image image =
        reply.data.images.view(reply.data.find_set(node, dns::Type::DNAME)->ref);
    const std::uint16_t owner = reply.owner();
    std::uint16_t target_at = passed.target_of(id);
    if (!passed.add_redirection(id, owner)) { return false; }
    if (target_at == 0) { target_at = append_dname(reply, node, image); }
    if (target_at == 0) { return false; }
    passed.set_target(target_at);

    // The labels in front of the DNAME's owner stay (RFC 6672 §2.2).
    const std::size_t front_octets = reply.step.name_octets - node.name_octets;
    const std::size_t target_offset = dns::first_rdata_at(image);
    const auto target = image.octets.subspan(target_offset);
    const std::size_t octets = front_octets + target.size();
    if (octets > kMaxNameOctets) {
        rcode = Rcode::YXDomain;
        return false;
    }
    std::array<std::uint8_t, kMaxNameOctets> name;
    dns::copy_front_of_name(reply.request.buffer, owner, std::span(name).first(front_octets));
    std::copy(target.begin(), target.end(), name.begin() + front_octets);
    const auto made = std::span(name).first(octets);
    const std::size_t rdata_at = reply.writer.position() + kRecordFrontOctets;
    const std::uint32_t ttl_seconds = load_u32(image.octets, target_offset - 6);
    if (!append_made_cname(reply, ttl_seconds, made, {target_at, target.size()})) { return false; }
    if (reply.query.type == dns::Type::CNAME) { return false; }  // it has its answer
    step_to(reply, find_name(reply.data, made, reply.query.type), octets, rdata_at);
    return true;
}

/// What a node answers for a type that it lacks. A zone's own DS is a matter of its parent: where
/// both are here, the parent answers (RFC 4035 §3.1.4.1), else the zone says that it has none.
Rcode write_no_data(Reply& reply, const Node& node) {
    const ZoneFacts& zone = reply.data.zones[node.zone];
    const bool is_parents = reply.query.type == dns::Type::DS && zone.parent != kNoZone &&
                            node.name_octets == zone.apex_octets;
    if (!is_parents) { return write_negative(reply, node.zone, Rcode::NoError); }
    if (zone.delegation_signer == 0) { return write_negative(reply, zone.parent, Rcode::NoError); }
    (void)append_answer(reply, node, zone.delegation_signer, 0xffff);
    return Rcode::NoError;
}

/// Answers for a name that was found, following aliases (RFC 1034 §4.3.2, step 3a), from zone to
/// zone as long as they are here. A resolver that asked about one zone need not believe what
/// another one holds, but may; NSD does the same, Knot DNS stops at the zone's edge. A chain that
/// runs into a delegation ends with its referral (step 3b), under the AA of the first name (RFC
/// 2181 §10.1.1).
[[gnu::noinline]] Rcode write_chain(Reply& reply) {
    const dns::Type type = reply.query.type;
    PassedAliases passed(reply.request.buffer);
    Rcode rcode = Rcode::NoError;
    for (bool is_chained = false;; is_chained = true) {
        Found& found = reply.step.found;
        switch (found.kind) {
            case FoundKind::NotOurs:  // the resolver goes on elsewhere
                return Rcode::NoError;
            case FoundKind::NoSuchName:  // of the last name in the chain (RFC 6604 §3)
                return write_negative(reply, found.zone, Rcode::NXDomain);
            case FoundKind::Redirected:
                if (pass_dname(reply, passed, rcode)) { continue; }
                return rcode;
            case FoundKind::Delegated:
                if (!is_parent_side(reply)) { return write_referral(reply, found.cut); }
                found.node = reply.data.cuts[found.cut].node;
                break;
            case FoundKind::Node:
                break;
        }
        const Node& node = reply.data.names.node(found.node);
        if (type == dns::Type::ANY) { return write_any(reply, node); }
        if (const SetEntry* entry = reply.data.find_set(node, type); entry != nullptr) {
            const bool is_in_answer = type == dns::Type::DNAME && passed.target_of(found.node) != 0;
            if (is_in_answer) { return Rcode::NoError; }
            return write_set(reply, node, *entry, is_chained);
        }
        const SetEntry* cname = reply.data.find_set(node, dns::Type::CNAME);
        if (cname == nullptr) { return write_no_data(reply, node); }
        if (!pass_cname(reply, node, *cname, passed)) { break; }
    }
    return rcode;
}

}  // namespace

[[gnu::noinline]] std::size_t write_at_length(const SnapshotData& data, const dns::Request& request,
                                              const dns::Query& query, const Found& found,
                                              AnswerState& state) {
    AnswerWriter writer(query, request.buffer);
    writer.set_authoritative(found.kind != FoundKind::Delegated);
    const MessageName question{.octets = query.name_octets};
    Reply reply{data, request, query, state, writer, {found, query.name_octets, question}};
    return writer.finish(write_chain(reply));
}

}  // namespace meridian::zones
