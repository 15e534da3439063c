// Describes the files that zone files name, and the callback that reads them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "meridian/result.h"

namespace meridian::zones {

/// A file that a zone file names, read whole.
struct NamedFile {
    std::string file;  ///< As the operator knows it, for diagnostics.
    std::shared_ptr<const std::string> text;
};

/// Reads a file that `records_from` or $INCLUDE names. `path` is relative to the folder of the zone
/// file, or absolute, and never climbs with "..". The callback reads no file outside
/// of that folder, also through symbolic links, and none over kMaxMasterFileOctets. The error is in
/// words.
using NamedFileReader = std::function<Result<NamedFile, std::string>(const std::string& path)>;

}  // namespace meridian::zones
