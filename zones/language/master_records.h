// Collects the records of a zone's master files into RRsets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/record_set.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// What a master file says of one record, besides its data.
struct MasterRecord {
    const dns::Name* owner = nullptr;  ///< In the zone.
    TextPosition owner_at;
    dns::Type type{};
    TextPosition at;  ///< Of the type.
    std::uint32_t ttl_seconds = 0;
};

/// The records of all files that one zone names. An RRset may be spread over them.
class MasterRecords {
public:
    /// `zone`, of which apex and file names are of interest, outlives the records.
    MasterRecords(const Zone& zone, Findings& findings);

    /// Takes one record more. One that is there already goes unnoticed (RFC 2181 §5); one that
    /// cannot be is told of.
    void add(const MasterRecord& record, dns::Rdata rdata);

    [[nodiscard]] std::size_t count() const { return count_; }
    /// Puts the SOA and NS records of the apex, where there are any, into `zone`, which has none.
    void hand_over_apex(Zone& zone) const;
    [[nodiscard]] const std::optional<OwnedSet>& soa() const { return soa_; }
    [[nodiscard]] const std::optional<OwnedSet>& nameservers() const { return nameservers_; }
    /// Puts the others beside what `zone` has; an RRset that both have is an error. They are spent.
    void hand_over(Zone& zone);

private:
    // Names are found by their number in `owners_`, so that none is kept twice.
    struct Hash {
        using is_transparent = void;
        const std::vector<Owner>* owners;
        std::size_t operator()(std::size_t number) const { return (*this)((*owners)[number].name); }
        std::size_t operator()(const dns::Name& name) const;
    };
    struct Equal {
        using is_transparent = void;
        const std::vector<Owner>* owners;
        [[nodiscard]] const dns::Name& name(std::size_t number) const {
            return (*owners)[number].name;
        }
        bool operator()(std::size_t a, std::size_t b) const { return a == b; }
        bool operator()(std::size_t a, const dns::Name& b) const { return name(a) == b; }
        bool operator()(const dns::Name& a, std::size_t b) const { return a == name(b); }
    };

    void add_soa(const MasterRecord& record, dns::Rdata rdata);
    std::size_t owner_of(const MasterRecord& record);
    void add_to(OwnedSet& set, const MasterRecord& record, dns::Rdata rdata);

    const Zone& zone_;
    Findings& findings_;
    std::unique_ptr<std::vector<Owner>> owners_;  // stays where it is, for the index
    std::unordered_set<std::size_t, Hash, Equal> index_;
    std::size_t last_owner_ = 0;
    std::optional<OwnedSet> soa_;
    std::optional<OwnedSet> nameservers_;
    std::size_t count_ = 0;
};

}  // namespace meridian::zones
