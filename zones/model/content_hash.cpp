// Tells whether two versions of a zone say the same to clients and secondaries.
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
#include "meridian/dns/ascii_case.h"
#include "meridian/large_pages.h"

namespace meridian::zones {
namespace {

/// What begins each part, so that no two kinds of part look alike.
enum class Part : std::uint8_t { Soa = 1, Record, EmptyName, Steered, Policy };

/// Behind each other, a name needs no length: it ends with its root label.
void add_owner(Fingerprint& print, const dns::Name& owner) {
    print.add(dns::LowerCasedName(owner.wire()).wire());
}

Fingerprint begin(Part part, const dns::Name& owner) {
    Fingerprint print;
    print.add_number(static_cast<std::uint64_t>(part));
    add_owner(print, owner);
    return print;
}

void add_digest(Fingerprint& print, const Digest& digest) {
    print.add_number(digest.high);
    print.add_number(digest.low);
}

Digest soa_digest(const Zone& zone) {
    Fingerprint print = begin(Part::Soa, zone.apex);
    print.add(zone.soa.primary.wire());
    print.add(zone.soa.mailbox.wire());
    for (const std::uint32_t number :
         {zone.soa.refresh, zone.soa.retry, zone.soa.expire, zone.ttls.negative,
          zone.soa.ttl_seconds.value_or(zone.ttls.infrastructure)}) {
        print.add_number(number);
    }
    return print.digest();
}

/// `print` has taken in the owner: a name is the same for all its records.
Digest record_digest(Fingerprint print, dns::Type type, std::uint32_t ttl_seconds,
                     std::span<const std::uint8_t> rdata) {
    print.add_number(static_cast<std::uint64_t>(type));
    print.add_number(ttl_seconds);
    print.add(rdata);
    return print.digest();
}

void add_addresses(Fingerprint& print, const Region& region, Family family) {
    print.add_number(static_cast<std::uint64_t>(
        std::ranges::count(region.addresses, family, &IpAddress::family)));
    for (const IpAddress& address : region.addresses) {
        if (address.family() != family) { continue; }
        print.add_number(address.high());
        print.add_number(address.low());
    }
}

Digest policy_digest(const Zone& zone, const Policy& policy) {
    Fingerprint print = begin(Part::Policy, {});
    print.add_number(policy.regions.size());
    for (const std::size_t index : policy.regions) {
        const Region& region = zone.regions[index];
        for (const double degrees : {region.at.latitude, region.at.longitude}) {
            print.add_number(std::bit_cast<std::uint64_t>(degrees + 0.0));  // -0 is 0
        }
        add_addresses(print, region, Family::V4);
        add_addresses(print, region, Family::V6);
    }
    for (const std::size_t index : policy.default_order) {
        const auto at = std::ranges::find(policy.regions, index);
        print.add_number(static_cast<std::uint64_t>(at - policy.regions.begin()));
    }
    print.add_number(policy.max_addresses);
    print.add_number(static_cast<std::uint64_t>(policy.missing_family));
    print.add_number(policy.client_subnet ? 1 : 0);
    return print.digest();
}

std::vector<Digest> policy_digests(const Zone& zone) {
    std::vector<Digest> digests;
    for (const Policy& policy : zone.policies) {
        digests.push_back(policy_digest(zone, policy));
    }
    return digests;
}

/// Sorts digests, of which any octet is as good as random: dealt out by their first bits they are
/// all but in order. Those that somebody has chosen only take as long as sorting does.
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
    reserve_in_large_pages(dealt, digests.size());
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

/// Sorting what is small and equally long is what makes the order in the file not count.
ContentHash joint(std::vector<Digest> parts) {
    sort(parts);
    Fingerprint print;
    print.add_number(ContentHash::kFormat);
    for (const Digest& part : parts) {
        add_digest(print, part);
    }
    return {ContentHash::kFormat, print.digest()};
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
    reserve_in_large_pages(parts,
                           1 + zone.nameservers.size() + zone.owners.size() + count_records(zone));
    parts.push_back(soa_digest(zone));
    const std::vector<Digest> policies = policy_digests(zone);
    for (const dns::Name& nameserver : zone.nameservers) {
        parts.push_back(record_digest(
            begin(Part::Record, zone.apex), dns::Type::NS,
            zone.nameservers_ttl_seconds.value_or(zone.ttls.infrastructure), nameserver.wire()));
    }
    for (const Owner& owner : zone.owners) {
        const Fingerprint named = begin(Part::Record, owner.name);
        for (const OwnedSet& set : owner.sets) {
            for (const dns::Rdata& rdata : set.records.records) {
                parts.push_back(
                    record_digest(named, set.records.type, set.records.ttl_seconds, rdata));
            }
        }
        if (owner.steer) {
            MERIDIAN_ASSERT(*owner.steer < policies.size());
            Fingerprint print = begin(Part::Steered, owner.name);
            print.add_number(owner.steer_ttl_seconds);
            add_digest(print, policies[*owner.steer]);
            parts.push_back(print.digest());
        } else if (owner.sets.empty()) {  // it exists: NODATA, not NXDOMAIN
            parts.push_back(begin(Part::EmptyName, owner.name).digest());
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
