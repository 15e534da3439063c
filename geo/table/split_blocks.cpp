// Finds the value of a client subnet that the database splits.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/split_blocks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace meridian::geo {
namespace {

template <typename Keys, typename Key>
std::optional<std::size_t> find_key(const Keys& keys, std::size_t begin, std::size_t end, Key key) {
    const auto from = keys.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto until = keys.begin() + static_cast<std::ptrdiff_t>(end);
    const auto found = std::lower_bound(from, until, key);
    if (found == until || *found != key) { return {}; }
    return static_cast<std::size_t>(found - keys.begin());
}

}  // namespace

std::optional<std::uint16_t> SplitBlocks::find(const IpAddress& block, unsigned bits) const {
    const auto length = std::ranges::lower_bound(lengths_, bits);
    if (length == lengths_.end() || *length != bits) { return {}; }
    const auto number = static_cast<std::size_t>(length - lengths_.begin());
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    const std::size_t end = ends_[number];
    if (bits <= kShortKeyBits) {
        const auto key = static_cast<std::uint32_t>(block.high() >> 32);
        const auto at = find_key(short_keys_, begin, end, key);
        return at ? std::optional(values_[*at]) : std::nullopt;
    }
    const std::size_t short_count = short_keys_.size();
    const auto at = find_key(long_keys_, begin - short_count, end - short_count, block.high());
    return at ? std::optional(values_[short_count + *at]) : std::nullopt;
}

std::size_t SplitBlocks::memory_octets() const {
    return lengths_.capacity() + ends_.capacity() * sizeof(std::uint32_t) +
           short_keys_.capacity() * sizeof(std::uint32_t) +
           long_keys_.capacity() * sizeof(std::uint64_t) +
           values_.capacity() * sizeof(std::uint16_t);
}

SplitBlocksBuilder::SplitBlocksBuilder(std::vector<std::uint8_t> lengths)
    : wanted_(std::move(lengths)) {}

void SplitBlocksBuilder::add(AddressBits first, unsigned bits, std::uint16_t value) {
    Length& length = lengths_[bits];
    length.keys.push_back(static_cast<std::uint64_t>(first >> 64));
    length.values.push_back(value);
}

std::vector<std::uint8_t> SplitBlocksBuilder::lengths_within(std::size_t octets_limit) const {
    std::vector<std::uint8_t> kept;
    for (const std::uint8_t bits : wanted_) {
        const std::size_t key_octets =
            bits <= SplitBlocks::kShortKeyBits ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
        const std::size_t octets =
            lengths_[bits].keys.size() * (key_octets + sizeof(std::uint16_t));
        if (octets > octets_limit) { continue; }
        octets_limit -= octets;
        kept.push_back(bits);
    }
    std::ranges::sort(kept);
    return kept;
}

SplitBlocks SplitBlocksBuilder::build(std::size_t octets_limit) && {
    SplitBlocks blocks;
    for (const std::uint8_t bits : lengths_within(octets_limit)) {
        const Length& length = lengths_[bits];
        if (bits <= SplitBlocks::kShortKeyBits) {
            std::ranges::transform(
                length.keys, std::back_inserter(blocks.short_keys_),
                [](std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); });
        } else {
            blocks.long_keys_.insert(blocks.long_keys_.end(), length.keys.begin(),
                                     length.keys.end());
        }
        blocks.values_.insert(blocks.values_.end(), length.values.begin(), length.values.end());
        blocks.lengths_.push_back(bits);
        blocks.ends_.push_back(static_cast<std::uint32_t>(blocks.values_.size()));
    }
    blocks.short_keys_.shrink_to_fit();
    blocks.long_keys_.shrink_to_fit();
    blocks.values_.shrink_to_fit();
    return blocks;
}

}  // namespace meridian::geo
