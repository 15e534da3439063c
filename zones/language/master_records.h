// Collects the records of a zone's master files into RRsets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/record_set.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "zones/language/master_lexer.h"
#include "zones/model/owner_index.h"

namespace meridian::zones {

/// What a master file says of one record, besides its data.
struct MasterRecord {
    const dns::Name* owner = nullptr;  ///< In the zone.
    std::uint32_t owner_hash = 0;      ///< As `announce` gave it.
    dns::Type type{};
    std::uint32_t ttl_seconds = 0;
    // Where words stand is only asked for where it is wanted, which is not for every record.
    const MasterLexer* lexer = nullptr;
    std::string_view owner_word;
    std::string_view type_word;

    [[nodiscard]] TextPosition at() const { return lexer->position(type_word); }
};

/// The records of all files that one zone names. An RRset may be spread over them.
class MasterRecords {
public:
    /// `zone`, of which apex and file names are of interest, outlives the records.
    MasterRecords(const Zone& zone, Findings& findings);

    /// Makes room for the owners in `text`, unless some are there already. Room that is not taken
    /// costs no memory, but moving a million owners does.
    void expect(std::string_view text);
    /// To be told of an owner as soon as it is known: it is looked up while its record is read.
    [[nodiscard]] std::uint32_t announce(const dns::Name& owner) const {
        return index_.prefetch(owner.wire());
    }
    /// Takes one record more. One that is there already goes unnoticed (RFC 2181 §5); one that
    /// cannot be is told of.
    void add(const MasterRecord& record, dns::Rdata rdata);

    [[nodiscard]] std::size_t count() const { return count_; }
    /// Puts the SOA and NS records of the apex, where there are any, into `zone`, which has none.
    void hand_over_apex(Zone& zone) const;
    [[nodiscard]] const std::optional<OwnedSet>& soa() const { return soa_; }
    [[nodiscard]] const std::optional<OwnedSet>& nameservers() const { return nameservers_; }
    /// Puts the others beside what `zone` has; an RRset that both have is an error. They are spent.
    /// Returns the index of all owners that the zone then has.
    OwnerIndex hand_over(Zone& zone);

private:
    void add_soa(const MasterRecord& record, dns::Rdata rdata);
    std::vector<OwnedSet>& sets_of(const MasterRecord& record);
    void join(Owner& owner, Owner& written);
    void add_to(OwnedSet& set, const MasterRecord& record, dns::Rdata rdata);

    const Zone& zone_;
    Findings& findings_;
    std::vector<Owner> owners_;
    OwnerIndex index_;  // of those
    std::size_t last_owner_ = 0;
    std::optional<OwnedSet> soa_;
    std::optional<OwnedSet> nameservers_;
    std::vector<TextPosition> nameserver_positions_;
    std::size_t count_ = 0;
};

}  // namespace meridian::zones
