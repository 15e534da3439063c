// Finds the zone of a name: the longest of our apexes that ends it.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/apex_table.h"

#include "meridian/bytes.h"
#include "meridian/dns/wire/name_hash.h"

namespace meridian::zones {

ApexTable::ApexTable(std::uint64_t seed, std::span<const dns::Name> apexes)
    : seed_(seed),
      apexes_(apexes.begin(), apexes.end()),
      buckets_(TagTable::bucket_count_for(apexes.size())),
      tags_(buckets_),
      has_zones_below_(apexes.size()) {
    for (std::uint32_t number = 0; number < apexes_.size(); ++number) {
        const dns::Name& apex = apexes_[number];
        if (find(apex)) { continue; }
        TagTable::place(buckets_, number + 1, dns::hash_name(apex.wire(), seed_));
        label_counts_[apex.label_count()] = true;
    }
    for (std::uint32_t number = 0; number < apexes_.size(); ++number) {
        if (const auto parent = above(number)) { has_zones_below_[*parent] = true; }
    }
}

std::optional<std::uint32_t> ApexTable::find(const dns::Name& apex) const {
    const std::uint32_t found =
        tags_.find(dns::hash_name(apex.wire(), seed_), [&](std::uint32_t number) {
            return number != 0 && same_octets(apexes_[number - 1].wire(), apex.wire());
        });
    return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::optional<std::uint32_t> ApexTable::above(std::uint32_t number) const {
    for (dns::Name name = apexes_[number]; !name.is_root();) {
        name = name.parent();
        if (!label_counts_[name.label_count()]) { continue; }
        if (const auto found = find(name)) { return found; }
    }
    return {};
}

}  // namespace meridian::zones
