// Follows a path of keys through a TOML tree, and finds in which form it is written.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/followed_path.h"

#include "zones/editing/toml_statements.h"

namespace meridian::zones {

FollowedPath follow(std::string_view text, const TomlTable& root,
                    std::span<const std::string> path) {
    FollowedPath followed;
    followed.table = &root;
    followed.section = &root;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const TomlEntry* entry = followed.table->find(path[i]);
        if (entry == nullptr) { return followed; }
        if (i + 1 == path.size()) {
            followed.entry = entry;
            return followed;
        }
        const auto* table = entry->value.get<TomlTable>();
        if (table == nullptr) {
            followed.blocked = true;
            return followed;
        }
        followed.table = table;
        followed.owner = entry;
        followed.depth = i + 1;
        if (table->form == TomlForm::Header) {
            followed.section = table;
            followed.section_depth = i + 1;
        }
        if (is_in_braces(text, entry->value)) {
            followed.braces = &entry->value;
            followed.braces_depth = i + 1;
        }
    }
    return followed;
}

}  // namespace meridian::zones
