// Writes serials into zone files that have been checked.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/serial_stamp.h"
#include "meridian/zones/zone_reader.h"
#include "server/commands/check_results.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/sources/library_shelf.h"
#include "server/sources/zone_loader.h"
#include "server/state/file_text.h"
#include "server/state/file_writer.h"

namespace meridian::server {

namespace {

zones::ContentHash content_of(const std::vector<zones::ContentHash>& contents) {
    return contents.size() == 1 ? contents.front() : zones::content_hash(contents);
}

/// Whether the stamped text still says what the file says.
bool says(const std::string& path, const std::string& text, const zones::ContentHash& content,
          LibraryShelf& shelf) {
    NamedFiles named(path, shelf);
    const zones::ZoneReading reading =
        zones::read_zone({path, text, 0, named.reader(), named.library_reader()});
    std::vector<zones::ContentHash> contents;
    for (const zones::Zone& zone : reading.zones) {
        contents.push_back(zones::content_hash(zone));
    }
    return !contents.empty() && content_of(contents) == content;
}

int failed(const std::string& path, const std::string& why) {
    print_error(path + " is not stamped: " + why);
    return kExitCannotRun;
}

void report(const std::string& path, std::string_view outcome) {
    print_line(std::cout, path + ": " + std::string(outcome));
}

int stamp_file(const std::string& path, std::int64_t now) {
    if (is_master_file(path)) {
        report(path, "left alone, since the serial of a master file is raised in its SOA record");
        return kExitOk;
    }
    const std::string state = file_state_of(path);
    const SerialStore none;
    LibraryShelf shelf;
    const ZoneLoading loading = load_zone(path, nullptr, {none}, shelf);
    if (loading.is_library) {
        report(path, "left alone, since it is no zone");
        return kExitOk;
    }
    auto file = read_file(path, kMaxTomlFileOctets);
    if (!loading.loaded || !file) { return failed(path, "it has changed meanwhile"); }
    const LoadedFile& loaded = *loading.loaded;
    const auto& serial_at = loaded.zones.front().model()->soa.serial_at;
    if (serial_at && serial_at->file != 0) {
        report(path, "left alone, since its SOA record stands in a master file; raise it there");
        return kExitOk;
    }

    const zones::ContentHash content = content_of(loaded.contents);
    auto stamped = zones::stamp_serial(file->text, content, {loaded.newest(), now});
    if (!stamped) { return failed(path, stamped.error()); }
    if (!stamped->changed) {
        report(path, "serial " + std::to_string(stamped->serial) + " as it was stamped");
        return kExitOk;
    }
    if (!says(path, stamped->text, content, shelf)) {
        return failed(path, "the zone would not stay as it is; write `soa.serial` by hand");
    }
    const auto written = write_file_atomically(path, stamped->text, state);
    if (!written) { return failed(path, written.error()); }
    report(path, "stamped with serial " + std::to_string(stamped->serial));
    return kExitOk;
}

}  // namespace

int stamp_files(const std::vector<std::string>& paths, const Clock& clock) {
    const std::int64_t now = unix_seconds(clock.wall());
    int worst = kExitOk;
    for (const std::string& path : paths) {
        worst = std::max(worst, stamp_file(path, now));
    }
    return worst;
}

}  // namespace meridian::server
