// Compiles one zone: its nodes, sets, images and cuts.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/zone_compiler.h"

#include <algorithm>
#include <array>
#include <utility>

#include "meridian/bytes.h"
#include "meridian/dns/image.h"
#include "meridian/dns/rdata.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/huge_pages.h"
#include "meridian/limits.h"
#include "zones/model/auto_hints.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/name_finder.h"
#include "zones/model/service_families.h"
#include "zones/model/zone_words.h"
#include "zones/snapshot/lookup.h"

namespace meridian::zones {
namespace {

/// The room for an answer beside the longest question and OPT with a client subnet. A larger set
/// would be truncated over TCP as well, and the resolver would ask again and again.
constexpr std::size_t kMaxAnswerOctets =
    kMaxTcpOctets - kHeaderOctets - (kMaxNameOctets + 4) - (11 + 4 + 20);

/// A name is hashed so many names ahead, so that its bucket is in the cache when it is added.
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

}  // namespace

ZoneCompiler::ZoneCompiler(const Zone& zone, std::span<const dns::Name> zones_below,
                           std::uint64_t hash_seed, PolicyPool& policies)
    : zone_(zone),
      policies_(policies),
      draft_(hash_seed, zone.apex.lower_cased()),
      nameservers_(nameserver_set(zone)),
      drafts_(1) {
    facts_.zones_below.assign(zones_below.begin(), zones_below.end());
}

Result<std::shared_ptr<const CompiledZone>, Diagnostics> ZoneCompiler::run() {
    add_nodes();
    add_facts();
    add_cuts();
    for (NodeId id = kApexNode; id < drafts_.size(); ++id) {
        add_sets(id);
        const bool counts =
            id == kApexNode || (owner_of(id) != nullptr && !drafts_[id].is_zone_below);
        if (counts) { ++facts_.owner_count; }
    }
    add_additional();
    resolve_aliases();
    if (has_errors(diagnostics_)) { return Failure{std::move(diagnostics_)}; }
    return std::make_shared<const CompiledZone>(std::move(facts_), draft_.pack());
}

void ZoneCompiler::add_facts() {
    facts_.file = zone_.file;
    facts_.apex = zone_.apex;
    facts_.apex_position = zone_.apex_position;
    facts_.serial = zone_.soa.serial;
    facts_.nameservers_ttl_seconds = nameservers_.ttl_seconds;
    for (const Region& region : zone_.regions) {
        facts_.regions.push_back(policies_.share(region));
    }
    // Negative answers live no longer than either figure allows (RFC 2308 §3).
    const std::uint32_t soa_ttl = zone_.soa.ttl_seconds.value_or(zone_.ttls.infrastructure);
    const std::uint32_t negative_ttl = std::min(soa_ttl, zone_.ttls.negative);
    draft_.soa_name_ends = {label_end(zone_.soa.primary), label_end(zone_.soa.mailbox)};
    draft_.negative_soa = add_image(kApexNode, soa_set(zone_, negative_ttl), {});
}

/// See ZoneData::soa_name_ends.
std::uint16_t ZoneCompiler::label_end(const dns::Name& name) const {
    if (name == draft_.apex || !name.is_at_or_below(draft_.apex)) { return 0; }
    const dns::LowerCasedName lower(name.wire());
    return load_word<std::uint16_t>(lower.wire(), name.octets() - draft_.apex.octets() - 2);
}

bool ZoneCompiler::belongs_to_zone_below(const dns::Name& name) const {
    if (facts_.zones_below.empty()) { return false; }
    for (dns::Name at = name.lower_cased(); at != draft_.apex; at = at.parent()) {
        if (std::ranges::binary_search(facts_.zones_below, at)) { return true; }
    }
    return false;
}

/// The node of a name of this zone, given by its labels in front of the apex. Also makes the nodes
/// between it and the apex, which exist without records (RFC 4592 §2.2.2).
NodeId ZoneCompiler::add_node(std::span<const std::uint8_t> labels) {
    const NodeId id = draft_.names.insert(labels);
    if (id < drafts_.size()) { return id; }

    drafts_.emplace_back();
    std::size_t label_count = 0;
    for (std::size_t at = 0; at < labels.size(); at += std::size_t{1} + labels[at]) {
        ++label_count;
    }
    draft_.label_counts[label_count / 64] |= std::uint64_t{1} << (label_count % 64);
    if (id == kApexNode) { return id; }

    const NodeId parent = add_node(labels.subspan(1U + labels[0]));
    drafts_[id].parent = parent;
    if (asterisk_octets(labels) != 0) { draft_.names.add_links(parent).wildcard = id; }
    return id;
}

NodeId ZoneCompiler::add_node(const dns::Name& name) {
    const dns::LowerCasedName lower(name.wire());
    return add_node(lower.wire().first(name.octets() - draft_.apex.octets()));
}

void ZoneCompiler::add_nodes() {
    const std::size_t count = zone_.owners.size();
    draft_.names.reserve(count + 1);
    reserve_in_huge_pages(drafts_, count + 2);
    add_node(draft_.apex);
    for (std::size_t i = 0; i < count; ++i) {
        if (i + kNamesAhead < count) {
            const dns::LowerCasedName ahead(zone_.owners[i + kNamesAhead].name.wire());
            const NameTable names = draft_.names.table();
            names.prefetch_bucket(
                names.hash(ahead.wire().first(ahead.wire().size() - draft_.apex.octets())));
        }
        add_owner(zone_.owners[i]);
    }
    // A zone below exists, also where this zone says nothing of it.
    for (const dns::Name& apex : facts_.zones_below) {
        NodeDraft& draft = drafts_[add_node(apex)];
        draft.is_zone_below = true;
        if (apex.is_wildcard()) { draft_.names.add_links(draft.parent).wildcard = 0; }
    }
}

void ZoneCompiler::add_owner(const Owner& owner) {
    if (!belongs_to_zone_below(owner.name)) {
        drafts_[add_node(owner.name)].owner = &owner;
        return;
    }
    if (!std::ranges::binary_search(facts_.zones_below, owner.name)) { return; }
    drafts_[add_node(owner.name)].owner = &owner;
    const OwnedSet* set = find_set(owner, dns::Type::NS);
    if (set == nullptr) { return; }
    facts_.delegations.push_back({owner.name.lower_cased(), set->records.ttl_seconds,
                                  file_of(zone_, set->position), set->position});
}

void ZoneCompiler::add_cuts() {
    for (NodeId id = kApexNode + 1; id < drafts_.size(); ++id) {
        const Owner* owner = owner_of(id);
        const bool is_cut = owner != nullptr && !drafts_[id].is_zone_below &&
                            find_set(*owner, dns::Type::NS) != nullptr;
        if (!is_cut) { continue; }
        draft_.names.add_links(id).cut = static_cast<std::uint32_t>(draft_.cuts.size());
        Cut cut;
        cut.node = id;
        draft_.cuts.push_back(cut);
    }
    if (draft_.cuts.size() == 1) { return; }
    drafts_[kApexNode].has_all_cuts = true;
    for (NodeId id = kApexNode; id < drafts_.size(); ++id) {
        assign_cut(id);
    }
}

/// Gives a node the cut nearest to the apex among those at or above it; deeper cuts are not in this
/// zone.
std::uint32_t ZoneCompiler::assign_cut(NodeId id) {
    if (!drafts_[id].has_all_cuts) {
        drafts_[id].has_all_cuts = true;
        const std::uint32_t above = assign_cut(drafts_[id].parent);
        if (above != 0) { draft_.names.add_links(id).cut = above; }
    }
    return draft_.links(id).cut;
}

void ZoneCompiler::fill_cut(Cut& cut, AdditionalCompiler& additional) {
    const Owner& owner = *owner_of(cut.node);
    const auto& nameservers = find_set(owner, dns::Type::NS)->records.records;
    cut.nameservers = draft_.view().find_set(draft_.node(cut.node), dns::Type::NS)->ref;
    cut.glue_begin = static_cast<std::uint32_t>(draft_.additional.size());

    const auto pointers = dns::target_pointers(draft_.images.view(cut.nameservers), dns::Type::NS);
    if (pointers.size() != nameservers.size()) { return; }  // too large, and reported
    std::vector<AdditionalSet> required;
    std::vector<AdditionalSet> useful;
    for (std::size_t i = 0; i < nameservers.size(); ++i) {
        const auto target = dns::target_name(dns::Type::NS, nameservers[i]);
        const NodeId holder = target ? additional.holder(*target) : 0;
        if (holder == 0) { continue; }
        const bool lies_below = target->is_at_or_below(owner.name);
        for (const dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
            const auto set = additional.set({*target, pointers[i]}, holder, type);
            if (!set) { complain(find_set(*owner_of(holder), type)->position, type); }
            if (!set || set->image == 0) { continue; }
            (lies_below ? required : useful).push_back(*set);
        }
    }
    cut.required_glue_count = static_cast<std::uint16_t>(required.size());
    cut.glue_count = static_cast<std::uint16_t>(required.size() + useful.size());
    draft_.additional.insert(draft_.additional.end(), required.begin(), required.end());
    draft_.additional.insert(draft_.additional.end(), useful.begin(), useful.end());
}

/// Finds the additional sets of referrals and answers.
void ZoneCompiler::add_additional() {
    AdditionalCompiler additional(
        draft_, [this](const dns::Name& name) { return belongs_to_zone_below(name); });
    for (std::size_t number = 1; number < draft_.cuts.size(); ++number) {
        fill_cut(draft_.cuts[number], additional);
    }
    for (const PendingLink& pending : pending_links_) {
        additional.link(pending.node, pending.set, *pending.records);
    }
}

/// Finds what is in this zone. The rest is found when it is asked for, since other zones come, go
/// and change without this one.
void ZoneCompiler::resolve_aliases() {
    const ZoneData zone = draft_.view();
    for (const PendingAlias& pending : pending_aliases_) {
        Alias& alias = draft_.aliases[pending.alias];
        const auto target = pending.target.wire();
        alias.target_octets = static_cast<std::uint8_t>(target.size());
        alias.leaves_zone =
            !pending.target.is_at_or_below(draft_.apex) || belongs_to_zone_below(pending.target);
        if (alias.leaves_zone) {
            alias.target_begin = static_cast<std::uint32_t>(draft_.targets.size());
            draft_.targets.insert(draft_.targets.end(), target.begin(), target.end());
        } else {
            alias.target = find_name(zone, target, dns::Type::A);
        }
    }
}

/// The number of the zone's steering by that service and TTL.
std::uint32_t ZoneCompiler::steered_number(std::size_t service_index, std::uint32_t ttl_seconds) {
    const auto known = steered_.find({service_index, ttl_seconds});
    if (known != steered_.end()) { return known->second; }
    auto service = shared_service(service_index);
    const auto number = static_cast<std::uint32_t>(facts_.steered.size());
    steered_.emplace(std::pair(service_index, ttl_seconds), number);
    const Policy& policy = zone_.policies[zone_.services[service_index].policy];
    facts_.steered.push_back({std::move(service), ttl_seconds, policy.position});
    return number;
}

/// Lists what the service depends on first, also where no name is steered to that: it has cells in
/// the live table, too.
std::shared_ptr<const SteeringService> ZoneCompiler::shared_service(std::size_t index) {
    const auto known = shared_services_.find(index);
    if (known != shared_services_.end()) { return known->second; }
    const Service& service = zone_.services[index];
    std::vector<std::shared_ptr<const SteeringService>> depends;
    for (const std::size_t other : service.depends) {
        if (!shared_services_.contains(other)) {
            const auto& ttl_seconds = zone_.services[other].ttl_seconds;
            steered_number(other, ttl_seconds.value_or(zone_.ttls.steered));
        }
        depends.push_back(shared_services_.at(other));
    }
    auto& policy = shared_policies_[service.policy];
    if (policy == nullptr) { policy = policies_.share(zone_, zone_.policies[service.policy]); }
    return shared_services_[index] = policies_.share(zone_, service, policy, std::move(depends));
}

void ZoneCompiler::add_steering(const Owner& owner) {
    const Service& service = zone_.services[*owner.steer];
    const std::uint32_t number = steered_number(*owner.steer, owner.steer_ttl_seconds);
    if (!service.cnames.empty()) {
        entries_.push_back({dns::Type::CNAME, SetKind::SteeredAlias, number});
        return;
    }
    for (const Family family : {Family::V4, Family::V6}) {
        if (!service_has_family(zone_, service, family)) { continue; }
        const auto type = family == Family::V4 ? dns::Type::A : dns::Type::AAAA;
        entries_.push_back({type, SetKind::Steered, number});
    }
}

void ZoneCompiler::add_apex_sets() {
    const std::uint32_t soa_ttl = zone_.soa.ttl_seconds.value_or(zone_.ttls.infrastructure);
    const ImageRef soa = add_image(kApexNode, soa_set(zone_, soa_ttl), {});
    entries_.push_back({dns::Type::SOA, SetKind::Fixed, soa});
    const ImageRef nameservers = add_image(kApexNode, nameservers_, zone_.nameservers_position);
    entries_.push_back({dns::Type::NS, SetKind::Fixed, nameservers});
}

void ZoneCompiler::add_alias(NodeId id, const OwnedSet& set) {
    const ImageRef image = add_image(id, set.records, set.position);
    const auto target = dns::target_name(dns::Type::CNAME, set.records.records.at(0));
    const auto number = static_cast<std::uint32_t>(draft_.aliases.size());
    Alias alias;
    alias.image = image;
    draft_.aliases.push_back(alias);
    entries_.push_back({dns::Type::CNAME, SetKind::Alias, number});
    pending_aliases_.push_back({number, target.value().lower_cased()});
}

void ZoneCompiler::add_set(NodeId id, const Owner& owner, const OwnedSet& set) {
    const dns::Type type = set.records.type;
    if (type == dns::Type::CNAME) { return add_alias(id, set); }
    const ImageRef image = add_image(id, set.records, set.position);
    const bool is_hinted = type == dns::Type::HTTPS && owner.steer &&
                           std::ranges::any_of(set.records.records, [](const dns::Rdata& rdata) {
                               return auto_hints_of(rdata).any();
                           });
    if (!is_hinted) { return entries_.push_back({type, SetKind::Fixed, image}); }
    const Service& service = zone_.services[*owner.steer];
    const auto number = static_cast<std::uint32_t>(draft_.hinted_sets.size());
    draft_.hinted_sets.push_back({.image = image,
                                  .service = steered_number(*owner.steer, owner.steer_ttl_seconds),
                                  .has_v4 = service_has_family(zone_, service, Family::V4),
                                  .has_v6 = service_has_family(zone_, service, Family::V6)});
    entries_.push_back({type, SetKind::Hinted, number});
}

void ZoneCompiler::add_sets(NodeId id) {
    entries_.clear();
    const Owner* owner = owner_of(id);
    if (drafts_[id].is_zone_below) {
        if (owner != nullptr) { add_delegation_signer(id); }
        return store_entries(id);
    }
    if (owner != nullptr && owner->steer) { add_steering(*owner); }
    if (id == kApexNode) { add_apex_sets(); }
    if (owner != nullptr) {
        draft_.names.node(id).redirects = find_set(*owner, dns::Type::DNAME) != nullptr;
        for (const OwnedSet& set : owner->sets) {
            add_set(id, *owner, set);
        }
    }
    store_entries(id);
    if (draft_.links(id).cut != 0) { return; }  // the zone answers with a referral
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const dns::Type type = entries_[i].type;
        const bool is_linked = AdditionalCompiler::has_targets(type);
        if (!is_linked || entries_[i].kind == SetKind::Hinted) { continue; }
        const bool is_apex_set = type == dns::Type::NS;  // any other is at a cut
        const auto* records = is_apex_set ? &nameservers_ : &find_set(*owner, type)->records;
        pending_links_.push_back({id, i, records});
    }
}

/// The DS records of a zone below, which are with the zone above it (RFC 4035 §3.1.4.1).
void ZoneCompiler::add_delegation_signer(NodeId id) {
    const OwnedSet* signers = find_set(*owner_of(id), dns::Type::DS);
    if (signers == nullptr) { return; }
    const ImageRef image = add_image(id, signers->records, signers->position);
    entries_.push_back({dns::Type::DS, SetKind::Fixed, image});
}

void ZoneCompiler::store_entries(NodeId id) {
    Node& node = draft_.names.node(id);
    node.set_count = static_cast<std::uint16_t>(entries_.size());
    if (entries_.size() == 1) {
        node.only_set = entries_.front();
    } else {
        node.only_set.ref = static_cast<std::uint32_t>(draft_.sets.size());
        draft_.sets.insert(draft_.sets.end(), entries_.begin(), entries_.end());
    }
}

ImageRef ZoneCompiler::add_image(NodeId id, const dns::RecordSet& records,
                                 const TextPosition& position) {
    std::array<std::uint8_t, kMaxNameOctets> buffer;
    const auto name = draft_.write_name(id, buffer);
    const auto suffix = name.subspan(asterisk_octets(draft_.labels(id)));
    const auto kind = name.size() == 1 ? dns::ImageOwner::Root : dns::ImageOwner::Placed;
    const auto image = dns::make_image(records, suffix, kind);
    if (image && image->octets.size() <= kMaxAnswerOctets) { return draft_.images.add(*image); }
    complain(position, records.type);
    return 0;
}

void ZoneCompiler::complain(const TextPosition& position, dns::Type type) {
    diagnostics_.push_back(diagnostic_of(diagnostics::kSetTooLarge, file_of(zone_, position),
                                         position, {}, {dns::type_to_text(type)}));
}

}  // namespace meridian::zones
