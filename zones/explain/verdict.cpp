// Tells the full reason for one answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/verdict.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "meridian/geo/identity.h"
#include "zones/explain/exchange.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kMostLeaves = 4096;  // a /24 has 256 addresses; no /56 is cut finer than this

std::string describe_identity(Identity identity, const VerdictQuestion& question) {
    return identity == Identity::ClientSubnet
               ? "client subnet " + question.client_subnet->to_string()
               : "resolver address " + question.peer.to_string();
}

std::string describe_reason(Identity identity, const VerdictQuestion& question) {
    switch (identity) {
        case Identity::ClientSubnet:
            return "the query carries it (EDNS Client Subnet)";
        case Identity::ResolverBySourceZero:
            return "the client subnet has SOURCE /0: its user asks not to be located";
        case Identity::ResolverByPlaceless:
            return "the client subnet " + question.client_subnet->to_string() +
                   " is private or reserved, which tells nothing of a place";
        case Identity::Resolver:
            return question.client_subnet ? "the policy has client_subnet = false"
                                          : "the query carries no client subnet";
    }
    return {};
}

/// The address that was looked up in the atlas: IPv4 inside IPv6 is found as IPv4.
IpAddress looked_up(const IpAddress& address, std::uint8_t known_bits) {
    const auto embedded = geo::embedded_v4(address, known_bits);
    return embedded ? embedded->address : address;
}

/// What steering knows of a client.
struct SteeredClient {
    const Snapshot& snapshot;
    const PolicyTable& table;
    geo::Ranker ranker;
    const geo::Ranking& ranking;  ///< What the route map says.

    [[nodiscard]] const Region& region(geo::RegionIndex index) const {
        return snapshot.data().regions[table.regions[index]];
    }
    [[nodiscard]] const std::string& region_name(geo::RegionIndex index) const {
        return region(index).name;
    }
};

/// The database's parts of a block, in address order; none where there are too many to look at.
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

/// Names each part of a split block by the region that is nearest to it.
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

/// Says how a block that the database splits went where it did, and returns the leaf that stands
/// for it: one whose place ranks the regions as the route map did, the first address's or else the
/// largest.
geo::AtlasLeaf describe_split(Verdict& verdict, const SteeredClient& client,
                              const IpPrefix& block) {
    const geo::Atlas& atlas = client.snapshot.atlas();
    const geo::AtlasLeaf first = atlas.find(block.address);
    if (first.prefix.bits <= block.bits) { return first; }
    std::optional<geo::AtlasLeaf> best;
    SplitTally tally(block);
    for (const geo::AtlasLeaf& part : parts_of(atlas, block)) {
        const auto place = geo::place_of(atlas.location(part.location));
        const geo::Ranking ranking = client.ranker.rank(place);
        tally.add(part, place ? std::optional(ranking.regions[0]) : std::nullopt);
        const bool is_larger = !best || part.prefix.bits < best->prefix.bits;
        if (ranking == client.ranking && is_larger) { best = part; }
    }
    verdict.split_by_majority = tally.is_most(client.ranking.regions[0]);
    auto shares = tally.shares([&](geo::RegionIndex index) { return client.region_name(index); });
    if (shares.size() > 1) { verdict.split = std::move(shares); }
    const bool first_stands =
        client.ranker.rank(geo::place_of(atlas.location(first.location))) == client.ranking;
    const auto lengths = client.table.routes->majority_lengths(block.address.family());
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

/// Who stands first among those that have the family, and who is next.
struct Standing {
    std::optional<geo::RankedRegion> chosen;
    std::optional<geo::RankedRegion> runner_up;
    bool is_passed_over = false;  ///< One that has the family stands before the chosen one.
};

Standing standing_of(const std::vector<geo::RankedRegion>& ranked,
                     std::optional<geo::RegionIndex> chosen,
                     const std::function<bool(geo::RegionIndex)>& has_family) {
    Standing standing;
    for (const geo::RankedRegion& candidate : ranked) {
        if (candidate.region == chosen) {
            standing.chosen = candidate;
        } else if (has_family(candidate.region)) {
            standing.is_passed_over |= !standing.chosen;
            if (!standing.runner_up) { standing.runner_up = candidate; }
        }
    }
    return standing;
}

/// Why the chosen region stands before the others, and by how much.
void describe_decision(Verdict& verdict, const SteeredClient& client, const Standing& standing) {
    if (!standing.chosen) { return; }
    const geo::RankedRegion& chosen = *standing.chosen;
    const bool has_margin = verdict.place_known && standing.runner_up;
    if (standing.runner_up) { verdict.runner_up = client.region_name(standing.runner_up->region); }
    if (has_margin) { verdict.margin_km = standing.runner_up->distance_km - chosen.distance_km; }
    verdict.decision = !verdict.place_known      ? Decision::UnknownPlace
                       : standing.is_passed_over ? Decision::BeyondRanks
                       : chosen.tied && has_margin && *verdict.margin_km <= geo::kTieKm
                           ? Decision::Tie
                           : Decision::Distance;
    if (verdict.decision != Decision::UnknownPlace && verdict.decision != Decision::BeyondRanks) {
        return;
    }
    for (const geo::RegionIndex index : client.table.policy.default_order) {
        verdict.default_order.push_back(client.region_name(index));
    }
}

/// `is_served` says whether the name has records of the type that was asked for.
void describe_regions(Verdict& verdict, const SteeredClient& client,
                      const std::vector<geo::RankedRegion>& ranked, dns::Type type,
                      bool is_served) {
    const Family family = type == dns::Type::A ? Family::V4 : Family::V6;
    const auto has_family = [&](geo::RegionIndex index) {
        const std::vector<IpAddress>& addresses = client.region(index).addresses;
        return std::any_of(addresses.begin(), addresses.end(), [family](const IpAddress& address) {
            return address.family() == family;
        });
    };
    std::optional<geo::RegionIndex> chosen;
    if (is_served) { chosen = serving_region(client.ranking, client.table.policy, has_family); }
    bool is_before_chosen = chosen.has_value();
    for (const geo::RankedRegion& candidate : ranked) {
        ConsideredRegion considered{
            client.region_name(candidate.region), candidate.distance_km, false, {}};
        considered.chosen = candidate.region == chosen;
        is_before_chosen = is_before_chosen && !considered.chosen;
        if (!has_family(candidate.region)) {
            considered.note = family == Family::V4 ? "has no IPv4 address" : "has no IPv6 address";
        } else if (!is_served) {
            considered.note = "the policy omits what not all of its regions have";
        } else if (is_before_chosen) {
            considered.note = "behind the third rank the default order decides";
        }
        verdict.regions.push_back(std::move(considered));
    }
    describe_decision(verdict, client, standing_of(ranked, chosen, has_family));
}

void describe_steering(Verdict& verdict, const Snapshot& snapshot, const PolicyTable& table,
                       const dns::Query& query, const VerdictQuestion& question, bool is_served) {
    const RoutedClient routed = route_client(table, query.edns.client_subnet, question.peer);
    verdict.policy = table.name;
    verdict.identity = describe_identity(routed.identity, question);
    verdict.identity_reason = describe_reason(routed.identity, question);

    IpPrefix block{question.peer, question.peer.width()};
    if (routed.identity == Identity::ClientSubnet) { block = *question.client_subnet; }
    // Whatever a database says of private space, the route map does not listen.
    const bool tells_nothing = table.routes->find(block.address, block.bits).ask_resolver;
    const IpAddress address = looked_up(block.address, block.bits);
    if (address != block.address) {
        verdict.embedded = address.to_string();
        block = {address, address.width()};
    }

    const SteeredClient client{snapshot, table, geo::Ranker(table.policy),
                               table.routes->rankings()[routed.ranking]};
    std::optional<geo::Coordinates> place;
    verdict.place_source = "none";
    if (!tells_nothing) {
        const geo::AtlasLeaf leaf = describe_split(verdict, client, block);
        describe_place(verdict, snapshot.atlas(), leaf);
        place = geo::place_of(snapshot.atlas().location(leaf.location));
    }
    describe_regions(verdict, client, client.ranker.explain(place), question.type, is_served);
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

/// An answer that is nothing but aliases leaves the rest to the resolver.
void describe_alias(Verdict& verdict, const SnapshotData& data, const MessageText& reply,
                    dns::Type asked) {
    if (reply.answer.empty() || asked == dns::Type::CNAME || asked == dns::Type::ANY) { return; }
    const RecordText& last = reply.answer.back();
    if (last.type != dns::Type::CNAME || !last.target) { return; }
    verdict.alias_target = last.target->to_text();
    const Found found = find_name(data, last.target->lower_cased().wire(), asked);
    verdict.alias_is_here = found.kind != FoundKind::NotOurs;
}

/// The policy table behind a node, or null where nothing is steered.
const PolicyTable* steering_of(const SnapshotData& data, const Node& node) {
    for (std::uint32_t i = 0; i < node.set_count; ++i) {
        const SetEntry& entry = data.sets_of(node)[i];
        if (entry.kind != SetKind::Steered) { continue; }
        return &data.policy_tables[data.steered_sets[entry.ref].table];
    }
    return nullptr;
}

constexpr std::array<std::string_view, 5> kDecisions{"none", "distance", "tie", "unknown place",
                                                     "beyond ranks"};

}  // namespace

std::string_view to_text(Decision decision) {
    return kDecisions.at(static_cast<std::size_t>(decision));
}

std::optional<Decision> decision_from_text(std::string_view text) {
    const auto found = std::ranges::find(kDecisions, text);
    if (found == kDecisions.end()) { return {}; }
    return static_cast<Decision>(found - kDecisions.begin());
}

Verdict explain(const Snapshot& snapshot, const VerdictQuestion& question) {
    const SnapshotData& data = snapshot.data();
    const Exchange exchange = ask(snapshot, question);
    Verdict verdict;
    describe_answer(verdict, exchange.reply, question);
    describe_alias(verdict, data, exchange.reply, question.type);

    const dns::Name name = question.name.lower_cased();
    const Found found = find_name(data, exchange.query(), data.names.hash(name.wire()));
    if (found.kind == FoundKind::NotOurs) { return verdict; }
    const ZoneFacts& zone = data.zones[found.zone];
    verdict.zone = zone.apex.to_text();
    verdict.serial = zone.serial;
    verdict.file = zone.file;
    if (found.kind != FoundKind::Node) { return verdict; }

    const Node& node = data.names.node(found.node);
    verdict.owner = dns::Name::from_wire(data.names.name(node)).value().to_text();
    // Its other types are the same for everybody.
    const bool asks_addresses = question.type == dns::Type::A || question.type == dns::Type::AAAA;
    if (const PolicyTable* table = steering_of(data, node); asks_addresses && table != nullptr) {
        verdict.steered = true;
        const bool is_served = data.find_set(node, question.type) != nullptr;
        describe_steering(verdict, snapshot, *table, exchange.query(), question, is_served);
    }
    return verdict;
}

}  // namespace meridian::zones
