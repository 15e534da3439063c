// Builds a prefix table from ranges of addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/prefix_table_builder.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "geo/table/prefix_node.h"
#include "meridian/assert.h"

namespace meridian::geo {
namespace {

// The children from `first` to before `end`.
constexpr std::uint64_t children_between(unsigned first, unsigned end) {
    const std::uint64_t before_end =
        end == PrefixTable::kChildren ? ~std::uint64_t{0} : (std::uint64_t{1} << end) - 1;
    return before_end & ~((std::uint64_t{1} << first) - 1);
}

// How many aligned blocks make up the children from `first` to before `end`: their leaves.
std::uint64_t leaves_between(unsigned first, unsigned end) {
    std::uint64_t count = 0;
    while (first < end) {
        const auto aligned =
            first == 0 ? PrefixTable::kStrideBits : static_cast<unsigned>(std::countr_zero(first));
        const auto fitting = static_cast<unsigned>(std::bit_width(end - first)) - 1;
        first += 1U << std::min(aligned, fitting);
        ++count;
    }
    return count;
}

}  // namespace

void PrefixTableBuilder::OpenNode::add_value(std::uint16_t value, std::uint64_t children) {
    auto* const end = values.begin() + value_count;
    auto* const known = std::find(values.begin(), end, value);
    const auto number = static_cast<std::size_t>(known - values.begin());
    if (known == end) {
        values[number] = value;
        children_of[number] = 0;
        ++value_count;
    }
    children_of[number] |= children;
}

void PrefixTableBuilder::OpenNode::put_first(std::uint16_t value) {
    add_value(value, 0);  // the value may occur in nodes below alone
    auto* const found = std::find(values.begin(), values.begin() + value_count, value);
    const auto number = static_cast<std::size_t>(found - values.begin());
    std::swap(values[0], values[number]);
    std::swap(children_of[0], children_of[number]);
}

PrefixTableBuilder::PrefixTableBuilder(Family family, ChooseBlockValue choose)
    : table_(family),
      choose_(std::move(choose)),
      open_(PrefixTable::level_count(family)),
      siblings_(PrefixTable::level_count(family) + 1) {}

unsigned PrefixTableBuilder::open_bits() const {
    return PrefixTable::node_bits(table_.family_, open_count_ - 1);
}

unsigned PrefixTableBuilder::unit_bits() const {
    return open_count_ == 0 ? table_.root_bits_ : open_bits() + PrefixTable::kStrideBits;
}

void PrefixTableBuilder::add(AddressBits first, AddressBits last, std::uint16_t value) {
    MERIDIAN_ASSERT(first == expected_ && first <= last);
    expected_ = last + 1;  // wraps to 0 behind the last one
    while (true) {
        // The unit that begins at `first` is filled whole, or opened as a node where the range ends
        // within it.
        if (last - first < span_of(unit_bits())) {
            open_node(first);
            continue;
        }
        const AddressBits end =
            open_count_ == 0 ? fill_root(first, last, value) : fill_children(last, value);
        if (end == last) { return; }
        first = end + 1;
    }
}

/// Fills the root entries that the range covers whole; returns the last address of these.
AddressBits PrefixTableBuilder::fill_root(AddressBits first, AddressBits last,
                                          std::uint16_t value) {
    const AddressBits span = span_of(table_.root_bits_);
    const AddressBits end = ((last + 1) & ~span) - 1;
    for_each_prefix(first, end, [&](AddressBits start, std::uint8_t bits) {
        const unsigned entry_shift = 128 - table_.root_bits_;
        const auto index = static_cast<std::size_t>(start >> entry_shift);
        const std::size_t count = static_cast<std::size_t>(span_of(bits) >> entry_shift) + 1;
        std::fill_n(table_.root_.begin() + static_cast<std::ptrdiff_t>(index), count,
                    PrefixTable::kIsLeaf | TableLeaf(value, bits).word());
        ++table_.leaf_count_;
    });
    return end;
}

/// The same for the children of the innermost open node.
AddressBits PrefixTableBuilder::fill_children(AddressBits last, std::uint16_t value) {
    OpenNode& open = open_[open_count_ - 1];
    const unsigned child_shift = 128 - unit_bits();
    const bool ends_a_child = ((last + 1) & span_of(unit_bits())) == 0;
    const AddressBits end_of_all = ((last - open.first) >> child_shift) + (ends_a_child ? 1 : 0);
    const auto end_child =
        static_cast<unsigned>(std::min(end_of_all, AddressBits{PrefixTable::kChildren}));
    const AddressBits end = open.first + (static_cast<AddressBits>(end_child) << child_shift) - 1;

    open.add_value(value, children_between(open.next_child, end_child));
    table_.leaf_count_ += leaves_between(open.next_child, end_child);
    open.next_child = end_child;
    while (open_count_ > 0 && open_[open_count_ - 1].next_child == PrefixTable::kChildren) {
        close_node();
    }
    return end;
}

void PrefixTableBuilder::open_node(AddressBits first) {
    OpenNode& opened = open_[open_count_++];
    opened.first = first;
    opened.next_child = 0;
    opened.nodes = 0;
    opened.value_count = 0;
}

void PrefixTableBuilder::close_node() {
    const bool is_block = open_bits() == PrefixTable::block_bits(table_.family_);
    const std::size_t level = --open_count_;
    OpenNode& closed = open_[level];
    if (is_block) { closed.put_first(choose_(closed.first)); }
    std::uint32_t first_child = 0;
    unsigned slot_class = 0;
    if (closed.nodes != 0) {
        Siblings& children = siblings_[level + 1];
        slot_class = NodeHeader::slot_class_for(std::ranges::max(children.word_counts));
        first_child = write_siblings(children, slot_class);
    }
    NodeWords words{};
    const std::size_t count = closed.encode(first_child, slot_class, words);
    place(level, closed.first, std::span(words).first(count));
}

/// Fills zeroed `words` as prefix_node.h says; returns how many it needed.
std::size_t PrefixTableBuilder::OpenNode::encode(std::uint32_t first_child, unsigned slot_class,
                                                 NodeWords& words) const {
    MERIDIAN_ASSERT(value_count <= PrefixTable::kChildren);
    const unsigned plane_count =
        value_count < 2 ? 0 : static_cast<unsigned>(std::bit_width(value_count - 1));
    words[0] = NodeHeader(value_count > 0 ? values[0] : std::uint16_t{0},
                          value_count > 1 ? values[1] : std::uint16_t{0}, first_child, slot_class,
                          plane_count)
                   .word();
    std::size_t count = 1;
    if (nodes != 0) { words[count++] = nodes; }
    for (unsigned number = 0; number < value_count; ++number) {
        for (unsigned k = 0; k < plane_count; ++k) {
            if (((number >> k) & 1) != 0) { words[count + k] |= children_of[number]; }
        }
    }
    count += plane_count;
    for (unsigned number = 2; number < value_count; ++number) {
        const unsigned place = (number - 2) % 4;
        words[count] |= std::uint64_t{values[number]} << (16 * place);
        if (place == 3 || number + 1 == value_count) { ++count; }
    }
    return count;
}

/// Puts a finished node beside its siblings.
void PrefixTableBuilder::place(std::size_t level, AddressBits first,
                               std::span<const std::uint64_t> node) {
    if (level == 0) {
        const auto index = static_cast<std::size_t>(first >> (128 - table_.root_bits_));
        table_.root_[index] = static_cast<std::uint32_t>(table_.words_.size());
        table_.words_.insert(table_.words_.end(), node.begin(), node.end());
        return;
    }
    Siblings& siblings = siblings_[level];
    siblings.words.insert(siblings.words.end(), node.begin(), node.end());
    siblings.word_counts.push_back(static_cast<std::uint8_t>(node.size()));
    OpenNode& parent = open_[level - 1];
    parent.nodes |= std::uint64_t{1} << parent.next_child;
    ++parent.next_child;
}

/// Returns where the first one is.
std::uint32_t PrefixTableBuilder::write_siblings(Siblings& siblings, unsigned slot_class) {
    const std::size_t begin = table_.words_.size();
    const std::size_t slot_words = NodeHeader::kSlotWords[slot_class];
    table_.words_.resize(begin + siblings.word_counts.size() * slot_words);
    auto to = table_.words_.begin() + static_cast<std::ptrdiff_t>(begin);
    auto from = siblings.words.begin();
    for (const std::uint8_t count : siblings.word_counts) {
        std::copy_n(from, count, to);
        from += count;
        to += static_cast<std::ptrdiff_t>(slot_words);
    }
    siblings.words.clear();
    siblings.word_counts.clear();
    return static_cast<std::uint32_t>(begin);
}

PrefixTable PrefixTableBuilder::build() && {
    MERIDIAN_ASSERT(expected_ == 0 && table_.leaf_count_ > 0 && open_count_ == 0);
    MERIDIAN_ASSERT(table_.words_.size() < NodeHeader::kMaxWords);
    table_.words_.shrink_to_fit();
    return std::move(table_);
}

}  // namespace meridian::geo
