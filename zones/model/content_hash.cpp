// Computes whether two versions of a zone are the same for clients and secondaries.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/content_hash.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/huge_pages.h"
#include "meridian/octet_hash.h"

namespace meridian::zones {
namespace {

/// The first number of each part, so that parts of different kinds have different digests.
enum class HashedPart : std::uint8_t {
    Soa = 1,
    Record,
    EmptyName,
    Steered,
    Policy,
    LastResort,
    Targets
};

/// A name is hashed without its length, since its root label ends it.
void add_owner(OctetHash& hash, const dns::Name& owner) {
    hash.add(dns::LowerCasedName(owner.wire()).wire());
}

OctetHash begin(HashedPart part, const dns::Name& owner) {
    OctetHash hash;
    hash.add_number(static_cast<std::uint64_t>(part));
    add_owner(hash, owner);
    return hash;
}

Digest soa_digest(const Zone& zone) {
    OctetHash hash = begin(HashedPart::Soa, zone.apex);
    hash.add(zone.soa.primary.wire());
    hash.add(zone.soa.mailbox.wire());
    for (const std::uint32_t number :
         {zone.soa.refresh, zone.soa.retry, zone.soa.expire, zone.ttls.negative,
          zone.soa.ttl_seconds.value_or(zone.ttls.infrastructure)}) {
        hash.add_number(number);
    }
    return hash.digest();
}

/// `named` has hashed the owner, which is the same for all records of a name.
Digest record_digest(const OctetHash& named, dns::Type type, std::uint32_t ttl_seconds,
                     std::span<const std::uint8_t> rdata) {
    OctetHash hash = named;
    hash.add_number(static_cast<std::uint64_t>(type));
    hash.add_number(ttl_seconds);
    hash.add(rdata);
    return hash.digest();
}

void add_addresses(OctetHash& hash, const std::vector<IpAddress>& addresses, Family family) {
    hash.add_number(
        static_cast<std::uint64_t>(std::ranges::count(addresses, family, &IpAddress::family)));
    for (const IpAddress& address : addresses) {
        if (address.family() != family) { continue; }
        hash.add_number(address.high());
        hash.add_number(address.low());
    }
}

void add_target(OctetHash& hash, const std::optional<dns::Name>& target) {
    hash.add_number(target ? 1 : 0);
    if (target) { hash.add(target->wire()); }
}

/// Without any of them the digest is what it was before there were such keys.
void add_rare_parts(OctetHash& hash, const Zone& zone, const Service& service) {
    if (!service.last_resort.empty()) {
        hash.add_number(static_cast<std::uint64_t>(HashedPart::LastResort));
        add_addresses(hash, service.last_resort, Family::V4);
        add_addresses(hash, service.last_resort, Family::V6);
    }
    if (service.cnames.empty()) { return; }
    hash.add_number(static_cast<std::uint64_t>(HashedPart::Targets));
    for (const std::size_t region : zone.policies[service.policy].regions) {
        add_target(hash, service.cnames[region]);
    }
    add_target(hash, service.last_resort_cname);
}

/// The same for a service with the regions' own addresses as for its policy: its name is in no
/// answer.
Digest service_digest(const Zone& zone, const Service& service) {
    const Policy& policy = zone.policies[service.policy];
    OctetHash hash = begin(HashedPart::Policy, {});
    hash.add_number(policy.regions.size());
    for (const std::size_t index : policy.regions) {
        const Region& region = zone.regions[index];
        for (const double degrees : {region.at.latitude, region.at.longitude}) {
            hash.add_number(std::bit_cast<std::uint64_t>(degrees + 0.0));  // -0 is 0
        }
        const std::vector<IpAddress>& addresses = addresses_of(zone, service, index);
        add_addresses(hash, addresses, Family::V4);
        add_addresses(hash, addresses, Family::V6);
    }
    for (const std::size_t index : policy.default_order) {
        const auto at = std::ranges::find(policy.regions, index);
        hash.add_number(static_cast<std::uint64_t>(at - policy.regions.begin()));
    }
    hash.add_number(policy.max_addresses);
    hash.add_number(static_cast<std::uint64_t>(policy.missing_family));
    hash.add_number(policy.client_subnet ? 1 : 0);
    add_rare_parts(hash, zone, service);
    return hash.digest();
}

std::vector<Digest> service_digests(const Zone& zone) {
    std::vector<Digest> digests;
    for (const Service& service : zone.services) {
        digests.push_back(service_digest(zone, service));
    }
    return digests;
}

/// Sorts digests. Their octets are random, so dealing them out by their first bits nearly sorts
/// them. Digests that an attacker chose take no longer than a plain sort.
void sort(std::vector<Digest>& digests) {
    constexpr std::size_t kPerBucket = 8;
    constexpr unsigned kMaxBucketBits = 16;
    const unsigned bits = std::min<unsigned>(
        static_cast<unsigned>(std::bit_width(digests.size() / kPerBucket)), kMaxBucketBits);
    if (bits == 0) { return std::sort(digests.begin(), digests.end()); }
    const auto bucket_of = [bits](const Digest& digest) { return digest.high >> (64 - bits); };
    std::vector<std::size_t> ends((std::size_t{1} << bits) + 1);
    for (const Digest& digest : digests) {
        ++ends[bucket_of(digest) + 1];
    }
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    std::vector<Digest> dealt;
    reserve_in_huge_pages(dealt, digests.size());
    dealt.resize(digests.size());
    for (const Digest& digest : digests) {
        dealt[ends[bucket_of(digest)]++] = digest;  // a start becomes an end
    }
    for (std::size_t i = 0, begin = 0; begin < dealt.size(); begin = ends[i++]) {
        std::sort(dealt.begin() + static_cast<std::ptrdiff_t>(begin),
                  dealt.begin() + static_cast<std::ptrdiff_t>(ends[i]));
    }
    digests.swap(dealt);
}

std::size_t count_records(const Zone& zone) {
    std::size_t count = 0;
    for (const Owner& owner : zone.owners) {
        for (const OwnedSet& set : owner.sets) {
            count += set.records.records.size();
        }
    }
    return count;
}

/// Sorts the digests of the parts, so that the order in the file does not count.
ContentHash joint(std::vector<Digest> parts) {
    sort(parts);
    OctetHash hash;
    hash.add_number(ContentHash::kFormat);
    for (const Digest& part : parts) {
        hash.add_digest(part);
    }
    return {ContentHash::kFormat, hash.digest()};
}

}  // namespace

std::string ContentHash::to_text() const {
    return std::to_string(format) + '-' + digest.to_text();
}

std::optional<ContentHash> ContentHash::parse(std::string_view text) {
    ContentHash hash;
    const auto [behind, error] =
        std::from_chars(text.data(), text.data() + text.size(), hash.format);
    const auto dash = static_cast<std::size_t>(behind - text.data());
    if (error != std::errc() || dash == text.size() || text[dash] != '-') { return {}; }
    const auto digest = Digest::parse(text.substr(dash + 1));
    if (!digest) { return {}; }
    hash.digest = *digest;
    return hash;
}

ContentHash content_hash(const Zone& zone) {
    std::vector<Digest> parts;
    reserve_in_huge_pages(parts,
                          1 + zone.nameservers.size() + zone.owners.size() + count_records(zone));
    parts.push_back(soa_digest(zone));
    const std::vector<Digest> services = service_digests(zone);
    for (const dns::Name& nameserver : zone.nameservers) {
        parts.push_back(record_digest(
            begin(HashedPart::Record, zone.apex), dns::Type::NS,
            zone.nameservers_ttl_seconds.value_or(zone.ttls.infrastructure), nameserver.wire()));
    }
    for (const Owner& owner : zone.owners) {
        const OctetHash named = begin(HashedPart::Record, owner.name);
        for (const OwnedSet& set : owner.sets) {
            for (const dns::Rdata& rdata : set.records.records) {
                parts.push_back(
                    record_digest(named, set.records.type, set.records.ttl_seconds, rdata));
            }
        }
        if (owner.steer) {
            MERIDIAN_ASSERT(*owner.steer < services.size());
            OctetHash hash = begin(HashedPart::Steered, owner.name);
            hash.add_number(owner.steer_ttl_seconds);
            hash.add_digest(services[*owner.steer]);
            parts.push_back(hash.digest());
        } else if (owner.sets.empty()) {  // it exists: NODATA, not NXDOMAIN
            parts.push_back(begin(HashedPart::EmptyName, owner.name).digest());
        }
    }
    return joint(std::move(parts));
}

ContentHash content_hash(std::span<const ContentHash> zones) {
    std::vector<Digest> parts;
    for (const ContentHash& zone : zones) {
        parts.push_back(zone.digest);
    }
    return joint(std::move(parts));
}

}  // namespace meridian::zones
