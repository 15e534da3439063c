// Reads a zone file before an edit, and checks the text that will replace it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/region_edit.h"
#include "meridian/zones/toml_document.h"

namespace meridian::server {

/// The zones of a text, checked as if the server loaded it over a world without places.
struct ZoneCheck {
    /// None when there is an error, or when the file is a library.
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    zones::Diagnostics diagnostics;

    [[nodiscard]] bool loads() const { return !zones::has_errors(diagnostics); }
};

ZoneCheck check_zone_text(const std::string& path, const std::string& text);

/// A TOML file without an error.
struct EditableZone {
    std::string path;
    std::string file_state;  ///< As `write_file_atomically` wants it.
    std::string text;
    zones::TomlDocument document;
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    zones::Diagnostics warnings;
};

/// A region that the zones of a file take from a library.
struct SharedRegion {
    std::string file;             ///< The library.
    zones::WrittenRegion region;  ///< Without `place`, which is written there.
    [[nodiscard]] std::string place() const {
        return file + ":" + std::to_string(region.position.line);
    }
};

/// In the order of the zones' regions, each once.
std::vector<SharedRegion> shared_regions(const EditableZone& zone);

/// The error has the diagnostics of the file, or says why it cannot be read.
Result<EditableZone, zones::Diagnostics> open_editable_zone(const std::string& path);

}  // namespace meridian::server
