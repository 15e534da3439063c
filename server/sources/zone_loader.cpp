// Lists and loads zone files, and gives their zones serials.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_loader.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "meridian/utf8.h"
#include "meridian/zones/serial.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/passed_over.h"
#include "server/sources/source_diagnostics.h"
#include "server/sources/zone_texts.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Links count as what they lead to.
bool is_of_type(fs::file_type type, const dirent& entry, const std::string& path) {
    if (entry.d_type == DT_DIR) { return type == fs::file_type::directory; }
    if (entry.d_type == DT_REG) { return type == fs::file_type::regular; }
    std::error_code ignored;
    return fs::status(path, ignored).type() == type;
}

/// Gives the zone a serial if the file gives none, warns of a serial that secondaries will not
/// notice, and adds the zone to the others of its file.
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

/// The text of a file if it still has the hash of the loaded one, else null.
SharedText text_again(const std::string& path, const Digest& text_digest) {
    auto file = read_file(path, kMaxMasterFileOctets);
    if (!file || digest_of(file->text) != text_digest) { return {}; }
    return std::make_shared<const std::string>(std::move(file->text));
}

/// The position after the last character.
zones::TextPosition end_of(const std::string& text) {
    const std::size_t last_line = text.rfind('\n') + 1;  // 0 where there is but one
    zones::TextPosition at;
    at.line = 1 + static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
    at.column =
        1 + static_cast<std::uint32_t>(count_characters(std::string_view(text).substr(last_line)));
    return at;
}

bool ends_within_line(const std::string& text) {
    return !text.empty() && text.back() != '\n';
}

/// A cut file can be valid: `192.0.2.1` may be the first octets of `192.0.2.100`.
void warn_of_line_ends(const std::string& path, const LoadedFile& file,
                       zones::ZoneReading& reading) {
    const auto warn = [&](const std::string& where, const std::string& text) {
        reading.diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kNoLineEnd, where, end_of(text), {}));
    };
    if (ends_within_line(*file.text)) { warn(path, *file.text); }
    for (const NamedFileState& named : file.named) {
        if (named.text == nullptr || !ends_within_line(*named.text)) { continue; }
        warn(named.path, *named.text);
        if (named.kind != zones::FileKind::Library) { continue; }
        for (const zones::Zone& zone : reading.zones) {  // one warning for all of them
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
    if (!text) { text = text_again(path, text_digest); }
    for (NamedFileState& file : named) {
        if (!file.text) { file.text = text_again(file.path, file.text_digest); }
    }
}

std::vector<zones::Zone> LoadedFile::read_again(const std::string& path) const {
    if (!text) { return {}; }
    const auto find = [this](const std::string& asked,
                             zones::FileKind kind) -> Result<NamedText, std::string> {
        const auto found = std::ranges::find_if(named, [&](const NamedFileState& file) {
            return file.asked == asked && file.kind == kind;
        });
        if (found == named.end() || !found->text) { return Failure{asked + ": no text"}; }
        return NamedText{found->path, *found->text};
    };
    return read_texts(path, *text, find).zones;
}

bool LoadedFile::reads(const std::string& path, const std::string& its_state) const {
    return std::ranges::any_of(named, [&](const NamedFileState& file) {
        return file.path == path || (!its_state.empty() && file.state == its_state);
    });
}

Result<ZoneFiles, std::string> list_zone_files(const std::string& directory) {
    ZoneFiles files;
    const std::string folder = directory.ends_with('/') ? directory : directory + '/';
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()), closedir);
    errno = entries == nullptr ? errno : 0;
    while (const dirent* entry = entries == nullptr ? nullptr : readdir(entries.get())) {
        const std::string name = entry->d_name;
        const std::string path = folder + name;
        if (is_zone_file_name(name)) {
            // What else is no file fails with a better error when it is opened.
            if (!is_of_type(fs::file_type::directory, *entry, path)) {
                files.paths.push_back(path);
            }
        } else if (may_be_meant_as_zone(name) && is_of_type(fs::file_type::regular, *entry, path)) {
            files.passed_over.push_back(path);
        }
        errno = 0;
    }
    if (errno != 0) {
        const std::string reason = std::generic_category().message(errno);
        return Failure{"cannot read the zones directory " + directory + ": " + reason};
    }
    std::ranges::sort(files.paths);
    (void)std::ranges::stable_partition(
        files.paths, [](const std::string& path) { return !is_master_file(path); });
    std::ranges::sort(files.passed_over);
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
    loading.loaded = std::make_shared<LoadedFile>(std::move(file));
    return loading;
}

namespace {

ZoneLoading unreadable(const zones::DiagnosticKind& kind, const std::string& path,
                       std::initializer_list<std::string_view> values = {}) {
    ZoneLoading loading;
    loading.diagnostics = {zones::diagnostic_of(kind, path, {}, {}, values)};
    return loading;
}

ZoneLoading load_within_memory(const std::string& path, const std::shared_ptr<LoadedFile>& running,
                               const SerialSources& serials, LibraryShelf& shelf,
                               const FileIds& unfinished, std::string state,
                               const std::shared_ptr<const zones::CommandNames>& commands) {
    LoadedFile fresh;
    fresh.state = state.empty() ? file_state_of(path) : std::move(state);
    fresh.shows_each_change = shelf.shows_each_change(fresh.state, path);
    auto file = read_file(path, is_master_file(path) ? kMaxMasterFileOctets : kMaxTomlFileOctets);
    if (!file) { return unreadable(diagnostics::kUnreadableZone, path, {file.error().text}); }
    const Digest digest = digest_of(file->text);
    const bool same_text = running != nullptr && running->text_digest == digest;
    if (same_text && is_unchanged(running->named, shelf)) {
        running->modified = file->modified;
        running->state = std::move(fresh.state);
        running->shows_each_change = fresh.shows_each_change;
        return {running, true, false, running->named, {}};
    }

    NamedFiles named(path, shelf, unfinished);
    zones::ZoneText source{.file = path,
                           .text = std::move(file->text),
                           .read_file = named.reader(),
                           .read_library = named.library_reader(),
                           .commands = commands};
    zones::ZoneReading reading = zones::read_zone(source);
    fresh.modified = file->modified;
    fresh.text_digest = digest;
    fresh.named = named.read();
    fresh.text = std::make_shared<const std::string>(std::move(source.text));
    warn_of_line_ends(path, fresh, reading);
    return finish_loading(std::move(reading), std::move(fresh), serials);
}

}  // namespace

ZoneLoading load_zone(const std::string& path, const std::shared_ptr<LoadedFile>& running,
                      const SerialSources& serials, LibraryShelf& shelf, const FileIds& unfinished,
                      std::string state,
                      const std::shared_ptr<const zones::CommandNames>& commands) {
    try {
        return load_within_memory(path, running, serials, shelf, unfinished, std::move(state),
                                  commands);
    } catch (const std::bad_alloc&) {  // only this file fails
        return unreadable(diagnostics::kNoMemoryToRead, path);
    }
}

ZoneLoading load_master_zone(const std::string& path, const std::string& apex,
                             const SerialSources& serials) {
    auto file = read_file(path, kMaxMasterFileOctets);
    if (!file) { return unreadable(diagnostics::kUnreadableZone, path, {file.error().text}); }
    const Digest digest = digest_of(file->text);
    LibraryShelf none;
    NamedFiles named(path, none);
    zones::ZoneText source{path, std::move(file->text), 0, named.reader(), {}, apex};
    zones::ZoneReading reading = zones::read_zone(source);
    LoadedFile fresh;
    fresh.modified = file->modified;
    fresh.text_digest = digest;
    fresh.named = named.read();
    fresh.text = std::make_shared<const std::string>(std::move(source.text));
    warn_of_line_ends(path, fresh, reading);
    return finish_loading(std::move(reading), std::move(fresh), serials);
}

}  // namespace meridian::server
