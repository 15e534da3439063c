// Holds positions in the text of a zone that its checks need and its model lacks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <tuple>
#include <vector>

#include "meridian/zones/model/zone.h"

namespace meridian::zones {

struct WrittenPositions {
    struct Before {
        bool operator()(const TextPosition& one, const TextPosition& other) const {
            return std::tie(one.file, one.line, one.column) <
                   std::tie(other.file, other.line, other.column);
        }
    };
    /// The position of each record of a set, by the position of the set. Only of sets of several
    /// records.
    std::map<TextPosition, std::vector<TextPosition>, Before> records;
    /// Whether every nameserver that is named could be read, so that they can be counted.
    bool nameservers_whole = true;

    /// The position of the record with that index, else of its whole set.
    [[nodiscard]] TextPosition of(const OwnedSet& set, std::size_t index) const {
        const auto found = records.find(set.position);
        const bool is_known = found != records.end() && index < found->second.size();
        return is_known ? found->second[index] : set.position;
    }
};

}  // namespace meridian::zones
