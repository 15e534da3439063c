// Finds the ranking of regions for a client, from an atlas and a policy.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// Index into a route map's rankings; 0 is the default ranking.
using RankingId = std::uint32_t;

class TableLeaf;

/// What the route map finds for one client.
struct Route {
    RankingId ranking = 0;
    std::uint8_t scope_bits = 0;  ///< Shorter of the leaf that decided and SOURCE: 0-32 or 0-128.
    /// The address has no place (private, loopback, link-local, shared, multicast, unassigned, or
    /// embedding IPv4 of which too few bits are known): the resolver's address decides, within this
    /// scope.
    bool ask_resolver = false;
};

/// The table of a policy over an atlas: a poptrie per family, the leaves of which never overlap and
/// hold ranking and prefix length. Several policies may share one table (joint_route_maps.h).
/// Immutable; any thread.
///
/// Soundness (DESIGN 2, rule 4): all addresses inside a returned scope, asked for with the same
/// SOURCE, get the same Route. So a resolver may share the answer among them (RFC 7871 §7.2.1).
class RouteMap {
public:
    /// Makes a table of its own for the policy.
    RouteMap(const Atlas& atlas, const Policy& policy);

    /// Reads the first `source_bits` bits of `client`: SOURCE for a client subnet, the full width
    /// for a resolver's own address.
    ///
    /// IPv4 inside IPv6 (::ffff:0:0/96, 64:ff9b::/96, 2002::/16, Teredo 2001::/32) is found as IPv4
    /// where `source_bits` covers all embedded bits; the scope then counts from the IPv6 front.
    /// A block that the database splits goes where most of its known addresses go, if its length is
    /// one of `majority_lengths`; else it follows its first address. Expects bits of `client`
    /// beyond `source_bits` to be zero.
    [[nodiscard]] Route find(const IpAddress& client, std::uint8_t source_bits) const;

    [[nodiscard]] const Rankings& rankings() const { return rankings_; }
    /// Whether the table may be shared with other maps.
    [[nodiscard]] bool is_joint() const { return !ranking_of_class_.empty(); }
    /// Identifies the table: equal for all maps that share one.
    [[nodiscard]] const void* table() const { return tables_.get(); }
    [[nodiscard]] std::size_t table_octets() const;
    [[nodiscard]] std::size_t memory_octets() const;  ///< The table included.
    [[nodiscard]] std::uint64_t leaf_count(Family family) const;

    /// The lengths of client subnets, ascending, for which most of the known addresses decide: /24
    /// or /56, and shorter ones as far as memory allows. A joint table has /24 or /56 alone.
    [[nodiscard]] std::vector<std::uint8_t> majority_lengths(Family family) const;

    /// All leaves of a family in address order, for tests and forecasts.
    struct Leaf {
        IpPrefix prefix;
        RankingId ranking = 0;
        bool ask_resolver = false;
    };
    [[nodiscard]] std::vector<Leaf> leaves(Family family) const;

private:
    friend class RouteMapCopier;  // route_map_copy.cpp
    friend class JointRouteMaps;  // joint_route_maps.cpp
    struct Tables;
    RouteMap() = default;
    [[nodiscard]] std::uint16_t value_of(TableLeaf leaf) const;
    [[nodiscard]] TableLeaf find_sent(const IpAddress& client, std::uint8_t source_bits) const;
    [[nodiscard]] TableLeaf find_split(const IpAddress& block, std::uint8_t block_bits,
                                       std::uint16_t first_value) const;
    [[nodiscard]] TableLeaf find_embedded(const IpAddress& client, std::uint8_t source_bits) const;

    Rankings rankings_;
    std::vector<std::uint16_t> ranking_of_class_;  // empty: leaves hold the rankings themselves
    std::shared_ptr<const Tables> tables_;
};

}  // namespace meridian::geo
