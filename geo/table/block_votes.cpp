// Counts for each split block how many of its addresses have which value.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/block_votes.h"

#include <algorithm>
#include <utility>

namespace meridian::geo {

BlockVotes::BlockVotes(std::vector<std::uint8_t> lengths, Take take) : take_(std::move(take)) {
    std::ranges::sort(lengths);
    for (const std::uint8_t bits : lengths) {
        open_.push_back({bits, 0, {}});
        for (std::size_t longer = std::size_t{bits} + 1; longer < count_below_.size(); ++longer) {
            count_below_[longer] = static_cast<std::uint8_t>(open_.size());
        }
    }
}

void BlockVotes::add(AddressBits first, std::uint8_t prefix_bits, std::uint16_t value) {
    std::size_t number = count_below_[prefix_bits];
    if (number == 0) { return; }  // the leaf is one block or several
    Open& open = open_[number - 1];
    const AddressBits span = span_of(prefix_bits);
    if (open.weights.empty()) { open.first_value = value; }
    const auto place = std::ranges::lower_bound(open.weights, value, {}, &ValueWeight::value);
    if (place != open.weights.end() && place->value == value) {
        place->addresses += span + 1;
    } else {
        open.weights.insert(place, {value, leaf_count_, span + 1});
    }
    ++leaf_count_;
    const AddressBits last = first | span;
    for (; number > 0; --number) {
        const AddressBits span_of_open = span_of(open_[number - 1].bits);
        if ((last & span_of_open) != span_of_open) { return; }
        close(number - 1, last);
    }
}

void BlockVotes::close(std::size_t number, AddressBits last) {
    Open& closed = open_[number];
    take_({last & ~span_of(closed.bits), closed.bits, closed.first_value, closed.weights});
    if (number > 0) { merge_into(open_[number - 1], closed); }
    closed.weights.clear();
}

void BlockVotes::merge_into(Open& outer, const Open& inner) {
    if (outer.weights.empty()) {
        outer.first_value = inner.first_value;
        outer.weights.assign(inner.weights.begin(), inner.weights.end());
        return;
    }
    merged_.clear();
    auto one = outer.weights.begin();
    for (const ValueWeight& weight : inner.weights) {
        while (one != outer.weights.end() && one->value < weight.value) {
            merged_.push_back(*one++);
        }
        merged_.push_back(weight);
        if (one == outer.weights.end() || one->value != weight.value) { continue; }
        merged_.back().order = one->order;
        merged_.back().addresses += one->addresses;
        ++one;
    }
    merged_.insert(merged_.end(), one, outer.weights.end());
    outer.weights.swap(merged_);
}

}  // namespace meridian::geo
