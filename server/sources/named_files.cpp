// Reads the files that zone files name, within the folder of the zone file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/named_files.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "server/sources/folder_place.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

std::string state_now(const NamedFileState& file, LibraryShelf& shelf) {
    return file.kind == zones::FileKind::Library ? shelf.state_of(file.path)
                                                 : file_state_of(file.path);
}

/// None where it cannot be read.
std::optional<Digest> digest_now(const NamedFileState& file, LibraryShelf& shelf) {
    if (file.kind == zones::FileKind::Library) {
        const ShelvedLibrary& shelved = shelf.read(file.path);
        return shelved.library ? std::optional(shelved.text_digest) : std::nullopt;
    }
    const auto now = read_file(file.path, kMaxMasterFileOctets);
    return now ? std::optional(digest_of(now->text)) : std::nullopt;
}

std::string unfinished_text(const std::string& path) {
    return path + " is being written; it is read when it is closed, or unchanged for 5 s";
}

}  // namespace

bool is_unchanged(std::vector<NamedFileState>& files, LibraryShelf& shelf) {
    return std::ranges::all_of(files, [&](NamedFileState& file) {
        if (state_now(file, shelf) != file.state) { return false; }
        if (file.shows_each_change) { return true; }
        const bool shows_from_now_on = shelf.shows_each_change(file.state, file.path);
        if (digest_now(file, shelf) != file.text_digest) { return false; }
        file.shows_each_change = shows_from_now_on;
        return true;
    });
}

bool is_known_unchanged(const std::vector<NamedFileState>& files, LibraryShelf& shelf) {
    return std::ranges::all_of(files, [&](const NamedFileState& file) {
        return file.shows_each_change && state_now(file, shelf) == file.state;
    });
}

NamedFiles::NamedFiles(const std::string& zone_file, LibraryShelf& shelf, FileIds unfinished)
    : folder_(fs::path(zone_file).parent_path().string()),
      shelf_(shelf),
      unfinished_(std::move(unfinished)) {}

zones::NamedFileReader NamedFiles::reader() {
    return [this](const std::string& path) { return read_named(path); };
}

zones::LibraryReader NamedFiles::library_reader() {
    return [this](const std::string& path) { return read_library(path); };
}

Result<std::shared_ptr<const zones::Library>, std::string> NamedFiles::read_library(
    const std::string& path) {
    const std::string shown = (fs::path(folder_) / path).string();
    // A library has one name, whatever links lead to it: the identities of regions depend on it.
    const auto& place = shelf_.place_of(folder_, shown);
    const std::string& file = place ? place->in_folder : shown;
    read_.push_back({file, path, {}, shelf_.state_of(file), 0, zones::FileKind::Library, {}});
    if (!place) { return Failure{place.error()}; }
    if (is_unfinished(read_.back().state)) { return Failure{unfinished_text(file)}; }
    const ShelvedLibrary& shelved = shelf_.read(file);
    if (!shelved.library) { return Failure{shelved.error}; }
    read_.back().text_digest = shelved.text_digest;
    read_.back().modified = shelved.modified;
    read_.back().text = shelved.text;
    read_.back().shows_each_change = shelved.shows_each_change;
    return shelved.library;
}

Result<zones::NamedFile, std::string> NamedFiles::read_named(const std::string& path) {
    if (const auto known = texts_.find(path); known != texts_.end()) { return known->second; }
    const std::string shown = (fs::path(folder_) / path).string();
    // Remembered before it is read, so that the next look notices a change in between.
    read_.push_back({shown, path, {}, file_state_of(shown), 0, zones::FileKind::Master, {}});
    read_.back().shows_each_change = shelf_.shows_each_change(read_.back().state, shown);
    const auto place = find_in_folder(folder_, shown);
    if (!place) { return Failure{place.error()}; }
    if (is_unfinished(read_.back().state)) { return Failure{unfinished_text(shown)}; }
    auto file = read_file(place->real, kMaxMasterFileOctets);
    if (!file) { return Failure{std::move(file).error().text}; }
    read_.back().text_digest = digest_of(file->text);
    read_.back().modified = file->modified;
    zones::NamedFile named{shown, std::make_shared<const std::string>(std::move(file->text))};
    read_.back().text = named.text;
    texts_.emplace(path, named);
    return named;
}

}  // namespace meridian::server
