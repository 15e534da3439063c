// Writes a prefix table into a copy; reads and checks it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "geo/copies/copy_frame.h"
#include "geo/table/prefix_table.h"
#include "meridian/ip_address.h"

namespace meridian::geo {

/// The values that leaves and blocks may have.
struct TableValues {
    std::uint32_t count = 0;        ///< Those below this number,
    std::uint16_t others_from = 0;  ///< and those from this one on.

    [[nodiscard]] bool hold(std::uint16_t value) const {
        return value < count || value >= others_from;
    }
};

/// Writes and reads the private parts of a prefix table.
class PrefixTableCopier {
public:
    static void write(const PrefixTable& table, CopyWriter& writer);

    /// No value unless the table is a partition of the whole space with such values, laid out as by
    /// PrefixTableBuilder.
    static std::optional<PrefixTable> read(Family family, const TableValues& values,
                                           CopyReader& reader);

private:
    class Check;
};

}  // namespace meridian::geo
