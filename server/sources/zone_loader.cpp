// Loads zone files: which there are, what they say, under which serial.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_loader.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

zones::Diagnostic about(std::string file, zones::Severity severity, std::string message,
                        std::string hint = {}) {
    zones::Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.file = std::move(file);
    diagnostic.message = std::move(message);
    diagnostic.hint = std::move(hint);
    return diagnostic;
}

/// `.zone.toml`, `#zone.toml#`, `.#zone.toml`, and everything that does not end in `.toml`, which
/// covers `zone.toml~`, `zone.toml.swp`, `zone.toml.bak`, `zone.toml.dpkg-new`.
bool is_zone_file_name(const std::string& name) {
    return name.ends_with(".toml") && !name.starts_with('.') && !name.starts_with('#');
}

bool is_master_file_name(const std::string& name) {
    return name.ends_with(".zone") && !name.starts_with('.') && !name.starts_with('#');
}

}  // namespace

Result<ZoneFiles, std::string> list_zone_files(const std::string& directory) {
    ZoneFiles files;
    std::error_code error;
    fs::directory_iterator entries(directory, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const std::string name = entries->path().filename().string();
        const std::string path = entries->path().string();
        std::error_code ignored;  // what cannot be looked at cannot be opened, which tells more
        if (entries->is_directory(ignored)) { continue; }
        if (is_zone_file_name(name)) { files.paths.push_back(path); }
        if (is_master_file_name(name)) {
            files.diagnostics.push_back(
                about(path, zones::Severity::Warning,
                      "master files are not supported yet; it is not served",
                      "its records can stand in a TOML zone file"));
        }
    }
    if (error) {
        return Failure{"cannot read the zones directory " + directory + ": " + error.message()};
    }
    std::ranges::sort(files.paths);
    std::ranges::sort(files.diagnostics, {}, &zones::Diagnostic::file);
    return files;
}

std::uint32_t SerialMemory::choose(const dns::Name& apex, std::uint32_t by_time,
                                   bool text_changed) const {
    const auto found = served_.find(apex);
    if (found == served_.end()) { return by_time; }
    const std::uint32_t least = found->second + (text_changed ? 1 : 0);
    // Serial arithmetic: the difference says which is newer, whatever the wrap (RFC 1982 §3.2).
    const bool is_behind = static_cast<std::int32_t>(by_time - least) < 0;
    return is_behind ? least : by_time;
}

void SerialMemory::remember(const dns::Name& apex, std::uint32_t serial) {
    served_[apex] = serial;
}

ZoneLoading load_zone(const std::string& path, const LoadedZone* running,
                      const SerialMemory& serials) {
    ZoneLoading loading;
    auto file = read_file(path, kMaxTomlFileOctets);
    if (!file) {
        loading.diagnostics = {about(path, zones::Severity::Error, file.error().text)};
        return loading;
    }
    const std::uint64_t hash = std::hash<std::string>{}(file->text);
    const bool text_changed = running == nullptr || running->text_hash != hash;
    if (!text_changed && running->modified == file->modified) {
        loading.loaded = *running;
        loading.unchanged = true;
        return loading;
    }

    const auto by_time = static_cast<std::uint32_t>(file->modified);
    zones::ZoneReading reading = zones::read_zone({path, std::move(file->text), by_time});
    loading.diagnostics = std::move(reading.diagnostics);
    if (!reading.zone) { return loading; }
    zones::Zone zone = std::move(*reading.zone);
    if (zone.soa.serial == by_time) {
        zone.soa.serial = serials.choose(zone.apex, by_time, text_changed);
    }
    loading.loaded =
        LoadedZone{std::make_shared<const zones::Zone>(std::move(zone)), file->modified, hash};
    return loading;
}

}  // namespace meridian::server
