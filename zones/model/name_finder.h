// Finds what a zone has for a name, which may have no records.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "meridian/dns/name.h"
#include "meridian/zones/model/zone.h"
#include "zones/model/owner_index.h"

namespace meridian::zones {

/// Null where the owner has no records of the type.
const OwnedSet* find_set(const Owner& owner, dns::Type type);

/// Whether clients get an address for the owner, written or steered.
bool has_address(const Owner& owner);

enum class Standing : std::uint8_t {
    Outside,     ///< It is not in the zone.
    Owned,       ///< It has records or steering.
    Empty,       ///< Only names below it have (RFC 4592 §2.2.2).
    Wildcard,    ///< A wildcard answers for it (RFC 4592 §3.3.1).
    Delegated,   ///< It lies at a delegation or below one.
    Redirected,  ///< It lies below a DNAME.
    Missing,     ///< The zone does not have it.
    Unknown,     ///< It was not searched: too many names were missing before.
};

struct FoundName {
    Standing standing{};
    /// The owner itself, the wildcard, the top of the delegation, or the owner of the DNAME.
    const Owner* owner = nullptr;
};

/// For the checks at load time. Zone and index outlive it.
class NameFinder {
public:
    NameFinder(const Zone& zone, const OwnerIndex& index) : zone_(zone), index_(index) {}

    /// A name without an owner costs a walk over all owners; after kMaxDiagnostics such names the
    /// result is Unknown.
    [[nodiscard]] FoundName find(const dns::Name& name);

    /// The owner with exactly this name, given in wire form; null for none.
    [[nodiscard]] const Owner* owner_of(std::span<const std::uint8_t> name) const {
        const auto found = index_.find(zone_.owners, name);
        return found ? &zone_.owners[*found] : nullptr;
    }

private:
    [[nodiscard]] FoundName find_redirection(const dns::Name& name) const;
    [[nodiscard]] FoundName find_unwritten(const dns::Name& name);

    const Zone& zone_;
    const OwnerIndex& index_;
    std::size_t walks_ = 0;
};

}  // namespace meridian::zones
