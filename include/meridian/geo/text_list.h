// Stores many short texts in one piece of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/assert.h"

namespace meridian::geo {

/// An append-only list. A `std::string` takes 32 octets however short it is; a text in this list
/// takes its letters and four octets more.
class TextList {
public:
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    /// Expects id < size(). The view lasts until the next `add`.
    [[nodiscard]] std::string_view operator[](std::size_t id) const {
        MERIDIAN_ASSERT(id < ends_.size());
        const std::uint32_t begin = id == 0 ? 0 : ends_[id - 1];
        return std::string_view(letters_).substr(begin, ends_[id] - begin);
    }
    /// Expects all texts together to stay below 4 GiB.
    void add(std::string_view text) {
        MERIDIAN_ASSERT(text.size() <= UINT32_MAX - letters_.size());
        letters_ += text;
        ends_.push_back(static_cast<std::uint32_t>(letters_.size()));
    }
    void reserve(std::size_t count, std::size_t letter_count) {
        ends_.reserve(count);
        letters_.reserve(letter_count);
    }
    void shrink() {
        letters_.shrink_to_fit();
        ends_.shrink_to_fit();
    }
    /// All texts, one behind the other.
    [[nodiscard]] std::string_view letters() const { return letters_; }
    [[nodiscard]] std::size_t memory_octets() const {
        return letters_.capacity() + ends_.capacity() * sizeof(std::uint32_t);
    }

private:
    std::string letters_;
    std::vector<std::uint32_t> ends_;  // where each ends in `letters_`
};

}  // namespace meridian::geo
