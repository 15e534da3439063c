// Explains the full reason for one answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <utility>

#include "meridian/enum_words.h"
#include "meridian/geo/special_addresses.h"
#include "zones/explain/exchange.h"
#include "zones/explain/region_notes.h"
#include "zones/explain/steered_client.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/client_route.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kMostLeaves = 4096;  // a /24 has 256 addresses; no /56 is cut finer than this

std::string describe_identity(AddressSource source, const VerdictQuestion& question) {
    return source == AddressSource::ClientSubnet
               ? "client subnet " + question.client_subnet->to_string()
               : "resolver address " + question.peer.to_string();
}

std::string describe_reason(AddressSource source, const VerdictQuestion& question) {
    switch (source) {
        case AddressSource::ClientSubnet:
            return "the query carries it (EDNS Client Subnet)";
        case AddressSource::ResolverBySourceZero:
            return "the client subnet has SOURCE /0: its user asks not to be located";
        case AddressSource::ResolverByPlaceless:
            return "the client subnet " + question.client_subnet->to_string() +
                   " is private or reserved, and such addresses have no place";
        case AddressSource::Resolver:
            return question.client_subnet ? "the policy has client_subnet = false"
                                          : "the query carries no client subnet";
    }
    return {};
}

/// The address that the atlas is searched for: IPv4 inside IPv6 as IPv4.
IpAddress looked_up(const IpAddress& address, std::uint8_t known_bits) {
    const auto embedded = geo::embedded_v4(address, known_bits);
    return embedded ? embedded->address : address;
}

/// The database's parts of a block, in address order; none where there are more than kMostLeaves.
std::vector<geo::AtlasLeaf> parts_of(const geo::Atlas& atlas, const IpPrefix& block) {
    std::vector<geo::AtlasLeaf> parts;
    std::optional<IpAddress> at = block.address;
    while (at && (parts.empty() || block.contains(*at))) {
        if (parts.size() == kMostLeaves) { return {}; }
        parts.push_back(atlas.find(*at));
        at = geo::address_behind(parts.back().prefix);
    }
    return parts;
}

/// Sums the parts of a split block by their nearest region.
class SplitTally {
public:
    explicit SplitTally(const IpPrefix& block) : block_bits_(block.bits) {}

    void add(const geo::AtlasLeaf& part, std::optional<geo::RegionIndex> region) {
        shares_[region] += std::exp2(block_bits_ - part.prefix.bits);
    }
    /// Whether none of the known parts has more than `region`.
    [[nodiscard]] bool is_most(geo::RegionIndex region) const {
        const auto its = shares_.find(region);
        return its != shares_.end() && std::ranges::all_of(shares_, [&](const auto& other) {
                   return !other.first || other.second <= its->second;
               });
    }
    [[nodiscard]] std::vector<BlockShare> shares(
        const std::function<std::string(geo::RegionIndex)>& name_of) const {
        std::vector<BlockShare> shares;
        for (const auto& [region, share] : shares_) {
            shares.push_back({region ? name_of(*region) : std::string(), share});
        }
        std::ranges::stable_sort(shares, std::greater(), &BlockShare::share);
        return shares;
    }

private:
    std::uint8_t block_bits_;
    std::map<std::optional<geo::RegionIndex>, double> shares_;
};

/// Explains the ranking of a block that the database splits. Returns a leaf that gives the ranking
/// of the route map: that of the first address, or else the largest one.
geo::AtlasLeaf describe_split(Verdict& verdict, const SteeredClient& client,
                              const IpPrefix& block) {
    const geo::Atlas& atlas = client.serving.snapshot()->atlas();
    const geo::AtlasLeaf first = atlas.find(block.address);
    if (first.prefix.bits <= block.bits) { return first; }
    std::optional<geo::AtlasLeaf> best;
    SplitTally tally(block);
    for (const geo::AtlasLeaf& part : parts_of(atlas, block)) {
        const auto place = geo::place_of(atlas.location(part.location));
        tally.add(part, place ? std::optional(client.nearest_to(*place)) : std::nullopt);
        const bool is_larger = !best || part.prefix.bits < best->prefix.bits;
        if (is_larger && client.is_ranked_from(place)) { best = part; }
    }
    verdict.split_by_majority = tally.is_most(client.ranking[0]);
    auto shares = tally.shares([&](geo::RegionIndex index) { return client.region_name(index); });
    if (shares.size() > 1) { verdict.split = std::move(shares); }
    const bool first_stands = client.is_ranked_from(geo::place_of(atlas.location(first.location)));
    const auto lengths = client.service.routes->majority_lengths(block.address.family());
    const bool most_decide = std::ranges::binary_search(lengths, block.bits);
    return first_stands && !most_decide ? first : best.value_or(first);
}

void describe_place(Verdict& verdict, const geo::Atlas& atlas, const geo::AtlasLeaf& leaf) {
    const geo::Location& location = atlas.location(leaf.location);
    verdict.prefix = leaf.prefix.to_string();
    verdict.country = location.country.text();
    verdict.continent = geo::continent_text(geo::continent_of(location));
    verdict.subdivision = atlas.text(location.subdivision);
    verdict.city = atlas.text(location.city);
    const auto place = geo::place_of(location);
    verdict.place_known = place.has_value();
    verdict.accuracy_km = location.accuracy_km;
    verdict.at = place.value_or(geo::Coordinates{});
    verdict.place_source = location.has_coordinates                         ? "database coordinates"
                           : !place                                         ? "none"
                           : geo::find_country(location.country) != nullptr ? "country"
                                                                            : "continent";
}

/// Whether a region may answer: it has the family that was asked for, and is up if any region is.
using MayAnswer = std::function<bool(geo::RegionIndex)>;

/// The regions as they are served, each as the client sees it.
std::vector<geo::RankedRegion> served_order(const SteeredClient& client,
                                            const std::vector<geo::RankedRegion>& by_distance) {
    std::vector<geo::RankedRegion> of_region(by_distance.size());
    for (const geo::RankedRegion& region : by_distance) {
        of_region[region.region] = region;
    }
    std::vector<geo::RankedRegion> served;
    for (const geo::RegionIndex region : client.ranking) {
        served.push_back(of_region[region]);
    }
    return served;
}

/// The chosen region, and the next one that may answer.
struct Outcome {
    std::optional<geo::RankedRegion> chosen;
    std::optional<geo::RankedRegion> runner_up;
    bool is_by_class = false;  ///< By the client's own distances another one would be chosen.
};

Outcome outcome_of(const SteeredClient& client, const std::vector<geo::RankedRegion>& served,
                   const std::vector<geo::RankedRegion>& by_distance, const MayAnswer& may_answer) {
    Outcome result;
    std::size_t rank = 0;  // of the chosen one, from 1 on
    for (const geo::RankedRegion& region : served) {
        if (!result.chosen) { ++rank; }
        if (!may_answer(region.region)) { continue; }
        std::optional<geo::RankedRegion>& place = result.chosen ? result.runner_up : result.chosen;
        if (!place) { place = region; }
    }
    if (!result.chosen || rank <= client.exact_ranks()) { return result; }
    const auto own = std::ranges::find_if(by_distance, may_answer, &geo::RankedRegion::region);
    result.is_by_class = own->region != result.chosen->region;
    return result;
}

/// Explains why the chosen region comes before the others, and by how much.
void describe_decision(Verdict& verdict, const SteeredClient& client, const Outcome& result) {
    if (!result.chosen) { return; }
    const geo::RankedRegion& chosen = *result.chosen;
    const bool has_margin = verdict.place_known && result.runner_up;
    if (result.runner_up) { verdict.runner_up = client.region_name(result.runner_up->region); }
    if (has_margin) { verdict.margin_km = result.runner_up->distance_km - chosen.distance_km; }
    verdict.decision = !verdict.place_known ? Decision::UnknownPlace
                       : result.is_by_class ? Decision::BeyondRanks
                       : chosen.tied && has_margin && *verdict.margin_km <= geo::kTieKm
                           ? Decision::Tie
                           : Decision::Distance;
    const bool is_default = verdict.decision == Decision::UnknownPlace ||
                            (verdict.decision == Decision::BeyondRanks && client.ranking_id == 0);
    if (!is_default) { return; }
    for (const geo::RegionIndex index : client.service.service->policy->ranks.default_order) {
        verdict.default_order.push_back(client.region_name(index));
    }
}

/// The region that a family of the client gets, or the index of the last resort.
geo::RegionIndex answering_region(const SteeredClient& client, std::size_t family) {
    return walk_service(client.service, client.ranking, client.cells(), family).region;
}

/// The region that it would get if all were up; none where no region has the family.
std::optional<geo::RegionIndex> first_region(const SteeredClient& client, std::size_t family) {
    const auto first = std::ranges::find_if(client.ranking, [&](geo::RegionIndex index) {
        return client.service.images[index][family] != 0;
    });
    return first == client.ranking.end() ? std::nullopt : std::optional(*first);
}

/// Notes where the other family goes, if health sends the two to different regions.
void describe_other_family(Verdict& verdict, const SteeredClient& client, std::size_t family) {
    const std::array<std::optional<geo::RegionIndex>, 2> first{first_region(client, 0),
                                                               first_region(client, 1)};
    if (!first[0] || !first[1]) { return; }
    const std::array<geo::RegionIndex, 2> now{answering_region(client, 0),
                                              answering_region(client, 1)};
    const bool is_by_health = now[0] != *first[0] || now[1] != *first[1];
    if (now[0] == now[1] || !is_by_health) { return; }
    const std::size_t other = 1 - family;
    verdict.split_family = family_name(other);
    verdict.split_region = now.at(other) == client.service.last_resort()
                               ? client.service.service->last_resort->name
                               : client.region_name(now.at(other));
}

/// `asked` without the rung that answers.
void describe_regions(Verdict& verdict, const SteeredClient& client,
                      const std::vector<geo::RankedRegion>& by_distance, AskedFamily asked) {
    const std::size_t family = asked.family;
    const bool is_served = asked.is_served;
    const Rung answering = walk_ladder(client.ranking, client.cells(), family).standing.rung;
    asked.answering = answering;
    verdict.from_last_resort =
        is_served && answering >= Rung::LacksOther && client.service.has_last_resort;
    if (is_served) { describe_other_family(verdict, client, family); }
    const auto may_answer = [&](geo::RegionIndex index) {
        return !verdict.from_last_resort &&
               client.cells()[index].standing[family].rung == answering;
    };
    const std::vector<geo::RankedRegion> served = served_order(client, by_distance);
    Outcome result;
    if (is_served) { result = outcome_of(client, served, by_distance, may_answer); }
    verdict.exact_ranks = client.exact_ranks();
    for (std::size_t rank = 0; rank < served.size(); ++rank) {
        const geo::RankedRegion& region = served[rank];
        ConsideredRegion considered;
        considered.name = client.region_name(region.region);
        considered.file = client.region(region.region).file;
        considered.distance_km = region.distance_km;
        considered.chosen = result.chosen && result.chosen->region == region.region;
        considered.by_class =
            rank >= verdict.exact_ranks && by_distance[rank].region != region.region;
        considered.note = note_of(client, region.region, asked);
        considered.left_out = left_out_of(client, region.region, family);
        verdict.regions.push_back(std::move(considered));
    }
    describe_decision(verdict, client, result);
}

void describe_steering(Verdict& verdict, const Serving& serving, const ServedService& service,
                       const dns::Query& query, const VerdictQuestion& question, bool is_served) {
    const SteeringPolicy& policy = *service.service->policy;
    const RoutedClient routed = route_client(*service.routes, policy.client_subnet,
                                             query.edns.client_subnet, question.peer);
    verdict.policy = policy.name;
    verdict.service = service.service->name;
    verdict.identity = describe_identity(routed.source, question);
    verdict.identity_reason = describe_reason(routed.source, question);

    IpPrefix block{question.peer, question.peer.width()};
    if (routed.source == AddressSource::ClientSubnet) { block = *question.client_subnet; }
    // The route map ignores what a database says about private space.
    const bool has_no_place = service.routes->find(block.address, block.bits).ask_resolver;
    const IpAddress address = looked_up(block.address, block.bits);
    if (address != block.address) {
        verdict.embedded = address.to_string();
        block = {address, address.width()};
    }

    const SteeredClient client{serving, service, geo::Ranker(policy.ranks), routed.ranking,
                               service.routes->rankings()[routed.ranking]};
    std::optional<geo::Coordinates> place;
    verdict.place_source = "none";
    if (!has_no_place) {
        const geo::AtlasLeaf leaf = describe_split(verdict, client, block);
        const geo::Atlas& atlas = serving.snapshot()->atlas();
        describe_place(verdict, atlas, leaf);
        place = geo::place_of(atlas.location(leaf.location));
    }
    const bool is_v6 = question.type == dns::Type::AAAA && !service.service->hands_out_names();
    const std::size_t family = is_v6 ? 1 : 0;
    describe_regions(verdict, client, client.ranker.explain(place),
                     {.family = family, .is_served = is_served});
}

void describe_answer(Verdict& verdict, const MessageText& reply, const VerdictQuestion& question) {
    verdict.rcode = dns::rcode_to_text(reply.rcode);
    verdict.scope_bits = reply.scope_bits;
    if (reply.scope_bits && question.client_subnet) {
        const std::uint8_t bits = *reply.scope_bits;
        verdict.scope = IpPrefix{question.client_subnet->address.masked(bits), bits}.to_string();
    }
    const auto& shown = reply.answer.empty() ? reply.authority : reply.answer;
    for (const RecordText& record : reply.answer) {
        verdict.answer.push_back(record.text);
    }
    if (shown.empty()) { return; }
    verdict.ttl_seconds = shown.front().ttl_seconds;
    for (const RecordText& record : shown) {
        verdict.ttl_seconds = std::min(verdict.ttl_seconds, record.ttl_seconds);
    }
}

/// Notes the target of an answer that ends in an alias, which the resolver asks for next.
void describe_alias(Verdict& verdict, const SnapshotData& data, const MessageText& reply,
                    dns::Type asked) {
    if (reply.answer.empty() || asked == dns::Type::CNAME || asked == dns::Type::ANY) { return; }
    const RecordText& last = reply.answer.back();
    if (last.type != dns::Type::CNAME || !last.target) { return; }
    verdict.alias_target = last.target->to_text();
    const Found found = find_name(data, last.target->lower_cased().wire(), asked);
    verdict.alias_is_here = found.kind != FoundKind::NotOurs;
}

/// The service behind a node of a zone, or null where nothing is steered.
const ServedService* service_of(const ServedZone& zone, const Node& node) {
    for (const SetEntry& entry : zone.data->sets_of(node)) {
        const bool is_steered =
            entry.kind == SetKind::Steered || entry.kind == SetKind::SteeredAlias;
        if (is_steered) { return zone.services[entry.ref]; }
    }
    return nullptr;
}

/// Whether a steered name's set of the type, which may be missing, is not the same for all clients:
/// its addresses, and HTTPS with hints of them.
bool depends_on_client(dns::Type type, const SetEntry* set) {
    return type == dns::Type::A || type == dns::Type::AAAA ||
           (set != nullptr && set->kind == SetKind::Hinted);
}

std::string owner_text(const ZoneData& zone, const Node& node) {
    const auto labels = zone.names.name(node);
    std::vector<std::uint8_t> wire(labels.begin(), labels.end());
    wire.insert(wire.end(), zone.apex.begin(), zone.apex.end());
    return dns::Name::from_wire(wire).value().to_text();
}

constexpr std::array<std::string_view, 5> kDecisions{"none", "distance", "tie", "unknown place",
                                                     "beyond ranks"};

}  // namespace

std::string_view to_text(Decision decision) {
    return kDecisions.at(static_cast<std::size_t>(decision));
}

std::optional<Decision> decision_from_text(std::string_view text) {
    return enum_from_text<Decision>(kDecisions, text);
}

Verdict explain(const Serving& serving, const BatchContext& context,
                const VerdictQuestion& question) {
    const SnapshotData& data = serving.snapshot()->data();
    const Exchange exchange = ask(serving, context, question);
    Verdict verdict;
    describe_answer(verdict, exchange.reply, question);
    describe_alias(verdict, data, exchange.reply, question.type);

    const Found found = find_name(data, question.name.wire(), question.type);
    if (found.kind == FoundKind::NotOurs) { return verdict; }
    const ZoneFacts& zone = data.compiled_zones[found.zone->number]->facts();
    verdict.zone = zone.apex.to_text();
    verdict.serial = zone.serial;
    verdict.file = zone.file;
    if (found.kind != FoundKind::Node) { return verdict; }

    const ZoneData& compiled = *found.zone->data;
    const Node& node = compiled.names.node(found.node);
    verdict.owner = owner_text(compiled, node);
    const ServedService* service = service_of(*found.zone, node);
    const bool is_alias = service != nullptr && service->service->hands_out_names();
    const SetEntry* set = compiled.find_set(node, question.type);
    if (service != nullptr && (is_alias || depends_on_client(question.type, set))) {
        verdict.steered = true;
        const bool is_served = is_alias || set != nullptr;
        describe_steering(verdict, serving, *service, exchange.query(), question, is_served);
    }
    return verdict;
}

}  // namespace meridian::zones
