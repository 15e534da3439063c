// Finds the line of a zone file that drains a region.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/drained_line.h"

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "server/state/file_text.h"

namespace meridian::server {

std::uint32_t drained_line(const std::string& file, const std::string& region) {
    const auto text = read_file(file, kMaxTomlFileOctets);
    if (!text) { return 0; }
    const auto document = zones::read_toml(file, text->text);
    if (!document) { return 0; }
    const zones::TomlTable* regions = document->root.table("regions");
    const zones::TomlTable* table = regions == nullptr ? nullptr : regions->table(region);
    const zones::TomlEntry* state = table == nullptr ? nullptr : table->find("state");
    return state == nullptr ? 0 : state->key_span.at.line;
}

}  // namespace meridian::server
