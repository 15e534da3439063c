// Finds what a zone says of a name, be there records of it or not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "meridian/dns/name.h"
#include "meridian/zones/zone.h"
#include "zones/model/owner_index.h"

namespace meridian::zones {

/// Null where the owner has no records of the type.
const OwnedSet* find_set(const Owner& owner, dns::Type type);

/// Whether clients get an address under the owner, be it written or steered.
bool has_address(const Owner& owner);

enum class Standing : std::uint8_t {
    Outside,     ///< Of the zone.
    Owned,       ///< Something is written under it.
    Empty,       ///< Only below it (RFC 4592 §2.2.2).
    Wildcard,    ///< Nothing is, and a wildcard answers for it (RFC 4592 §3.3.1).
    Delegated,   ///< It lies at a delegation or below one.
    Redirected,  ///< It lies below a DNAME.
    Missing,     ///< The zone does not have it.
    Unknown,     ///< It was not looked for: too many names were missing before.
};

struct FoundName {
    Standing standing{};
    /// What is written of it, or the wildcard, the top of the delegation, the owner of the DNAME.
    const Owner* owner = nullptr;
};

/// For the checks at load time. Zone and index outlive it.
class NameFinder {
public:
    NameFinder(const Zone& zone, const OwnerIndex& index) : zone_(zone), index_(index) {}

    /// Names that are not written take a walk over all owners; after kMaxDiagnostics of them no
    /// more is looked for.
    [[nodiscard]] FoundName find(const dns::Name& name);

    /// What is written under exactly this name, which is in wire form; null for nothing.
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
