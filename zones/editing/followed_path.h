// Follows a path of keys through a TOML tree, and finds in which form it is written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// As far as a path leads. Depths count the keys that lead to a table.
struct FollowedPath {
    const TomlEntry* entry = nullptr;  ///< What stands at the path; null when nothing does.
    bool blocked = false;              ///< A value on the path is no table.
    const TomlTable* table = nullptr;  ///< The innermost table on the way, without `entry`.
    std::size_t depth = 0;
    const TomlEntry* owner = nullptr;    ///< The entry of that table; null for the root.
    const TomlTable* section = nullptr;  ///< The innermost with a header, or the root.
    std::size_t section_depth = 0;
    const TomlValue* braces = nullptr;  ///< The innermost in braces; null when there is none.
    std::size_t braces_depth = 0;
};

FollowedPath follow(std::string_view text, const TomlTable& root,
                    std::span<const std::string> path);

}  // namespace meridian::zones
