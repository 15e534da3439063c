// Collects the records of a zone's master files into RRsets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/wire/record_set.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "zones/language/master/master_lexer.h"
#include "zones/model/owner_index.h"
#include "zones/model/written_positions.h"

namespace meridian::zones {

/// What a master file says of one record, besides its data.
struct MasterRecord {
    const dns::Name* owner = nullptr;  ///< In the zone.
    std::uint32_t owner_hash = 0;      ///< As `announce` gave it.
    dns::Type type{};
    std::uint32_t ttl_seconds = 0;
    // Positions are computed when a diagnostic needs one: most records need none.
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

    /// Reserves room for the owners in `text`, unless some are there already. Reserved room costs
    /// no memory until it is used; moving a million owners costs time.
    void expect(std::string_view text);
    /// Fetches the owner's index entry into the cache while its record is read. Returns its hash.
    [[nodiscard]] std::uint32_t announce(const dns::Name& owner) const {
        return index_.prefetch(owner.wire());
    }
    /// Adds a record. A second one with the same data is ignored (RFC 2181 §5); one that cannot
    /// stand beside the others is reported.
    void add(const MasterRecord& record, dns::Rdata rdata);

    [[nodiscard]] std::size_t count() const { return count_; }
    /// Puts the SOA and NS records of the apex, where there are any, into `zone`, which has none.
    void hand_over_apex(Zone& zone) const;
    [[nodiscard]] const std::optional<OwnedSet>& soa() const { return soa_; }
    [[nodiscard]] const std::optional<OwnedSet>& nameservers() const { return nameservers_; }
    /// Puts the others beside what `zone` has; an RRset that both have is an error. They are spent.
    /// Returns the index of all owners that the zone then has.
    OwnerIndex hand_over(Zone& zone);
    /// Where the records of sets stand whose records are checked one by one. Of the first of many
    /// only: a registry has millions of sets.
    [[nodiscard]] const WrittenPositions& positions() const { return positions_; }

private:
    void add_soa(const MasterRecord& record, dns::Rdata rdata);
    std::vector<OwnedSet>& sets_of(const MasterRecord& record);
    void join(Owner& owner, Owner& written);
    void add_to(OwnedSet& set, const MasterRecord& record, dns::Rdata rdata);
    void note_position(const OwnedSet& set, const MasterRecord& record);
    bool has_twin(const OwnedSet& set, const MasterRecord& record, const dns::Rdata& rdata);

    /// The records of a set by their hashes.
    using HashedRecords = std::unordered_map<std::size_t, std::uint32_t>;

    const Zone& zone_;
    Findings& findings_;
    std::vector<Owner> owners_;
    OwnerIndex index_;  // of those
    // Of sets with many records, by the index of their owner; the apex's NS have none.
    std::map<std::pair<std::size_t, dns::Type>, HashedRecords> hashed_;
    std::size_t last_owner_ = 0;
    std::optional<OwnedSet> soa_;
    std::optional<OwnedSet> nameservers_;
    std::vector<TextPosition> nameserver_positions_;
    WrittenPositions positions_;
    std::size_t count_ = 0;
};

}  // namespace meridian::zones
