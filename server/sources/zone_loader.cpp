// Loads zone files: which there are, what they say, under which serial.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_loader.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/serial.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/file_text.h"
#include "server/sources/source_messages.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Gives the zone its serial where the file gives none, tells of one that will not be noticed, and
/// adds the zone to the others of its file.
void add_zone(zones::Zone zone, std::int64_t modified, const SerialSources& serials,
              LoadedFile& file, zones::Diagnostics& diagnostics) {
    const zones::ContentHash content = zones::content_hash(zone);
    const auto before = serials.served.find(zone.apex);
    if (!zone.soa.serial_at) {
        zone.soa.serial = zones::choose_serial(before, content, {modified, serials.now});
    } else if (before) {
        zones::append(diagnostics, zones::check_serial(zone, content, *before));
    }
    file.summaries.push_back(summary_of(zone));
    file.zones.emplace_back(std::move(zone));
    file.contents.push_back(content);
}

/// The text of a file where it still has the hash of the one that was loaded; else null.
SharedText text_again(const std::string& path, std::uint64_t text_hash) {
    auto file = read_file(path, kMaxMasterFileOctets);
    if (!file || std::hash<std::string>{}(file->text) != text_hash) { return {}; }
    return std::make_shared<const std::string>(std::move(file->text));
}

/// Behind the last character.
zones::TextPosition end_of(const std::string& text) {
    const std::size_t last_line = text.rfind('\n') + 1;  // 0 where there is but one
    const auto is_first_octet = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    };
    zones::TextPosition at;
    at.line = 1 + static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    at.column =
        1 + static_cast<std::uint32_t>(std::count_if(
                text.begin() + static_cast<std::ptrdiff_t>(last_line), text.end(), is_first_octet));
    return at;
}

bool ends_within_line(const std::string& text) {
    return !text.empty() && text.back() != '\n';
}

/// Half of a file can be a sound one: `192.0.2.1` is what the first octets of `192.0.2.100` say.
void warn_of_line_ends(const std::string& path, const LoadedFile& file,
                       zones::ZoneReading& reading) {
    const auto warn = [&](const std::string& where, const std::string& text) {
        reading.diagnostics.push_back(
            zones::diagnostic_of(messages::kNoLineEnd, where, end_of(text), {}));
    };
    if (ends_within_line(*file.text)) { warn(path, *file.text); }
    for (const NamedFileState& named : file.named) {
        if (named.text == nullptr || !ends_within_line(*named.text)) { continue; }
        warn(named.path, *named.text);
        if (named.kind != zones::FileKind::Library) { continue; }
        for (const zones::Zone& zone : reading.zones) {  // so that it is told once for them all
            std::string name = zone.apex.to_text();
            if (name.size() > 1) { name.pop_back(); }  // as operators name their zones
            reading.diagnostics.back().zones.push_back(std::move(name));
        }
    }
}

}  // namespace

bool is_zone_file_name(const std::string& name) {
    const bool ending = name.ends_with(".toml") || is_master_file(name);
    const bool is_root = name == std::string(".") + std::string(zones::kMasterFileEnding);
    return ending && (is_root || !name.starts_with('.')) && !name.starts_with('#');
}

bool is_master_file(const std::string& path) {
    return path.ends_with(zones::kMasterFileEnding);
}

std::int64_t LoadedFile::newest() const {
    std::int64_t latest = modified;
    for (const NamedFileState& file : named) {
        latest = std::max(latest, file.modified);
    }
    return latest;
}

void LoadedFile::forget_texts() {
    text.reset();
    for (NamedFileState& file : named) {
        file.text.reset();
    }
}

void LoadedFile::recall_texts(const std::string& path) {
    if (!text) { text = text_again(path, text_hash); }
    for (NamedFileState& file : named) {
        if (!file.text) { file.text = text_again(file.path, file.text_hash); }
    }
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

ZoneLoading finish_loading(zones::ZoneReading reading, LoadedFile file,
                           const SerialSources& serials) {
    ZoneLoading loading;
    loading.diagnostics = std::move(reading.diagnostics);
    loading.is_library = reading.library != nullptr;
    loading.named = file.named;
    if (reading.zones.empty()) { return loading; }
    const std::int64_t modified = file.newest();
    for (zones::Zone& zone : reading.zones) {
        add_zone(std::move(zone), modified, serials, file, loading.diagnostics);
    }
    loading.loaded = std::move(file);
    return loading;
}

namespace {

ZoneLoading unreadable(const zones::Message& message, const std::string& path,
                       std::initializer_list<std::string_view> values = {}) {
    ZoneLoading loading;
    loading.diagnostics = {zones::diagnostic_of(message, path, {}, {}, values)};
    return loading;
}

ZoneLoading load_within_memory(const std::string& path, const LoadedFile* running,
                               const SerialSources& serials, LibraryShelf& shelf,
                               const FileIds& unfinished) {
    auto file = read_file(path, is_master_file(path) ? kMaxMasterFileOctets : kMaxTomlFileOctets);
    if (!file) { return unreadable(messages::kUnreadableZone, path, {file.error().text}); }
    const std::uint64_t hash = std::hash<std::string>{}(file->text);
    const bool same_text = running != nullptr && running->text_hash == hash;
    if (same_text && is_unchanged(running->named, shelf)) {
        ZoneLoading loading;
        loading.loaded = *running;
        loading.loaded->modified = file->modified;
        loading.named = running->named;
        loading.unchanged = true;
        return loading;
    }

    NamedFiles named(path, shelf, unfinished);
    zones::ZoneText source{path, std::move(file->text), 0, named.reader(), named.library_reader()};
    zones::ZoneReading reading = zones::read_zone(source);
    LoadedFile fresh;
    fresh.modified = file->modified;
    fresh.text_hash = hash;
    fresh.named = named.read();
    fresh.text = std::make_shared<const std::string>(std::move(source.text));
    warn_of_line_ends(path, fresh, reading);
    return finish_loading(std::move(reading), std::move(fresh), serials);
}

}  // namespace

ZoneLoading load_zone(const std::string& path, const LoadedFile* running,
                      const SerialSources& serials, LibraryShelf& shelf,
                      const FileIds& unfinished) {
    try {
        return load_within_memory(path, running, serials, shelf, unfinished);
    } catch (const std::bad_alloc&) {  // of one file, which the others need not suffer for
        return unreadable(messages::kNoMemoryToRead, path);
    }
}

ZoneLoading load_master_zone(const std::string& path, const std::string& apex,
                             const SerialSources& serials) {
    auto file = read_file(path, kMaxMasterFileOctets);
    if (!file) { return unreadable(messages::kUnreadableZone, path, {file.error().text}); }
    const std::uint64_t hash = std::hash<std::string>{}(file->text);
    LibraryShelf none;
    NamedFiles named(path, none);
    zones::ZoneReading reading =
        zones::read_zone({path, std::move(file->text), 0, named.reader(), {}, apex});
    LoadedFile fresh;
    fresh.modified = file->modified;
    fresh.text_hash = hash;
    fresh.named = named.read();
    return finish_loading(std::move(reading), std::move(fresh), serials);
}

}  // namespace meridian::server
