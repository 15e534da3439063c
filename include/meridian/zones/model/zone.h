// Models a zone as the operator described it: typed, defaults filled in, names resolved.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/wire/record_set.h"
#include "meridian/geo/location.h"
#include "meridian/geo/ranking.h"
#include "meridian/ip_address.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/health.h"

namespace meridian::zones {

/// A time in which a region gets no clients while another one is up: a drain that was planned.
struct Window {
    std::int64_t from = 0;   ///< Unix seconds.
    std::int64_t until = 0;  ///< Likewise, and later.
    std::string reason = {};
    TextPosition position = {};

    [[nodiscard]] bool holds_at(std::int64_t time) const { return from <= time && time < until; }
    /// Whichever number the file has in a zone.
    friend bool operator==(const Window& left, const Window& right) {
        return left.from == right.from && left.until == right.until &&
               left.reason == right.reason && left.position.line == right.position.line;
    }
};

/// A data centre. Its name and the file that defines it identify it: all zones that use it have the
/// same region.
struct Region {
    std::string name;
    std::string file;  ///< A zone file or a library.
    geo::Coordinates at;
    std::vector<IpAddress> addresses;  ///< Both families, in the order of the file.
    TextPosition position;
    /// `state = "drained"`: no clients while another region is up, as after `meridian drain`.
    bool is_drained = false;
    std::vector<Window> maintenance = {};  ///< In the order of the file; they may overlap.
    /// As a service of CNAMEs has the region: where its names lead there, instead of addresses.
    std::optional<dns::Name> target = {};
    /// As a service has the region: what is checked there instead of what is answered.
    std::vector<ProbePoint> probes = {};

    [[nodiscard]] bool has_answers() const { return !addresses.empty() || target.has_value(); }
    /// Whether the region, as a service has it, is part of that service.
    [[nodiscard]] bool is_part() const { return has_answers() || !probes.empty(); }
};

/// What is checked of a region as a service has it: its probes, or else its addresses.
inline std::vector<ProbePoint> checked_at(const Region& region) {
    if (!region.probes.empty()) { return region.probes; }
    std::vector<ProbePoint> points;
    for (const IpAddress& address : region.addresses) {
        points.push_back({.address = address});
    }
    return points;
}

enum class MissingFamily : std::uint8_t {
    Unset,  ///< A policy whose regions differ in their families is an error.
    Next,   ///< The next region in the ranking that has the family.
    Omit,   ///< The type does not exist at any name of the policy.
};

/// How regions are ranked for a client.
struct Policy {
    std::string name;
    std::vector<std::size_t> regions;        ///< Indices into Zone::regions, the order of ties.
    std::vector<std::size_t> default_order;  ///< All of `regions`, in another order.
    std::uint16_t max_addresses = 4;
    MissingFamily missing_family = MissingFamily::Unset;
    bool client_subnet = true;
    /// While fewer regions are up, but one at least, those that are down count as up as well.
    std::uint16_t min_regions = 1;
    bool is_written = true;  ///< Else "nearest", made when it was asked for.
    TextPosition position;   ///< Of its table; of one that is not written where it was asked for.
};

/// What a steered name hands out.
struct Service {
    std::string name;        ///< Empty where names are steered by the policy itself.
    std::size_t policy = 0;  ///< Index into Zone::policies.
    std::optional<std::uint32_t> ttl_seconds = {};  ///< None: `ttls.steered`.
    /// Its own addresses, by index into Zone::regions; a region without any is no part of it. None
    /// at all: it has the regions' own addresses.
    std::vector<std::vector<IpAddress>> addresses = {};
    /// Instead of addresses: where its names lead, by index into Zone::regions; a region without
    /// one is no part of it. None at all: it has addresses.
    std::vector<std::optional<dns::Name>> cnames = {};
    /// What is checked instead of that, by index into Zone::regions; none in regions whose answers
    /// are checked themselves. None at all: likewise everywhere.
    std::vector<std::vector<ProbePoint>> probes = {};
    /// It has `probe` alone: never answered, others depend on it in the regions that have one.
    bool is_probed_only = false;
    /// What is answered while all of its regions are down; none: the nearest region, as if it were
    /// up. A service of CNAMEs has a target there.
    std::vector<IpAddress> last_resort = {};
    std::optional<dns::Name> last_resort_cname = {};
    TextPosition last_resort_position = {};
    bool families_together = false;  ///< IPv4 and IPv6 leave a region together.
    /// Indices into Zone::services: it is down in a region where one of these is.
    std::vector<std::size_t> depends = {};
    std::vector<TextPosition> depends_positions = {};  ///< One for each.
    std::shared_ptr<const Health> health = {};  ///< How its addresses are checked; null: never.
    TextPosition position = {};  ///< Of its table, or of the first `steer` that names the policy.
};

struct Ttls {  // in seconds
    std::uint32_t steered = 60;
    std::uint32_t degraded = 20;
    std::uint32_t fixed = 3600;  ///< `ttl.static`
    std::uint32_t infrastructure = 86400;
    std::uint32_t negative = 60;
};

/// RFC 1035 §3.3.13. The TTL is `ttls.infrastructure`, MINIMUM `ttls.negative`.
struct Soa {
    dns::Name primary;
    dns::Name mailbox;
    std::uint32_t serial = 0;
    std::optional<TextPosition>
        serial_at;  ///< Where the operator wrote it; none: the server chose it.
    std::uint32_t refresh = 7200;
    std::uint32_t retry = 900;
    std::uint32_t expire = 1209600;
    std::optional<std::uint32_t> ttl_seconds;  ///< That of a master file; else the TTL above.
};

/// A set of records as written, with its TTL: that of the RRset, of the name, or of `[ttl]`.
struct OwnedSet {
    dns::RecordSet records;
    TextPosition position;
};

/// The records and the steering of one name.
struct Owner {
    dns::Name name;
    std::vector<OwnedSet> sets = {};
    /// Index into Zone::services: A and AAAA come from the regions of that service.
    std::optional<std::size_t> steer = {};
    std::uint32_t steer_ttl_seconds = 0;
    TextPosition position = {};        ///< Of the name.
    TextPosition steer_position = {};  ///< Of the value of `steer`.
};

/// One zone. The apex's SOA and NS are not among `owners`; they follow from `soa` and
/// `nameservers`.
struct Zone {
    std::string file;                    ///< As the operator knows it; may hold other zones, too.
    std::vector<OtherFile> other_files;  ///< TextPosition::file counts them from 1.
    dns::Name apex;
    TextPosition apex_position;                            ///< Of its name in the file.
    std::vector<dns::Name> nameservers;                    ///< At least one.
    std::optional<std::uint32_t> nameservers_ttl_seconds;  ///< As in Soa.
    TextPosition nameservers_position;
    std::vector<TextPosition> nameserver_positions;  ///< One for each.
    std::optional<TextPosition> signed_at;  ///< Of RRSIG records at the apex, if it has any.
    Soa soa;
    Ttls ttls;
    std::vector<Region> regions;
    std::vector<Policy> policies;
    std::vector<Service> services;  ///< Those that are written, and one for each policy in `steer`.
    std::vector<Owner> owners;      ///< Every name once, in the order of the file.
};

/// Whether it hands out the regions' own addresses.
inline bool has_regions_own(const Service& service) {
    return service.addresses.empty() && service.cnames.empty() && !service.is_probed_only;
}

/// The addresses of a service in a region of its policy; none where that is no part of it.
inline const std::vector<IpAddress>& addresses_of(const Zone& zone, const Service& service,
                                                  std::size_t region) {
    static const std::vector<IpAddress> kNone;
    if (!service.cnames.empty() || service.is_probed_only) { return kNone; }
    return service.addresses.empty() ? zone.regions[region].addresses : service.addresses[region];
}

/// What is checked in a region instead of what the service answers there; none: that itself.
inline const std::vector<ProbePoint>& probes_of(const Service& service, std::size_t region) {
    static const std::vector<ProbePoint> kNone;
    return service.probes.empty() ? kNone : service.probes[region];
}

/// Whether a region of its policy is part of a service.
inline bool is_part_of(const Zone& zone, const Service& service, std::size_t region) {
    if (service.is_probed_only) { return !probes_of(service, region).empty(); }
    if (!service.cnames.empty()) { return service.cnames[region].has_value(); }
    return !addresses_of(zone, service, region).empty();
}

}  // namespace meridian::zones
