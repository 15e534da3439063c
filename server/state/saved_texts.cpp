// Reads and writes the texts in the state directory, a file for each, named after its hash.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/saved_texts.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

constexpr std::size_t kPieceOctets = std::size_t{1} << 16;

std::string name_in_folder(const Digest& digest) {
    return std::string(kLastGoodFolder) + "/" + digest.to_text();
}

std::string path_of(const Digest& digest, const StateDirectory& state) {
    return state.path() + "/" + name_in_folder(digest);
}

constexpr std::string_view kDamaged = "it is damaged";

/// What is wrong with the saved file of this name; empty where it has this digest. A text may have
/// gigabytes, so it is read piece by piece.
std::string fault_of(const Digest& digest, const StateDirectory& state) {
    auto file = state.open(name_in_folder(digest), kMaxMasterFileOctets);
    if (!file) { return file.error().reason; }
    OctetHash hash;
    std::vector<std::uint8_t> piece(kPieceOctets);
    for (;;) {
        const auto octets = file->read_some(piece);
        if (!octets) { return octets.error().reason; }
        if (*octets == 0) { break; }
        hash.add(std::span<const std::uint8_t>(piece).first(*octets));
    }
    return std::string(hash.digest() == digest ? "" : kDamaged);
}

Result<std::string, std::string> read_whole(const Digest& digest, const StateDirectory& state) {
    auto file = state.read(name_in_folder(digest), kMaxMasterFileOctets);
    if (!file) { return Failure{file.error().reason}; }
    if (digest_of(file->text) != digest) { return Failure{std::string(kDamaged)}; }
    return std::move(file->text);
}

}  // namespace

SavedTexts::SavedTexts(const StateDirectory& state, std::set<Digest> indexed)
    : indexed_(std::move(indexed)) {
    for (const std::string& name : state.list(kLastGoodFolder)) {
        if (const auto digest = Digest::parse(name)) { found_.insert(*digest); }
    }
}

Result<std::string, std::string> SavedTexts::read(const SavedText& saved,
                                                  const StateDirectory& state) {
    const Digest& digest = saved.digest;
    auto text = read_whole(digest, state);
    if (text) {
        whole_.insert(digest);
        return text;
    }
    faults_.insert_or_assign(digest, text.error());
    auto source = read_file(saved.path, kMaxMasterFileOctets);
    if (!source || digest_of(source->text) != saved.digest) {
        return Failure{path_of(digest, state) + ": " + text.error()};
    }
    recalled_.insert_or_assign(digest, Recalled{source->text, saved.path});
    return std::move(source->text);
}

Result<Unit, std::string> SavedTexts::save(const std::string& text, const Digest& digest,
                                           const std::string& path, const StateDirectory& state) {
    if (whole_.contains(digest)) { return Unit{}; }
    if (indexed_.contains(digest)) {
        std::string fault = fault_of(digest, state);
        if (fault.empty()) {
            whole_.insert(digest);
            return Unit{};
        }
        faults_.insert_or_assign(digest, std::move(fault));
    }
    return write(digest, text, path, state);
}

Result<Unit, std::string> SavedTexts::write(const Digest& digest, const std::string& text,
                                            const std::string& path, const StateDirectory& state) {
    auto written = state.write_unsynced(name_in_folder(digest), text);
    if (!written) { return written; }
    whole_.insert(digest);
    unsynced_.push_back(digest.to_text());
    recalled_.erase(digest);
    const auto fault = faults_.extract(digest);
    if (!fault.empty()) { mended_.push_back({path_of(digest, state), fault.mapped(), path}); }
    return Unit{};
}

Result<Unit, std::string> SavedTexts::write_recalled(const StateDirectory& state) {
    while (!recalled_.empty()) {
        const auto first = recalled_.extract(recalled_.begin());
        auto written = write(first.key(), first.mapped().text, first.mapped().path, state);
        if (!written) {
            recalled_.insert_or_assign(first.key(), first.mapped());
            return written;
        }
    }
    return Unit{};
}

Result<Unit, std::string> SavedTexts::sync(const StateDirectory& state) {
    auto synced = state.sync(kLastGoodFolder, unsynced_);
    if (synced) { unsynced_.clear(); }
    return synced;
}

void SavedTexts::delete_unused(const TextUses& uses, const StateDirectory& state) {
    const auto drop = [&](const Digest& digest) {
        if (uses.contains(digest)) { return false; }
        state.remove(name_in_folder(digest));
        return true;
    };
    std::erase_if(whole_, drop);
    std::erase_if(found_, drop);
}

void SavedTexts::delete_text(const Digest& digest, const StateDirectory& state) {
    state.remove(name_in_folder(digest));
    whole_.erase(digest);
    found_.erase(digest);
}

std::vector<MendedText> SavedTexts::take_mended() {
    return std::exchange(mended_, {});
}

}  // namespace meridian::server
