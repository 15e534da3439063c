// Reads the files that zone files name, within the folder of the zone file.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/named_files.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "server/sources/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Whether `path` lies below `folder`; both are canonical.
bool lies_in(const fs::path& path, const fs::path& folder) {
    const auto [end_of_folder, rest] = std::ranges::mismatch(folder, path);
    return end_of_folder == folder.end() && rest != path.end();
}

std::string unfinished_text(const std::string& path) {
    return "somebody is writing " + path + "; it is read when it is closed, or rests for 5 s";
}

}  // namespace

bool is_unchanged(const std::vector<NamedFileState>& files, LibraryShelf& shelf) {
    return std::ranges::all_of(files, [&](const NamedFileState& file) {
        const bool is_library = file.kind == zones::FileKind::Library;
        return (is_library ? shelf.stamp(file.path) : stamp_of(file.path)) == file.stamp;
    });
}

NamedFiles::NamedFiles(const std::string& zone_file, LibraryShelf& shelf, FileIds unfinished)
    : folder_(fs::path(zone_file).parent_path().string()),
      shelf_(shelf),
      unfinished_(std::move(unfinished)) {}

zones::FileReader NamedFiles::reader() {
    return [this](const std::string& path) { return read_named(path); };
}

zones::LibraryReader NamedFiles::library_reader() {
    return [this](const std::string& path) { return read_library(path); };
}

Result<NamedFiles::Place, std::string> NamedFiles::find(const std::string& shown) const {
    std::error_code error;
    const fs::path folder = fs::canonical(folder_.empty() ? "." : folder_, error);
    const fs::path real = error ? fs::path() : fs::canonical(shown, error);
    if (error) { return Failure{"cannot read " + shown + ": " + error.message()}; }
    if (!lies_in(real, folder)) {
        return Failure{shown + " lies outside of " + folder.string() +
                       ", where the files of a zone must be"};
    }
    return Place{real.string(), (fs::path(folder_) / real.lexically_relative(folder)).string()};
}

Result<std::shared_ptr<const zones::Library>, std::string> NamedFiles::read_library(
    const std::string& path) {
    const std::string shown = (fs::path(folder_) / path).string();
    // A library goes by one name, whatever links lead to it: with it go the identities of regions.
    const auto place = find(shown);
    const std::string& file = place ? place->in_folder : shown;
    read_.push_back({file, path, 0, shelf_.stamp(file), 0, zones::FileKind::Library, {}});
    if (!place) { return Failure{place.error()}; }
    if (is_unfinished(read_.back().stamp)) { return Failure{unfinished_text(file)}; }
    const ShelvedLibrary& shelved = shelf_.read(file);
    if (!shelved.library) { return Failure{shelved.error}; }
    read_.back().text_hash = shelved.text_hash;
    read_.back().modified = shelved.modified;
    read_.back().text = shelved.text;
    return shelved.library;
}

Result<zones::NamedFile, std::string> NamedFiles::read_named(const std::string& path) {
    if (const auto known = texts_.find(path); known != texts_.end()) { return known->second; }
    const std::string shown = (fs::path(folder_) / path).string();
    // Remembered before it is read: a change in between shows at the next look.
    read_.push_back({shown, path, 0, stamp_of(shown), 0, zones::FileKind::Master, {}});
    const auto place = find(shown);
    if (!place) { return Failure{place.error()}; }
    if (is_unfinished(read_.back().stamp)) { return Failure{unfinished_text(shown)}; }
    auto file = read_file(place->real, kMaxMasterFileOctets);
    if (!file) { return Failure{std::move(file).error().text}; }
    read_.back().text_hash = std::hash<std::string>{}(file->text);
    read_.back().modified = file->modified;
    zones::NamedFile named{shown, std::make_shared<const std::string>(std::move(file->text))};
    read_.back().text = named.text;
    texts_.emplace(path, named);
    return named;
}

}  // namespace meridian::server
