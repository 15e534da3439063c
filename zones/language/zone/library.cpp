// Reads the libraries that zones share.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/library.h"

#include <cstdint>
#include <string>
#include <utility>

#include "meridian/zones/schema.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/zone/health_joiner.h"
#include "zones/language/zone/service_joiner.h"
#include "zones/language/zone/shared_tables.h"
#include "zones/language/zone/table_joiner.h"
#include "zones/model/checks.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

void check_library_keys(const TomlTable& file, Findings& findings) {
    for (const TomlEntry& entry : file.entries()) {
        if (entry.key == "use") {
            findings.report(diagnostics::kLibraryUsesLibrary, entry.key_span.at, "use");
        } else if (is_zones_own(entry.key)) {
            findings.report(diagnostics::kNotInALibrary, entry.key_span.at, entry.key, {entry.key});
        } else {
            check_entry(entry, schema::library_keys(), "", findings);
        }
    }
}

}  // namespace

std::shared_ptr<const Library> read_library(std::string file, std::string text) {
    auto library = std::make_shared<Library>();
    library->file = std::move(file);
    library->text = std::move(text);
    auto read = read_toml(library->file, library->text);
    if (!read) {
        library->diagnostics = std::move(read).error();
        return library;
    }
    Findings findings(library->file, read->lines);
    check_library_keys(read->root, findings);
    const HostRequirement host{"the names of the zones that use this library are not known here",
                               "www.beigel.example"};
    library->tables = read_shared_tables(read->root, library->file, host, findings);
    library->diagnostics = findings.take();
    return library;
}

Diagnostic report_unused_library(const std::string& file) {
    return diagnostic_of(diagnostics::kUnusedLibrary, file, {}, "");
}

Diagnostic report_zone_became_library(const std::string& file) {
    return diagnostic_of(diagnostics::kZoneBecameLibrary, file, {}, "");
}

Diagnostics check_library(const Library& library) {
    Diagnostics diagnostics = library.diagnostics;
    if (has_errors(diagnostics)) { return diagnostics; }
    Findings findings(library.file, {});
    const std::uint32_t number = findings.add_file(library.file, library.text, FileKind::Library);
    Zone zone;
    zone.file = library.file;
    zone.other_files = findings.other_files();
    zone.regions = library.tables.regions;
    constexpr auto kUnknown = UnknownName::MayComeFromTheZone;
    bool knew_all = join_policies(library.tables.policies, number, kUnknown, zone, findings);
    ServiceJoiner services(kUnknown, zone, findings);
    WrittenHealths healths;
    if (library.tables.health) { healths.of_zone = {&*library.tables.health, number}; }
    for (const WrittenService& service : library.tables.services) {
        services.join(service, number);
        healths.services.push_back({&service, number});
    }
    for (const WrittenService& service : library.tables.services) {
        services.join_dependencies(service, number);
    }
    check_health(healths, zone, findings);
    knew_all = knew_all && services.knew_all();
    if (knew_all && !zone.regions.empty()) { check_policies(zone, findings); }
    append(diagnostics, findings.take());
    return diagnostics;
}

}  // namespace meridian::zones
