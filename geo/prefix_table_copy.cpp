// Writes a prefix table into a copy and reads it again, believing nothing.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table_copy.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

namespace meridian::geo {

/// Walks once over all that a lookup could come to. Nodes lie one depth after the other and so do
/// the children of one depth's nodes, which leaves a single place where each may be: no two share a
/// child, and there is no loop.
class PrefixTableCopier::Check {
public:
    Check(PrefixTable& table, const TableValues& values) : table_(table), values_(values) {}

    /// Sets what follows from the rest.
    bool pass() {
        return check_root() && check_depths() &&
               std::ranges::all_of(table_.block_values_,
                                   [&](std::uint32_t value) { return values_.hold(value); });
    }

private:
    using Table = PrefixTable;

    bool check_root();
    bool check_depths();
    bool check_node(const Table::Node& node, unsigned node_bits);

    PrefixTable& table_;
    const TableValues& values_;
    std::size_t next_child_ = 0;  // the number of the child that comes next
};

bool PrefixTableCopier::Check::check_root() {
    const std::vector<std::uint32_t>& root = table_.root_;
    if (root.size() != std::size_t{1} << table_.root_bits_) { return false; }
    for (std::size_t i = 0; i < root.size();) {
        if ((root[i] & Table::kIsLeaf) == 0) {
            if (root[i] != next_child_) { return false; }
            ++next_child_;
            ++i;
            continue;
        }
        const TableLeaf leaf = TableLeaf::from_word(root[i] & ~Table::kIsLeaf);
        if (leaf.prefix_bits() > table_.root_bits_ || !values_.hold(leaf.value())) { return false; }
        const std::size_t count = std::size_t{1} << (table_.root_bits_ - leaf.prefix_bits());
        if (i % count != 0) { return false; }  // so it fits, too
        const auto run = std::span(root).subspan(i, count);
        if (!std::ranges::all_of(run, [&](auto entry) { return entry == root[i]; })) {
            return false;
        }
        ++table_.leaf_count_;
        i += count;
    }
    return next_child_ <= table_.nodes_.size();
}

bool PrefixTableCopier::Check::check_depths() {
    std::size_t begin = 0;
    for (std::size_t level = 0; level <= Table::level_count(table_.family_); ++level) {
        const std::size_t end = next_child_;
        if (level == Table::block_level(table_.family_)) {
            table_.first_block_node_ = static_cast<std::uint32_t>(begin);
            if (table_.block_values_.size() != end - begin) { return false; }
        }
        const auto node_bits =
            table_.root_bits_ + Table::kStrideBits * static_cast<unsigned>(level);
        for (; begin < end; ++begin) {
            if (node_bits >= width_bits(table_.family_) ||
                !check_node(table_.nodes_[begin], node_bits)) {
                return false;
            }
        }
        if (next_child_ > table_.nodes_.size()) { return false; }
    }
    return begin == table_.nodes_.size();
}

bool PrefixTableCopier::Check::check_node(const Table::Node& node, unsigned node_bits) {
    const auto leaf_count = static_cast<std::size_t>(std::popcount(node.leaf_starts));
    const std::size_t all_leaves = table_.leaves_.size();
    if (node.first_child != next_child_ || node.first_leaf > all_leaves ||
        leaf_count > all_leaves - node.first_leaf || (node.children & node.leaf_starts) != 0) {
        return false;
    }
    next_child_ += static_cast<std::size_t>(std::popcount(node.children));
    const unsigned child_bits = node_bits + Table::kStrideBits;
    const std::uint32_t* leaf_word = table_.leaves_.data() + node.first_leaf;
    TableLeaf leaf;
    for (unsigned child = 0; child < Table::kChildren;) {
        if (((node.children >> child) & 1) != 0) {
            ++child;
            continue;
        }
        if (((node.leaf_starts >> child) & 1) != 0) { leaf = TableLeaf::from_word(*leaf_word++); }
        const unsigned bits = leaf.prefix_bits();  // 0, which is too few, before the first
        if (bits <= node_bits || bits > child_bits || bits > width_bits(table_.family_) ||
            !values_.hold(leaf.value())) {
            return false;
        }
        const unsigned count = 1U << (child_bits - bits);
        // The prefix begins here, and no other one and no node stands within it.
        const std::uint64_t behind_first = ((std::uint64_t{1} << count) - 1 - 1) << child;
        if (child % count != 0 || ((node.children | node.leaf_starts) & behind_first) != 0) {
            return false;
        }
        ++table_.leaf_count_;
        child += count;
    }
    return true;
}

void PrefixTableCopier::write(const PrefixTable& table, CopyWriter& writer) {
    writer.add_array(std::span(table.root_));
    writer.add_array(std::span(table.nodes_));
    writer.add_array(std::span(table.leaves_));
    writer.add_array(std::span(table.block_values_));
}

std::optional<PrefixTable> PrefixTableCopier::read(Family family, const TableValues& values,
                                                   CopyReader& reader) {
    PrefixTable table(family);
    table.root_ = reader.read_array<std::uint32_t>();
    table.nodes_ = reader.read_array<PrefixTable::Node>();
    table.leaves_ = reader.read_array<std::uint32_t>();
    table.block_values_ = reader.read_array<std::uint32_t>();
    if (reader.failed() || !Check(table, values).pass()) { return {}; }
    return table;
}

}  // namespace meridian::geo
