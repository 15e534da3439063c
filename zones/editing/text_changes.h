// Collects changes of a text, and applies them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::zones {

/// Offsets are in octets of the old text. Of two insertions at one place the earlier comes first.
class TextChanges {
public:
    void insert(std::size_t at, std::string text) { replace(at, at, std::move(text)); }
    void erase(std::size_t begin, std::size_t end) { replace(begin, end, {}); }
    /// Expects no other change within; only erased parts may overlap.
    void replace(std::size_t begin, std::size_t end, std::string text) {
        changes_.push_back({begin, end, std::move(text)});
    }
    /// The new text. The changes are spent.
    [[nodiscard]] std::string apply(std::string_view text);

private:
    struct Change {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::string text;
    };
    std::vector<Change> changes_;
};

}  // namespace meridian::zones
