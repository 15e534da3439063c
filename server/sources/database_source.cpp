// Reads the geo database and notices when its files have changed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/database_source.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <new>
#include <span>
#include <utility>

#include "meridian/file_reader.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/world.h"
#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

std::vector<std::string> file_states_of(const std::vector<std::string>& paths) {
    std::vector<std::string> states;
    std::ranges::transform(paths, std::back_inserter(states), file_state_of);
    return states;
}

constexpr std::size_t kHashedOctets = std::size_t{256} << 10;  // stays in the cache

/// A hash of the whole content of a file; see OctetHash.
Result<Digest, FileError> hash_file(const std::string& path) {
    auto file = FileReader::open(path, kMaxDatabaseOctets);
    if (!file) { return Failure{file.error()}; }
    OctetHash hash;
    std::vector<std::uint8_t> piece(kHashedOctets);
    for (;;) {
        const auto octets = file->read_some(piece);
        if (!octets) { return Failure{octets.error()}; }
        if (*octets == 0) { return hash.digest(); }
        hash.add(std::span(piece).first(*octets));
    }
}

/// Hashes several files at the same time. None if one cannot be read.
std::optional<Digest> hash_files(const std::vector<std::string>& paths) {
    std::vector<std::future<Result<Digest, FileError>>> hashes;
    for (const std::string& path : paths) {
        hashes.push_back(std::async(hash_file, path));
    }
    OctetHash all;  // the first file with a family wins, so their order counts
    bool are_readable = true;
    for (auto& hash : hashes) {
        const auto digest = hash.get();
        are_readable = are_readable && digest.ok();
        if (!digest) { continue; }
        all.add_number(digest->high);
        all.add_number(digest->low);
    }
    if (!are_readable) { return {}; }
    return all.digest();
}

}  // namespace

Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths) {
    const auto worlds = std::ranges::count_if(paths, geo::is_world_file);
    if (worlds > 0 && paths.size() > 1) {
        return Failure{
            std::string("a .world file covers both families: it stands alone, not "
                        "beside other databases")};
    }
    try {
        auto atlas = worlds > 0 ? geo::read_world(paths.front()) : geo::read_mmdb(paths);
        if (!atlas) { return Failure{atlas.error()}; }
        return std::shared_ptr<const geo::Atlas>(
            std::make_shared<geo::Atlas>(std::move(atlas).value()));
    } catch (const std::bad_alloc&) {
        return Failure{paths.front() + ": there is not enough memory to read it"};
    }
}

DatabaseSource::DatabaseSource(std::vector<std::string> paths) : paths_(std::move(paths)) {}

Result<std::shared_ptr<const geo::Atlas>, std::string> DatabaseSource::read_if_changed(
    CompiledCopies& copies, const StateDirectory& state) {
    read_ = accepted_;
    // Taken before reading, so that the next call notices a change in between.
    Reading reading{.file_states = file_states_of(paths_), .key = {}, .is_copy = false};
    if (reading.file_states == accepted_.file_states) {
        return std::shared_ptr<const geo::Atlas>();
    }
    if (!tried_ || tried_->reading.file_states != reading.file_states) {
        Outcome outcome = read(reading, copies, state);
        tried_ = Try{std::move(reading), std::move(outcome)};
    }
    if (tried_->outcome) { read_ = tried_->reading; }
    return tried_->outcome;
}

DatabaseSource::Outcome DatabaseSource::read(Reading& reading, CompiledCopies& copies,
                                             const StateDirectory& state) {
    if (CompiledCopies::has_atlas(state)) { reading.key = hash_files(paths_); }
    if (reading.key) {
        if (auto copy = copies.find_atlas(state, reading.key, paths_)) {
            reading.is_copy = true;
            return copy;
        }
    }
    auto atlas = read_database(paths_);
    // The content that was hashed may be another than the content that was read.
    if (atlas && file_states_of(paths_) != reading.file_states) { reading.key.reset(); }
    return atlas;
}

void DatabaseSource::accept() {
    accepted_ = read_;
    if (tried_ && tried_->reading.file_states == accepted_.file_states) { tried_.reset(); }
}

std::optional<Digest> DatabaseSource::find_key() {
    if (!accepted_.key && file_states_of(paths_) == accepted_.file_states) {
        const auto key = hash_files(paths_);
        if (file_states_of(paths_) == accepted_.file_states) { accepted_.key = key; }
    }
    return accepted_.key;
}

}  // namespace meridian::server
