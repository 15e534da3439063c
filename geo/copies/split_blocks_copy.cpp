// Writes split blocks into a copy; reads and checks them.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/copies/split_blocks_copy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "geo/table/prefix_table.h"

namespace meridian::geo {
namespace {

/// Whether the keys of one length ascend and have no bits behind that length.
template <typename Key>
bool are_blocks(std::span<const Key> keys, unsigned bits) {
    constexpr unsigned kKeyBits = std::numeric_limits<Key>::digits;
    const Key behind = bits < kKeyBits ? std::numeric_limits<Key>::max() >> bits : Key{0};
    const auto is_cut = [behind](Key key) { return (key & behind) == 0; };
    return std::ranges::all_of(keys, is_cut) &&
           std::ranges::adjacent_find(keys, std::greater_equal{}) == keys.end();
}

}  // namespace

void SplitBlocksCopier::write(const SplitBlocks& blocks, CopyWriter& writer) {
    writer.add_array(std::span(blocks.lengths_));
    writer.add_array(std::span(blocks.ends_));
    writer.add_array(std::span(blocks.short_keys_));
    writer.add_array(std::span(blocks.long_keys_));
    writer.add_array(std::span(blocks.values_));
}

bool SplitBlocksCopier::are_sound(Family family, const TableValues& values,
                                  const SplitBlocks& blocks) {
    const std::size_t short_count = blocks.short_keys_.size();
    const bool is_complete =
        blocks.lengths_.size() == blocks.ends_.size() &&
        blocks.values_.size() == short_count + blocks.long_keys_.size() &&
        (blocks.ends_.empty() ? 0 : blocks.ends_.back()) == blocks.values_.size();
    if (!is_complete) { return false; }
    unsigned bits_before = 0;
    std::size_t begin = 0;
    for (std::size_t number = 0; number < blocks.lengths_.size(); ++number) {
        const unsigned bits = blocks.lengths_[number];
        const std::size_t end = blocks.ends_[number];
        if (bits <= bits_before || bits >= PrefixTable::block_bits(family) || end < begin ||
            end > blocks.values_.size()) {
            return false;
        }
        const std::size_t count = end - begin;
        if (bits <= SplitBlocks::kShortKeyBits) {
            if (end > short_count ||
                !are_blocks(std::span(blocks.short_keys_).subspan(begin, count), bits)) {
                return false;
            }
        } else if (begin < short_count ||
                   !are_blocks(std::span(blocks.long_keys_).subspan(begin - short_count, count),
                               bits)) {
            return false;
        }
        bits_before = bits;
        begin = end;
    }
    return std::ranges::all_of(blocks.values_,
                               [&](std::uint16_t value) { return values.hold(value); });
}

std::optional<SplitBlocks> SplitBlocksCopier::read(Family family, const TableValues& values,
                                                   CopyReader& reader) {
    SplitBlocks blocks;
    blocks.lengths_ = reader.read_array<std::vector<std::uint8_t>>();
    blocks.ends_ = reader.read_array<std::vector<std::uint32_t>>();
    blocks.short_keys_ = reader.read_array<LargeVector<std::uint32_t>>();
    blocks.long_keys_ = reader.read_array<LargeVector<std::uint64_t>>();
    blocks.values_ = reader.read_array<LargeVector<std::uint16_t>>();
    if (reader.failed() || !are_sound(family, values, blocks)) { return {}; }
    return blocks;
}

}  // namespace meridian::geo
