// Tells the full reason for one answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/verdict.h"

#include <algorithm>
#include <array>
#include <memory>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/geo/identity.h"
#include "meridian/zones/answer.h"
#include "zones/explain/message_text.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

constexpr int kMostLeaves = 4096;          // a /24 has 256 addresses; no /56 is cut finer than this
constexpr std::uint16_t kAnyPort = 53000;  // stands for the port of whoever asks

void append_u16(std::vector<std::uint8_t>& message, std::uint16_t value) {
    message.resize(message.size() + 2);
    store_u16(message, message.size() - 2, value);
}

/// The ECS option of RFC 7871 §6, as a resolver would send it.
void append_client_subnet(std::vector<std::uint8_t>& message, const IpPrefix& subnet) {
    const std::size_t address_octets = (subnet.bits + 7u) / 8u;
    append_u16(message, static_cast<std::uint16_t>(4 + 4 + address_octets));  // RDLENGTH
    append_u16(message, 8);
    append_u16(message, static_cast<std::uint16_t>(4 + address_octets));
    append_u16(message, subnet.address.is_v4() ? 1 : 2);
    message.push_back(subnet.bits);
    message.push_back(0);
    const auto octets = subnet.address.octets();
    message.insert(message.end(), octets.begin(),
                   octets.begin() + static_cast<std::ptrdiff_t>(address_octets));
}

std::vector<std::uint8_t> make_query(const VerdictQuestion& question) {
    std::vector<std::uint8_t> message{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto name = question.name.wire();
    message.insert(message.end(), name.begin(), name.end());
    append_u16(message, static_cast<std::uint16_t>(question.type));
    append_u16(message, static_cast<std::uint16_t>(dns::Class::IN));
    message.push_back(0);  // OPT: the root, type, payload size, extended rcode and flags
    append_u16(message, static_cast<std::uint16_t>(dns::Type::OPT));
    append_u16(message, static_cast<std::uint16_t>(kMaxUdpOctets));
    message.insert(message.end(), 4, 0);
    if (question.client_subnet) {
        append_client_subnet(message, *question.client_subnet);
    } else {
        append_u16(message, 0);
    }
    return message;
}

/// A question asked of the snapshot: the query as it was read, the reply as it was sent.
struct Exchange {
    std::unique_ptr<AnswerState> state = std::make_unique<AnswerState>();
    MessageText reply;

    [[nodiscard]] const dns::Query& query() const { return state->queries[0]; }
};

Exchange ask(const Snapshot& snapshot, const VerdictQuestion& question) {
    Exchange exchange;
    const std::vector<std::uint8_t> query = make_query(question);
    std::vector<std::uint8_t> buffer(kMaxTcpOctets);
    std::copy(query.begin(), query.end(), buffer.begin());
    dns::Request request{buffer, query.size(), {question.peer, kAnyPort}, true, 0};
    answer(snapshot, {&request, 1}, *exchange.state);
    MERIDIAN_ASSERT(request.reply_octets >= kHeaderOctets);
    exchange.reply = message_to_text(std::span(buffer).first(request.reply_octets));
    return exchange;
}

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

/// The first address behind a prefix, or nothing at the end of the space.
std::optional<IpAddress> behind(const IpPrefix& prefix) {
    const unsigned bits = prefix.bits;
    if (bits == 0) { return {}; }
    std::uint64_t high = prefix.address.high();
    std::uint64_t low = prefix.address.low();
    if (bits > 64) {
        const std::uint64_t step = std::uint64_t{1} << (128 - bits);
        low += step;
        if (low < step && ++high == 0) { return {}; }
    } else {
        const std::uint64_t step = std::uint64_t{1} << (64 - bits);
        high += step;
        if (high < step) { return {}; }
    }
    return IpAddress::left_aligned(prefix.address.family(), high, low);
}

/// Where the database splits a /24 or /56, the leaf that stands for it: the largest whose place
/// ranks the regions as the route map did. Other lengths follow the address as sent.
geo::AtlasLeaf deciding_leaf(const Snapshot& snapshot, const geo::Ranker& ranker,
                             const geo::Ranking& ranking, const IpPrefix& block) {
    const geo::Atlas& atlas = snapshot.atlas();
    const auto ranks_alike = [&](const geo::AtlasLeaf& leaf) {
        return ranker.rank(geo::place_of(atlas.location(leaf.location))) == ranking;
    };
    const geo::AtlasLeaf sent = atlas.find(block.address);
    if (block.bits != (block.address.is_v4() ? 24 : 56)) { return sent; }
    std::optional<geo::AtlasLeaf> best;
    std::optional<IpAddress> at = sent.prefix.address;
    for (int i = 0; i < kMostLeaves && at && (i == 0 || block.contains(*at)); ++i) {
        const geo::AtlasLeaf leaf = atlas.find(*at);
        if (ranks_alike(leaf) && (!best || leaf.prefix.bits < best->prefix.bits)) { best = leaf; }
        at = behind(leaf.prefix);
    }
    return best.value_or(sent);
}

void describe_place(Verdict& verdict, const geo::Atlas& atlas, const geo::AtlasLeaf& leaf) {
    const geo::Location& location = atlas.location(leaf.location);
    verdict.prefix = leaf.prefix.to_string();
    verdict.country = location.country.text();
    if (const geo::Country* country = geo::find_country(location.country); country != nullptr) {
        verdict.continent = geo::continent_text(country->continent);
    }
    verdict.subdivision = atlas.text(location.subdivision);
    verdict.city = atlas.text(location.city);
    const auto place = geo::place_of(location);
    verdict.place_known = place.has_value();
    verdict.at = place.value_or(geo::Coordinates{});
    verdict.place_source = location.has_coordinates ? "database coordinates"
                           : place                  ? "country"
                                                    : "none";
}

/// `is_served` says whether the name has records of the type that was asked for.
void describe_regions(Verdict& verdict, const std::vector<Region>& regions,
                      const PolicyTable& table, const geo::Ranking& ranking,
                      const std::vector<geo::RankedRegion>& ranked, dns::Type type,
                      bool is_served) {
    const Family family = type == dns::Type::A ? Family::V4 : Family::V6;
    const auto has_family = [&](geo::RegionIndex index) {
        const std::vector<IpAddress>& addresses = regions[table.regions[index]].addresses;
        return std::any_of(addresses.begin(), addresses.end(), [family](const IpAddress& address) {
            return address.family() == family;
        });
    };
    const bool asks_addresses = type == dns::Type::A || type == dns::Type::AAAA;
    const auto chosen = asks_addresses && is_served
                            ? serving_region(ranking, table.policy, has_family)
                            : std::nullopt;
    bool is_before_chosen = chosen.has_value();
    for (const geo::RankedRegion& candidate : ranked) {
        const Region& region = regions[table.regions[candidate.region]];
        ConsideredRegion considered{region.name, candidate.distance_km, false, {}};
        considered.chosen = candidate.region == chosen;
        is_before_chosen = is_before_chosen && !considered.chosen;
        if (asks_addresses && !has_family(candidate.region)) {
            considered.note = family == Family::V4 ? "has no IPv4 address" : "has no IPv6 address";
        } else if (asks_addresses && !is_served) {
            considered.note = "the policy omits what not all of its regions have";
        } else if (is_before_chosen) {
            considered.note = "behind the third rank the default order decides";
        }
        verdict.regions.push_back(std::move(considered));
    }
}

void describe_steering(Verdict& verdict, const Snapshot& snapshot, const PolicyTable& table,
                       const dns::Query& query, const VerdictQuestion& question, bool is_served) {
    const RoutedClient client = route_client(table, query.edns.client_subnet, question.peer);
    verdict.policy = table.name;
    verdict.identity = describe_identity(client.identity, question);
    verdict.identity_reason = describe_reason(client.identity, question);

    IpPrefix block{question.peer, question.peer.width()};
    if (client.identity == Identity::ClientSubnet) { block = *question.client_subnet; }
    // Whatever a database says of private space, the route map does not listen.
    const bool tells_nothing = table.routes->find(block.address, block.bits).ask_resolver;
    const IpAddress address = looked_up(block.address, block.bits);
    if (address != block.address) { block = {address, address.width()}; }

    const geo::Ranker ranker(table.policy);
    const geo::Ranking& ranking = table.routes->rankings()[client.ranking];
    std::optional<geo::Coordinates> place;
    verdict.place_source = "none";
    if (!tells_nothing) {
        const geo::AtlasLeaf leaf = deciding_leaf(snapshot, ranker, ranking, block);
        describe_place(verdict, snapshot.atlas(), leaf);
        place = geo::place_of(snapshot.atlas().location(leaf.location));
    }
    describe_regions(verdict, snapshot.data().regions, table, ranking, ranker.explain(place),
                     question.type, is_served);
}

void describe_answer(Verdict& verdict, const MessageText& reply) {
    verdict.rcode = dns::rcode_to_text(reply.rcode);
    verdict.scope_bits = reply.scope_bits;
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

/// The policy table behind a node, or null where nothing is steered.
const PolicyTable* steering_of(const SnapshotData& data, const Node& node) {
    for (std::uint32_t i = 0; i < node.set_count; ++i) {
        const SetEntry& entry = data.sets_of(node)[i];
        if (entry.kind != SetKind::Steered) { continue; }
        return &data.policy_tables[data.steered_sets[entry.ref].table];
    }
    return nullptr;
}

}  // namespace

Verdict explain(const Snapshot& snapshot, const VerdictQuestion& question) {
    const SnapshotData& data = snapshot.data();
    const Exchange exchange = ask(snapshot, question);
    Verdict verdict;
    describe_answer(verdict, exchange.reply);

    const dns::Name name = question.name.lower_cased();
    const Found found = find_name(data, exchange.query(), data.names.hash(name.wire()));
    if (found.kind == FoundKind::NotOurs) { return verdict; }
    verdict.zone = data.zones[found.zone].apex.to_text();
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
