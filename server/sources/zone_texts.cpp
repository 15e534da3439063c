// Reads a version of a zone file again, from texts that were saved or are still in memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_texts.h"

#include <memory>
#include <utility>

#include "meridian/zones/library.h"

namespace meridian::server {

zones::ZoneReading read_texts(const std::string& path, std::string text,
                              const NamedTextFinder& find) {
    const auto read_file = [&](const std::string& asked) -> Result<zones::NamedFile, std::string> {
        auto named = find(asked, zones::FileKind::Master);
        if (!named) { return Failure{named.error()}; }
        return zones::NamedFile{std::move(named->path),
                                std::make_shared<const std::string>(std::move(named->text))};
    };
    const auto read_library = [&](const std::string& asked)
        -> Result<std::shared_ptr<const zones::Library>, std::string> {
        auto named = find(asked, zones::FileKind::Library);
        if (!named) { return Failure{named.error()}; }
        return zones::read_library(named->path, std::move(named->text));
    };
    return zones::read_zone({path, std::move(text), 0, read_file, read_library});
}

}  // namespace meridian::server
