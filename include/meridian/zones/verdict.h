// Tells the full reason for one answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/geo/location.h"
#include "meridian/ip_prefix.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// Whom and what a verdict is about.
struct VerdictQuestion {
    dns::Name name;
    dns::Type type = dns::Type::A;
    IpAddress peer;                         ///< Who sends the packet.
    std::optional<IpPrefix> client_subnet;  ///< ECS, when there is one.
};

/// One region as the ranking saw it.
struct ConsideredRegion {
    std::string name;
    double distance_km = 0;
    bool chosen = false;
    std::string note;  ///< Why it was passed over, such as "has no IPv6 address"; may be empty.
};

struct Verdict {
    std::string zone;   ///< Apex, empty when no zone here holds the name.
    std::string owner;  ///< The name that matched: itself or a wildcard. `answer` has the chain.
    std::string rcode;
    bool steered = false;
    std::string policy;
    std::string identity;         ///< "client subnet 46.114.0.0/24", "resolver address 192.0.2.1".
    std::string identity_reason;  ///< Why it was taken.
    std::string prefix;           ///< The database's leaf for the identity.
    bool place_known = false;
    std::string country;
    std::string continent;
    std::string subdivision;
    std::string city;
    std::string place_source;  ///< "database coordinates", "country", "none".
    geo::Coordinates at;
    std::vector<ConsideredRegion> regions;  ///< Best first.
    std::vector<std::string> answer;        ///< Records in presentation form, as sent.
    std::uint32_t ttl_seconds = 0;
    std::optional<std::uint8_t> scope_bits;  ///< None when the query carries no client subnet.
};

/// Explains by asking: the answer, TTL and scope are those of a real query through `answer`, the
/// reasons come from the Ranker that filled the tables.
Verdict explain(const Snapshot& snapshot, const VerdictQuestion& question);

}  // namespace meridian::zones
