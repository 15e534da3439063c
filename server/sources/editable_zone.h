// Reads a zone file that is about to be edited, and checks the text that is to take its place.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/region_edit.h"
#include "meridian/zones/toml_document.h"
#include "meridian/zones/zone.h"

namespace meridian::server {

/// A text as the server would load it from `path`, over a world where no place is known.
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
    std::string stamp;  ///< As `write_file_atomically` wants it.
    std::string text;
    zones::TomlDocument document;
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    zones::Diagnostics warnings;
};

/// A region that the zones of a file have from a library.
struct SharedRegion {
    std::string file;             ///< The library.
    zones::WrittenRegion region;  ///< Without `place`, which is written there.
    [[nodiscard]] std::string place() const {
        return file + ":" + std::to_string(region.position.line);
    }
};

/// In the order of the zones' regions, each once.
std::vector<SharedRegion> shared_regions(const EditableZone& zone);

/// What is wrong with the file, or the way to it, is the error.
Result<EditableZone, zones::Diagnostics> open_editable_zone(const std::string& path);

}  // namespace meridian::server
