// Writes split blocks into a copy; reads and checks them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "geo/copies/copy_frame.h"
#include "geo/copies/prefix_table_copy.h"
#include "geo/table/split_blocks.h"
#include "meridian/ip_address.h"

namespace meridian::geo {

/// Writes and reads the private parts of split blocks.
class SplitBlocksCopier {
public:
    static void write(const SplitBlocks& blocks, CopyWriter& writer);

    /// No value unless lengths and blocks ascend, blocks have no bits behind their length, and all
    /// values are such.
    static std::optional<SplitBlocks> read(Family family, const TableValues& values,
                                           CopyReader& reader);

private:
    static bool are_sound(Family family, const TableValues& values, const SplitBlocks& blocks);
};

}  // namespace meridian::geo
