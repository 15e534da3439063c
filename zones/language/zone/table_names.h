// Finds the regions, policies and services of a zone by the names that its files have for them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// A table as one of the zone's files has it.
template <typename Table>
struct FoundTable {
    const Table* table = nullptr;
    std::uint32_t file = 0;  ///< The number of that file.
};

/// The policy that every zone has.
inline constexpr std::string_view kBuiltInPolicy = "nearest";

/// The position in the file with that number.
inline TextPosition in_file(TextPosition at, std::uint32_t file) {
    at.file = file;
    return at;
}

/// What the name of an unknown region or policy is.
enum class UnknownName : std::uint8_t {
    IsAnError,
    MayComeFromTheZone,  ///< In a library that is checked alone: a warning.
};

/// Finds the regions and policies that tables name.
class TableNames {
public:
    /// Expects the regions of the zone.
    TableNames(UnknownName unknown, Zone& zone, Findings& findings);

    /// The region that `name` means, or none after a diagnostic. `kind` is that of the table that
    /// names it: "policy" or "service".
    std::optional<std::size_t> region(const WrittenName& name, const std::string& key,
                                      std::string_view kind);
    /// The same for a policy. Expects those of the zone.
    std::optional<std::size_t> policy(const WrittenName& name, const std::string& key,
                                      std::string_view kind);
    [[nodiscard]] bool is_region(std::string_view name) const { return regions_.contains(name); }
    [[nodiscard]] bool knew_all() const { return knew_all_; }

private:
    void report_unknown_region(const WrittenName& name, const std::string& key,
                               std::string_view kind);

    UnknownName unknown_;
    Zone& zone_;
    Findings& findings_;
    std::map<std::string, std::size_t, std::less<>> regions_;
    bool knew_all_ = true;
};

/// The indices of all regions.
std::vector<std::size_t> all_regions(const Zone& zone);

/// The policy of that name in `zone.policies`. "nearest" is made of all regions when it is asked
/// for and not defined; `asked_at` is then its position.
std::optional<std::size_t> find_policy(std::string_view name, TextPosition asked_at, Zone& zone);

/// What `steer = "NAME"` means, in `zone.services`: the service of that name, or one with the own
/// addresses of the regions of the policy of that name, which is added when it is asked for first.
std::optional<std::size_t> find_service(std::string_view name, TextPosition asked_at, Zone& zone);

/// Reports a `steer` that names neither.
void report_unknown_service(const std::string& name, TextPosition at, const std::string& key,
                            const Zone& zone, Findings& findings);

}  // namespace meridian::zones
