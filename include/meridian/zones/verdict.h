// Explains the full reason for one answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/geo/location.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"
#include "meridian/zones/answer.h"
#include "meridian/zones/serving.h"

namespace meridian::zones {

/// The client and the question that a verdict is about.
struct VerdictQuestion {
    dns::Name name;
    dns::Type type = dns::Type::A;
    IpAddress peer;                         ///< The address that sends the packet.
    std::optional<IpPrefix> client_subnet;  ///< ECS, when there is one.
};

/// One region as the ranking saw it.
struct ConsideredRegion {
    std::string name;
    std::string file = {};  ///< That defines it.
    double distance_km = 0;
    bool chosen = false;
    /// It stands behind the ranks that are exact for the client (Verdict::exact_ranks), where its
    /// ranking is that of most addresses of its class, and by its own distances another one would
    /// stand here.
    bool by_class = false;
    std::string note;  ///< Why it was passed over, such as "has no IPv6 address"; may be empty.
    std::vector<std::string> left_out = {};  ///< Its addresses of the family that get no clients.
    friend bool operator==(const ConsideredRegion&, const ConsideredRegion&) = default;
};

/// What made the chosen region stand before the others.
enum class Decision : std::uint8_t {
    None,          ///< No region was chosen.
    Distance,      ///< It is the nearest that has the family.
    Tie,           ///< Others are as near, within geo::kTieKm: the order of the policy's `regions`.
    UnknownPlace,  ///< The client's place is unknown: the policy's default order decided.
    BeyondRanks,   ///< No region of an exact rank has the family, and another one that has it is
                   ///< nearer: the order of most addresses of the client's class decided.
};
std::string_view to_text(Decision decision);  ///< "distance", "tie", "unknown place", ...
std::optional<Decision> decision_from_text(std::string_view text);

/// A part of a block that the database splits.
struct BlockShare {
    std::string region;  ///< The nearest to that part; empty: its place is unknown.
    double share = 0;    ///< Of the block's addresses, above 0 to 1.
    friend bool operator==(const BlockShare&, const BlockShare&) = default;
};

struct Verdict {
    std::string zone;          ///< Apex, empty when no zone here holds the name.
    std::uint32_t serial = 0;  ///< Of that zone.
    std::string file;          ///< Likewise.
    std::string owner;  ///< The name that matched: QNAME or a wildcard. `answer` has the chain.
    std::string rcode;
    bool steered = false;
    std::string policy;
    std::string service;          ///< Empty where the name is steered by the policy itself.
    std::string identity;         ///< "client subnet 46.114.0.0/24", "resolver address 192.0.2.1".
    std::string identity_reason;  ///< Why this address decided.
    std::string embedded;         ///< The IPv4 address inside the identity that was looked up.
    std::string prefix;           ///< The database's leaf for the identity.
    bool place_known = false;
    std::string country;
    std::string continent;
    std::string subdivision;
    std::string city;
    std::string place_source;       ///< "database coordinates", "country", "none".
    std::uint16_t accuracy_km = 0;  ///< Radius of confidence; 0: not given.
    geo::Coordinates at;
    std::vector<ConsideredRegion> regions;  ///< Best first, as they are served.
    std::size_t exact_ranks = 0;            ///< So many of them stand by the client's distances.
    Decision decision = Decision::None;
    std::string runner_up;                   ///< The next region that has the family, if any.
    std::optional<double> margin_km;         ///< By how much that one is farther; below 0 in a tie.
    std::vector<std::string> default_order;  ///< Of the policy, where it decided: see `decision`.
    bool from_last_resort = false;           ///< No region is any better than down.
    /// Where health sends the client's other family elsewhere: "IPv6", and the region that it gets.
    std::string split_family;
    std::string split_region;
    /// Where the database splits the client's block: the share of each region, largest first.
    std::vector<BlockShare> split;
    bool split_by_majority = false;   ///< False: its first address decided.
    std::vector<std::string> answer;  ///< Records in presentation form, as sent.
    std::uint32_t ttl_seconds = 0;
    std::optional<std::uint8_t> scope_bits;  ///< None when the query carries no client subnet.
    std::string scope;                       ///< "46.114.0.0/24", likewise.
    /// Where the answer ends in an alias: its target, which the resolver asks for next.
    std::string alias_target;
    bool alias_is_here = false;  ///< A zone here holds the target.
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Asks `answer` a real query, which gives answer, TTL and scope. The reasons come from the Ranker
/// that filled the tables.
Verdict explain(const Serving& serving, const BatchContext& context,
                const VerdictQuestion& question);

}  // namespace meridian::zones
