// Writes a prefix table into a copy; reads and checks it.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/copies/prefix_table_copy.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "geo/table/prefix_node.h"

namespace meridian::geo {
namespace {

// The largest number that the planes give to a child that is a leaf.
unsigned largest_number(std::span<const std::uint64_t> planes, std::uint64_t nodes) {
    std::uint64_t candidates = ~nodes;
    unsigned number = 0;
    for (std::size_t k = planes.size(); k-- > 0;) {
        if ((candidates & planes[k]) == 0) { continue; }
        candidates &= planes[k];
        number |= 1U << k;
    }
    return number;
}

// How many words of a palette hold the values up to this number: two are in the header.
std::size_t palette_words_for(unsigned largest_number) {
    return largest_number < 2 ? 0 : (largest_number - 2) / 4 + 1;
}

}  // namespace

/// Walks once over all nodes that a lookup could reach. The builder writes the children of a node
/// when it is finished, behind all nodes below them. So each node can lie at one offset only, no
/// two nodes share a child, and there is no loop.
class PrefixTableCopier::Check {
public:
    Check(PrefixTable& table, const TableValues& values) : table_(table), values_(values) {}

    /// Checks the table and counts its leaves; false where something is wrong.
    bool pass() { return check_root() && seen_words_ == table_.words_.size(); }

private:
    using Table = PrefixTable;
    using Words = std::span<const std::uint64_t>;

    bool check_root();
    bool check_root_leaf(std::size_t& index);
    std::size_t check_node(Words node, std::size_t level);
    bool check_children(NodeHeader header, std::uint64_t nodes, std::size_t level);
    bool check_leaves(NodeHeader header, Words planes, std::uint64_t nodes, std::size_t level);

    PrefixTable& table_;
    const TableValues& values_;
    std::size_t seen_words_ = 1;
};

bool PrefixTableCopier::Check::check_root() {
    const LargeVector<std::uint32_t>& root = table_.root_;
    if (root.size() != std::size_t{1} << table_.root_bits_ || table_.words_.empty()) {
        return false;
    }
    for (std::size_t i = 0; i < root.size();) {
        if ((root[i] & Table::kIsLeaf) != 0) {
            if (!check_root_leaf(i)) { return false; }
            continue;
        }
        if (root[i] >= table_.words_.size()) { return false; }
        const std::size_t word_count = check_node(Words(table_.words_).subspan(root[i]), 0);
        if (word_count == 0 || root[i] != seen_words_) { return false; }
        seen_words_ += word_count;
        ++i;
    }
    return true;
}

/// Steps over the entries of one leaf.
bool PrefixTableCopier::Check::check_root_leaf(std::size_t& index) {
    const std::uint32_t entry = table_.root_[index];
    const TableLeaf leaf = TableLeaf::from_word(entry & ~Table::kIsLeaf);
    if ((entry & ~Table::kIsLeaf) >> 16 > table_.root_bits_ || !values_.hold(leaf.value())) {
        return false;
    }
    const std::size_t count = std::size_t{1} << (table_.root_bits_ - leaf.prefix_bits());
    if (index % count != 0) { return false; }  // so the leaf lies within the root
    const auto run = std::span(table_.root_).subspan(index, count);
    ++table_.leaf_count_;
    index += count;
    return std::ranges::all_of(run, [entry](std::uint32_t other) { return other == entry; });
}

/// Checks a node that has at most these words, and all nodes below it. Returns how many words it
/// has, 0 when something is wrong.
std::size_t PrefixTableCopier::Check::check_node(Words node, std::size_t level) {
    if (level >= Table::level_count(table_.family_)) { return 0; }
    const NodeHeader header(node[0]);
    std::size_t word_count = 1;
    std::uint64_t nodes = 0;
    if (header.has_children()) {
        if (node.size() == 1 || node[1] == 0) { return 0; }
        nodes = node[word_count++];
    }
    const std::size_t plane_count = header.plane_count();
    if (plane_count > NodeHeader::kMaxPlanes || plane_count > node.size() - word_count) {
        return 0;
    }
    const Words planes = node.subspan(word_count, plane_count);
    word_count += plane_count;
    const std::size_t palette_words = palette_words_for(largest_number(planes, nodes));
    if (palette_words > node.size() - word_count) { return 0; }
    word_count += palette_words;
    const bool is_good = values_.hold(header.value(0)) && values_.hold(header.value(1)) &&
                         check_leaves(header, planes, nodes, level) &&
                         (nodes == 0 || check_children(header, nodes, level));
    return is_good ? word_count : 0;
}

bool PrefixTableCopier::Check::check_children(NodeHeader header, std::uint64_t nodes,
                                              std::size_t level) {
    const std::size_t slot_words = header.slot_words();
    const std::size_t words = static_cast<std::size_t>(std::popcount(nodes)) * slot_words;
    const std::size_t first = header.first_child();
    const Words all(table_.words_);
    if (first > all.size() || words > all.size() - first) { return false; }
    for (std::size_t at = first; at < first + words; at += slot_words) {
        if (check_node(all.subspan(at, slot_words), level + 1) == 0) { return false; }
    }
    if (first != seen_words_) { return false; }
    seen_words_ += words;
    return true;
}

/// Checks and counts the children that are leaves.
bool PrefixTableCopier::Check::check_leaves(NodeHeader header, Words planes, std::uint64_t nodes,
                                            std::size_t level) {
    const unsigned child_bits = Table::node_bits(table_.family_, level + 1);
    for (unsigned child = 0; child < Table::kChildren;) {
        if (((nodes >> child) & 1) != 0) {
            ++child;
            continue;
        }
        const ChildLeaf leaf = read_leaf(header, planes.data(), nodes, child);
        const unsigned size_log2 = leaf_size_log2(leaf.others, child);
        const bool fills_node = size_log2 == Table::kStrideBits;  // then the node would be a leaf
        if (fills_node || child_bits - size_log2 > width_bits(table_.family_) ||
            !values_.hold(leaf.value)) {
            return false;
        }
        ++table_.leaf_count_;
        child += 1U << size_log2;
    }
    return true;
}

void PrefixTableCopier::write(const PrefixTable& table, CopyWriter& writer) {
    writer.add_array(std::span(table.root_));
    writer.add_array(std::span(table.words_));
}

std::optional<PrefixTable> PrefixTableCopier::read(Family family, const TableValues& values,
                                                   CopyReader& reader) {
    PrefixTable table(family);
    table.root_ = reader.read_array<LargeVector<std::uint32_t>>();
    table.words_ = reader.read_array<LargeVector<std::uint64_t>>();
    if (reader.failed() || !Check(table, values).pass()) { return {}; }
    return table;
}

}  // namespace meridian::geo
