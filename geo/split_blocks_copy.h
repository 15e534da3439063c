// Writes split blocks into a copy and reads them again, believing nothing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "geo/copy_frame.h"
#include "geo/prefix_table_copy.h"
#include "geo/split_blocks.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// Sees into split blocks.
class SplitBlocksCopier {
public:
    static void write(const SplitBlocks& blocks, CopyWriter& writer);

    /// Nothing unless lengths and blocks ascend, have no bits behind their length, and have such
    /// values.
    static std::optional<SplitBlocks> read(Family family, const TableValues& values,
                                           CopyReader& reader);

private:
    static bool are_sound(Family family, const TableValues& values, const SplitBlocks& blocks);
};

}  // namespace meridian::geo
