// Remembers by digests what a look at the files showed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "meridian/digest.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// Answers whether a file is as it was, in 32 octets a file: a look itself has 300 of each.
class LookDigests {
public:
    LookDigests() = default;
    explicit LookDigests(const SourceLook& look);

    /// Notes what another look shows of some of the files.
    void update(const SourceLook& news);
    /// Whether `state` is another one than was seen. A file that was not looked at is no other.
    [[nodiscard]] bool is_another(std::string_view path, std::string_view state) const;

    friend bool operator==(const LookDigests&, const LookDigests&) = default;

private:
    using File = std::pair<Digest, Digest>;  // of the path and of the file state

    std::vector<File> files_;  // sorted
};

}  // namespace meridian::server
