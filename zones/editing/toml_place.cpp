// Follows a path of keys through a TOML tree and tells in which form the way is written.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_place.h"

#include "zones/editing/toml_statements.h"

namespace meridian::zones {

TomlPlace follow(std::string_view text, const TomlTable& root, std::span<const std::string> path) {
    TomlPlace place;
    place.table = &root;
    place.section = &root;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const TomlEntry* entry = place.table->find(path[i]);
        if (entry == nullptr) { return place; }
        if (i + 1 == path.size()) {
            place.entry = entry;
            return place;
        }
        const auto* table = entry->value.get<TomlTable>();
        if (table == nullptr) {
            place.blocked = true;
            return place;
        }
        place.table = table;
        place.owner = entry;
        place.depth = i + 1;
        if (table->form == TomlForm::Header) {
            place.section = table;
            place.section_depth = i + 1;
        }
        if (is_in_braces(text, entry->value)) {
            place.braces = &entry->value;
            place.braces_depth = i + 1;
        }
    }
    return place;
}

}  // namespace meridian::zones
