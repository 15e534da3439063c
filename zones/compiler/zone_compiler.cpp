// Compiles one zone into a snapshot: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/zone_compiler.h"

#include <algorithm>
#include <utility>

#include "meridian/bytes.h"
#include "meridian/dns/ascii_case.h"
#include "meridian/dns/image.h"
#include "meridian/dns/rdata.h"
#include "meridian/large_pages.h"
#include "meridian/limits.h"
#include "zones/model/messages.h"
#include "zones/model/text_place.h"

namespace meridian::zones {
namespace {

/// What a message has for an answer beside the longest question and OPT with a client subnet: a set
/// beyond that would be truncated over TCP as well, and asked for again and again.
constexpr std::size_t kMaxAnswerOctets =
    kMaxTcpOctets - kHeaderOctets - (kMaxNameOctets + 4) - (11 + 4 + 20);

/// A name is hashed so many names ahead of its turn: its bucket has come from memory by then.
constexpr std::size_t kNamesAhead = 8;

dns::RecordSet soa_set(const Zone& zone, std::uint32_t ttl_seconds) {
    dns::Rdata rdata(zone.soa.primary.wire().begin(), zone.soa.primary.wire().end());
    rdata.insert(rdata.end(), zone.soa.mailbox.wire().begin(), zone.soa.mailbox.wire().end());
    for (const std::uint32_t number :
         {zone.soa.serial, zone.soa.refresh, zone.soa.retry, zone.soa.expire, zone.ttls.negative}) {
        rdata.resize(rdata.size() + 4);
        store_u32(rdata, rdata.size() - 4, number);
    }
    return {dns::Type::SOA, ttl_seconds, {std::move(rdata)}};
}

dns::RecordSet nameserver_set(const Zone& zone) {
    const std::uint32_t ttl_seconds =
        zone.nameservers_ttl_seconds.value_or(zone.ttls.infrastructure);
    dns::RecordSet set{dns::Type::NS, ttl_seconds, {}};
    for (const dns::Name& nameserver : zone.nameservers) {
        set.records.emplace_back(nameserver.wire().begin(), nameserver.wire().end());
    }
    return set;
}

const OwnedSet* find_set(const Owner& owner, dns::Type type) {
    const auto at = std::find_if(owner.sets.begin(), owner.sets.end(),
                                 [type](const OwnedSet& set) { return set.records.type == type; });
    return at == owner.sets.end() ? nullptr : &*at;
}

}  // namespace

ZoneCompiler::ZoneCompiler(SnapshotData& data, PolicyCompiler& policies, const Zone& zone,
                           std::uint16_t zone_index, ZonesByApex children, Diagnostics& diagnostics)
    : data_(data),
      policies_(policies),
      zone_(zone),
      zone_index_(zone_index),
      children_(std::move(children)),
      diagnostics_(diagnostics),
      apex_(zone.apex.lower_cased()),
      nameservers_(nameserver_set(zone)) {}

void ZoneCompiler::run(std::vector<PendingAlias>& pending) {
    policies_.begin_zone(zone_);
    add_nodes();
    add_facts();
    add_cuts();
    adopt_children();
    for (std::size_t i = 0; i < places_.size(); ++i) {
        add_sets(places_[i].owner, first_node_ + static_cast<NodeId>(i), pending);
        if (i == 0 || places_[i].owner != nullptr) { ++data_.owner_count; }
    }
    add_additional();
}

void ZoneCompiler::add_facts() {
    ZoneFacts& facts = data_.zones[zone_index_];
    facts.file = zone_.file;
    facts.apex = zone_.apex;
    facts.apex_octets = static_cast<std::uint8_t>(apex_.octets());
    facts.serial = zone_.soa.serial;
    // Negative answers live no longer than either figure allows (RFC 2308 §3).
    const std::uint32_t soa_ttl = zone_.soa.ttl_seconds.value_or(zone_.ttls.infrastructure);
    const std::uint32_t negative_ttl = std::min(soa_ttl, zone_.ttls.negative);
    facts.soa_name_ends = {label_end(zone_.soa.primary), label_end(zone_.soa.mailbox)};
    facts.negative_soa = add_image(first_node_, soa_set(zone_, negative_ttl), {});
}

/// See ZoneFacts::soa_name_ends.
std::uint16_t ZoneCompiler::label_end(const dns::Name& name) const {
    if (name == apex_ || !name.is_at_or_below(apex_)) { return 0; }
    const dns::LowerCasedName lower(name.wire());
    return load_word<std::uint16_t>(lower.wire(), name.octets() - apex_.octets() - 2);
}

bool ZoneCompiler::belongs_to_child(const dns::Name& name) const {
    if (children_.empty()) { return false; }
    for (dns::Name at = name; at != apex_; at = at.parent()) {
        if (children_.contains(at)) { return true; }
    }
    return false;
}

/// The node of a name of this zone, with all that lie between it and the apex: these exist too,
/// without records (RFC 4592 §2.2.2).
NodeId ZoneCompiler::add_node(std::span<const std::uint8_t> name) {
    const NodeId id = data_.names.insert(name);
    if (id - first_node_ < places_.size()) { return id; }

    const auto number = static_cast<std::uint32_t>(places_.size());
    places_.emplace_back();
    data_.names.node(id).zone = zone_index_;
    data_.label_counts[dns::label_count(name)] = true;
    if (number == 0) { return id; }

    const NodeId parent = add_node(name.subspan(1U + name[0]));
    places_[number].parent = parent - first_node_;
    if (name[0] == 1 && name[1] == '*') { data_.names.add_links(parent).wildcard = id; }
    return id;
}

void ZoneCompiler::add_nodes() {
    first_node_ = static_cast<NodeId>(data_.names.node_count() + 1);
    reserve_in_large_pages(places_, zone_.owners.size() + 1);
    add_node(apex_.wire());
    for (std::size_t i = 0; i < zone_.owners.size(); ++i) {
        if (i + kNamesAhead < zone_.owners.size()) {
            const dns::LowerCasedName ahead(zone_.owners[i + kNamesAhead].name.wire());
            data_.names.prefetch_bucket(data_.names.hash(ahead.wire()));
        }
        const Owner& owner = zone_.owners[i];
        if (children_.empty() || !belongs_to_child(owner.name)) {
            const dns::LowerCasedName name(owner.name.wire());
            places_[add_node(name.wire()) - first_node_].owner = &owner;
            continue;
        }
        // The child answers for it, so nobody sees this, save one thing.
        const OwnedSet* signers = find_set(owner, dns::Type::DS);
        if (signers != nullptr) { delegation_signers_.emplace(owner.name, signers); }
    }
    for (const auto& [child, index] : children_) {
        const dns::Name above = child.parent();
        if (!belongs_to_child(above)) { add_node(above.wire()); }
    }
}

/// Keeps what this zone says of its children as their parent: the DS set, or that there is none
/// (RFC 4035 §3.1.4.1). A child below a delegation to elsewhere has its parent there.
void ZoneCompiler::adopt_children() {
    for (const auto& [child, index] : children_) {
        const dns::Name above = child.parent();
        if (belongs_to_child(above)) { continue; }
        if (cut_of(data_.names.find(above.wire())) != 0) { continue; }
        ZoneFacts& facts = data_.zones[index];
        facts.parent = zone_index_;
        const auto signers = delegation_signers_.find(child);
        if (signers == delegation_signers_.end()) { continue; }
        const OwnedSet& set = *signers->second;
        facts.delegation_signer =
            keep_image(dns::make_image(set.records, child.wire()), set.records.type, set.position);
    }
}

void ZoneCompiler::add_cuts() {
    first_cut_ = static_cast<std::uint32_t>(data_.cuts.size());
    for (std::size_t i = 1; i < places_.size(); ++i) {
        const Owner* owner = places_[i].owner;
        if (owner == nullptr || find_set(*owner, dns::Type::NS) == nullptr) { continue; }
        Cut cut;
        cut.node = first_node_ + static_cast<NodeId>(i);
        data_.names.add_links(cut.node).cut = static_cast<std::uint32_t>(data_.cuts.size());
        data_.cuts.push_back(cut);
    }
    if (data_.cuts.size() == first_cut_) { return; }
    places_.front().has_all_cuts = true;
    for (std::size_t i = 0; i < places_.size(); ++i) {
        assign_cut(i);
    }
}

/// Gives a node the cut nearest to the apex among those at or above it: what lies deeper is out of
/// the zone's hands.
std::uint32_t ZoneCompiler::assign_cut(std::size_t number) {
    const NodeId id = first_node_ + static_cast<NodeId>(number);
    Place& place = places_[number];
    if (!place.has_all_cuts) {
        place.has_all_cuts = true;
        const std::uint32_t above = assign_cut(place.parent);
        if (above != 0) { data_.names.add_links(id).cut = above; }
    }
    return cut_of(id);
}

void ZoneCompiler::fill_cut(Cut& cut, AdditionalCompiler& additional) {
    const Owner& owner = *owner_of(cut.node);
    const auto& nameservers = find_set(owner, dns::Type::NS)->records.records;
    cut.nameservers = data_.find_set(data_.names.node(cut.node), dns::Type::NS)->ref;
    cut.glue_begin = static_cast<std::uint32_t>(data_.additional.size());

    const auto places = dns::target_places(data_.images.view(cut.nameservers), dns::Type::NS);
    if (places.size() != nameservers.size()) { return; }  // too large, and complained of
    std::vector<AdditionalSet> required;
    std::vector<AdditionalSet> useful;
    for (std::size_t i = 0; i < nameservers.size(); ++i) {
        const auto target = dns::target_name(dns::Type::NS, nameservers[i]);
        const NodeId holder = target ? additional.holder(*target) : 0;
        if (holder == 0) { continue; }
        const bool lies_below = target->is_at_or_below(owner.name);
        for (const dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
            const auto set = additional.set({*target, places[i]}, holder, type);
            if (!set) { complain(find_set(*owner_of(holder), type)->position, type); }
            if (!set || set->image == 0) { continue; }
            (lies_below ? required : useful).push_back(*set);
        }
    }
    cut.required_glue_count = static_cast<std::uint16_t>(required.size());
    cut.glue_count = static_cast<std::uint16_t>(required.size() + useful.size());
    data_.additional.insert(data_.additional.end(), required.begin(), required.end());
    data_.additional.insert(data_.additional.end(), useful.begin(), useful.end());
}

/// Looks up what goes along with referrals and answers.
void ZoneCompiler::add_additional() {
    AdditionalCompiler additional(data_, apex_,
                                  [this](const dns::Name& name) { return belongs_to_child(name); });
    for (std::size_t number = first_cut_; number < data_.cuts.size(); ++number) {
        fill_cut(data_.cuts[number], additional);
    }
    for (const PendingLink& pending : pending_links_) {
        additional.link(pending.node, pending.set, *pending.records);
    }
}

void ZoneCompiler::add_apex_sets() {
    const std::uint32_t soa_ttl = zone_.soa.ttl_seconds.value_or(zone_.ttls.infrastructure);
    const ImageRef soa = add_image(first_node_, soa_set(zone_, soa_ttl), {});
    entries_.push_back({dns::Type::SOA, SetKind::Fixed, soa});
    const ImageRef nameservers = add_image(first_node_, nameservers_, zone_.nameservers_position);
    entries_.push_back({dns::Type::NS, SetKind::Fixed, nameservers});
}

void ZoneCompiler::add_sets(const Owner* owner, NodeId id, std::vector<PendingAlias>& pending) {
    entries_.clear();
    if (owner != nullptr && owner->steer) {
        const Policy& policy = zone_.policies[*owner->steer];
        const std::uint32_t steered =
            policies_.steered_set(*owner->steer, owner->steer_ttl_seconds);
        for (const Family family : {Family::V4, Family::V6}) {
            if (!PolicyCompiler::has_family(zone_, policy, family)) { continue; }
            const auto type = family == Family::V4 ? dns::Type::A : dns::Type::AAAA;
            entries_.push_back({type, SetKind::Steered, steered});
        }
    }
    if (id == first_node_) { add_apex_sets(); }
    if (owner != nullptr) {
        for (const OwnedSet& set : owner->sets) {
            const ImageRef image = add_image(id, set.records, set.position);
            if (set.records.type != dns::Type::CNAME) {
                entries_.push_back({set.records.type, SetKind::Fixed, image});
                continue;
            }
            const auto target = dns::target_name(dns::Type::CNAME, set.records.records.at(0));
            const auto alias = static_cast<std::uint32_t>(data_.aliases.size());
            data_.aliases.push_back({image, 0, {}});
            entries_.push_back({dns::Type::CNAME, SetKind::Alias, alias});
            pending.push_back({alias, target.value().lower_cased()});
        }
    }
    Node& node = data_.names.node(id);
    node.redirects = owner != nullptr && find_set(*owner, dns::Type::DNAME) != nullptr;
    node.set_count = static_cast<std::uint16_t>(entries_.size());
    if (entries_.size() == 1) {
        node.only_set = entries_.front();
    } else {
        node.only_set.ref = static_cast<std::uint32_t>(data_.sets.size());
        data_.sets.insert(data_.sets.end(), entries_.begin(), entries_.end());
    }
    if (cut_of(id) != 0) { return; }  // no answer comes from there
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const dns::Type type = entries_[i].type;
        if (!AdditionalCompiler::has_targets(type)) { continue; }
        const bool is_apex_set = type == dns::Type::NS;  // any other is at a cut
        const auto* records = is_apex_set ? &nameservers_ : &find_set(*owner, type)->records;
        pending_links_.push_back({id, i, records});
    }
}

ImageRef ZoneCompiler::add_image(NodeId node, const dns::RecordSet& records,
                                 const TextPosition& position) {
    const Node& owner = data_.names.node(node);
    const auto kind = owner.name_octets == 1 ? dns::ImageOwner::Root : dns::ImageOwner::Placed;
    const auto image = dns::make_image(records, data_.image_suffix(owner), kind);
    return keep_image(image, records.type, position);
}

ImageRef ZoneCompiler::keep_image(const Result<dns::ImageBuffer, Unit>& image, dns::Type type,
                                  const TextPosition& position) {
    if (image && image->octets.size() <= kMaxAnswerOctets) { return data_.images.add(*image); }
    complain(position, type);
    return 0;
}

void ZoneCompiler::complain(const TextPosition& position, dns::Type type) {
    diagnostics_.push_back(diagnostic_of(messages::kSetTooLarge, file_of(zone_, position), position,
                                         {}, {dns::type_to_text(type)}));
}

}  // namespace meridian::zones
