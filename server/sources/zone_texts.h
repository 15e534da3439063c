// Reads a version of a zone file again, from texts that were saved or are still in memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::server {

/// A file that a zone file names: how diagnostics name it, and its text.
struct NamedText {
    std::string path;
    std::string text;
};

/// Finds the text of a file as the zone file names it. The error is in words.
using NamedTextFinder =
    std::function<Result<NamedText, std::string>(const std::string& asked, zones::FileKind kind)>;

/// Reads the zone file at `path`, which has that text; the files that it names are found by `find`.
zones::ZoneReading read_texts(const std::string& path, std::string text,
                              const NamedTextFinder& find);

}  // namespace meridian::server
