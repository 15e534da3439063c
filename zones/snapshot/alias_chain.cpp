// Follows the aliases of an answer: CNAME and DNAME.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/alias_chain.h"

#include <algorithm>
#include <array>
#include <span>

#include "meridian/bytes.h"
#include "zones/snapshot/lookup.h"

namespace meridian::zones {
namespace {

using dns::MessageName;
using dns::Rcode;
using dns::Section;

/// Octets before the RDATA of a record whose owner is a pointer: owner, TYPE, CLASS, TTL, RDLENGTH.
constexpr std::size_t kRecordFrontOctets = 12;

/// Steps to the target of an alias whose RDATA begins at `rdata_at`.
void step_to(Reply& reply, const Found& found, std::size_t name_octets, std::size_t rdata_at) {
    Step& step = reply.step;
    step.found = found;
    step.name_octets = static_cast<std::uint8_t>(name_octets);
    // Where RDATA is only a pointer, the target is a suffix of the name before.
    const bool is_new = dns::offset_in_name(reply.request.buffer, rdata_at, 0) == rdata_at;
    if (is_new) { step.written = {static_cast<std::uint16_t>(rdata_at), step.name_octets, true}; }
}

/// Appends a DNAME that is not in the answer yet. Returns the offset of its target, 0 where it does
/// not fit.
std::uint16_t append_dname(Reply& reply, const Node& node, const dns::Image& image) {
    const std::size_t target_at = reply.writer.position() + dns::first_rdata_at(image);
    const std::uint16_t owner = reply.offset_of_suffix(reply.full_name_octets(node));
    const bool fits = reply.writer.append(Section::Answer, image, owner);
    return fits ? static_cast<std::uint16_t>(target_at) : std::uint16_t{0};
}

/// A suffix of a name, and its offset in the message.
struct WrittenSuffix {
    std::uint16_t at;
    std::size_t octets;
};

/// Appends the CNAME from the current name to `made`, which ends in the target of a DNAME. Where
/// the current name shares more labels with it (a DNAME that points to its own owner or above it),
/// the pointer leads to those.
bool append_made_cname(Reply& reply, std::uint32_t ttl_seconds, std::span<const std::uint8_t> made,
                       WrittenSuffix rest) {
    std::array<std::uint8_t, kMaxNameOctets> labels;
    const MessageName& written = reply.step.written;
    const auto before = std::span(labels).first(written.octets - 1u);
    dns::copy_front_of_name(reply.request.buffer, written.at, before);
    const std::size_t shared = dns::shared_label_octets(made.first(made.size() - 1), before) + 1;
    if (shared > rest.octets) { rest = {reply.offset_of_suffix(shared), shared}; }
    const bool is_root = rest.octets == 1;
    return reply.writer.append_cname(reply.owner(), ttl_seconds,
                                     made.first(made.size() - rest.octets),
                                     is_root ? std::uint16_t{0} : rest.at);
}

/// What a query for the target of an alias of the current zone would find.
Found target_of(const Reply& reply, const Alias& alias) {
    if (!alias.leaves_zone) { return {alias.target, reply.step.found.zone}; }
    const auto target = reply.zone().targets.subspan(alias.target_begin, alias.target_octets);
    return find_name(reply.sources.data, target, reply.query.type);
}

}  // namespace

bool pass_cname(Reply& reply, const Node& node, const SetEntry& cname, PassedAliases& passed) {
    const ZoneData& zone = reply.zone();
    const Alias& alias = zone.aliases[cname.ref];
    if (!passed.add(&alias, reply.owner())) { return false; }
    const std::size_t rdata_at = reply.writer.position() + kRecordFrontOctets;
    if (!append_answer(reply, node, zone.images.view(alias.image))) { return false; }
    step_to(reply, target_of(reply, alias), alias.target_octets, rdata_at);
    return true;
}

bool pass_dname(Reply& reply, PassedAliases& passed, Rcode& rcode) {
    const ZoneData& zone = reply.zone();
    const Node& node = zone.names.node(reply.step.found.node);
    const dns::Image image = zone.images.view(zone.find_set(node, dns::Type::DNAME)->ref);
    const std::uint16_t owner = reply.owner();
    std::uint16_t target_at = passed.target_of(node);
    if (!passed.add(&node, owner)) { return false; }
    if (target_at == 0) { target_at = append_dname(reply, node, image); }
    if (target_at == 0) { return false; }
    passed.set_target(target_at);

    // The labels in front of the DNAME's owner stay (RFC 6672 §2.2).
    const std::size_t front_octets = reply.step.name_octets - reply.full_name_octets(node);
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
    if (reply.query.type == dns::Type::CNAME) { return false; }  // this CNAME is the answer
    step_to(reply, find_name(reply.sources.data, made, reply.query.type), octets, rdata_at);
    return true;
}

}  // namespace meridian::zones
