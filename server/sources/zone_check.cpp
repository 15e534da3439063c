// Checks zones that nobody serves yet.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "meridian/geo/atlas.h"
#include "meridian/zones/compiler.h"
#include "server/sources/file_readers.h"
#include "server/sources/library_shelf.h"
#include "server/sources/signed_zones.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

zones::Diagnostics check_together(std::vector<std::shared_ptr<const zones::Zone>> zones) {
    zones::CompileInput input;
    input.zones = std::move(zones);
    input.atlas = std::make_shared<const geo::Atlas>(geo::AtlasBuilder().build());
    auto compiled = zones::compile(input);
    return compiled ? zones::check_delegations(input.zones) : compiled.error();
}

zones::Diagnostics check_zone_files(const std::vector<std::string>& files) {
    zones::Diagnostics diagnostics;
    std::vector<std::shared_ptr<const zones::Zone>> together;
    std::map<std::string, LoadedFile> read;
    const SerialStore none;
    LibraryShelf shelf;
    for (const bool master_files : {false, true}) {
        const FileReaders readers(read);
        for (const std::string& file : files) {
            if (is_master_file(file) != master_files) { continue; }
            if (master_files && readers.of(file) != nullptr) { continue; }
            ZoneLoading loading = load_zone(file, nullptr, {none}, shelf);
            judge_signatures(loading, {nullptr, nullptr, none});
            zones::append(diagnostics, std::move(loading.diagnostics));
            if (!loading.loaded) { continue; }
            std::ranges::transform(loading.loaded->zones, std::back_inserter(together),
                                   &ServedZone::whole);
            read.emplace(file, std::move(*loading.loaded));
        }
    }
    diagnostics = zones::told_once(std::move(diagnostics));
    if (zones::has_errors(diagnostics)) { return diagnostics; }
    zones::append(diagnostics, check_together(std::move(together)));
    return diagnostics;
}

}  // namespace meridian::server
