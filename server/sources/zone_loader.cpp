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

zones::Diagnostic about(std::string file, std::string message) {
    zones::Diagnostic diagnostic;
    diagnostic.file = std::move(file);
    diagnostic.message = std::move(message);
    return diagnostic;
}

/// The latest time of modification.
std::uint32_t newest(std::uint32_t by_time, const std::vector<NamedFileState>& named) {
    for (const NamedFileState& file : named) {
        by_time = std::max(by_time, static_cast<std::uint32_t>(file.modified));
    }
    return by_time;
}

/// Not `.zone.toml`, `#zone.toml#`, `.#zone.toml`, nor what ends in neither `.toml` nor `.zone`:
/// `zone.toml~`, `zone.toml.swp`, `zone.toml.bak`, `zone.toml.dpkg-new`.
bool is_zone_file_name(const std::string& name) {
    const bool ending = name.ends_with(".toml") || is_master_file(name);
    return ending && !name.starts_with('.') && !name.starts_with('#');
}

}  // namespace

bool is_master_file(const std::string& path) {
    return path.ends_with(zones::kMasterFileEnding);
}

bool LoadedFile::reads(const std::string& path, const std::string& stamp) const {
    return std::ranges::any_of(named, [&](const NamedFileState& file) {
        return file.path == path || (!stamp.empty() && file.stamp == stamp);
    });
}

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
    }
    if (error) {
        return Failure{"cannot read the zones directory " + directory + ": " + error.message()};
    }
    std::ranges::sort(files.paths, {}, [](const std::string& path) {
        return std::pair(is_master_file(path), path);
    });
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

ZoneLoading load_zone(const std::string& path, const LoadedFile* running,
                      const SerialMemory& serials) {
    ZoneLoading loading;
    auto file = read_file(path, is_master_file(path) ? kMaxMasterFileOctets : kMaxTomlFileOctets);
    if (!file) {
        loading.diagnostics = {about(path, file.error().text)};
        return loading;
    }
    const std::uint64_t hash = std::hash<std::string>{}(file->text);
    const bool same_text = running != nullptr && running->text_hash == hash;
    if (same_text && running->modified == file->modified && is_unchanged(running->named)) {
        loading.loaded = *running;
        loading.unchanged = true;
        return loading;
    }

    const auto by_time = static_cast<std::uint32_t>(file->modified);
    NamedFiles named(path);
    zones::ZoneReading reading =
        zones::read_zone({path, std::move(file->text), by_time, named.reader()});
    loading.diagnostics = std::move(reading.diagnostics);
    if (reading.zones.empty()) { return loading; }
    const bool text_changed =
        !same_text || !std::ranges::equal(running->named, named.read(), {},
                                          &NamedFileState::text_hash, &NamedFileState::text_hash);
    LoadedFile loaded{{}, file->modified, hash, named.read()};
    for (zones::Zone& zone : reading.zones) {
        if (zone.soa.serial == by_time) {
            zone.soa.serial =
                serials.choose(zone.apex, newest(by_time, named.read()), text_changed);
        }
        loaded.zones.push_back(std::make_shared<const zones::Zone>(std::move(zone)));
    }
    loading.loaded = std::move(loaded);
    return loading;
}

}  // namespace meridian::server
