// Keeps the last good text of every zone, library and master file for a start that finds bad ones.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/last_good.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/library.h"
#include "server/sources/state_lines.h"

namespace meridian::server {

namespace {

using zones::FileKind;

constexpr StateForm kForm{"meridian last-good ", 1};

constexpr std::string_view kSigned = "signed";  // behind a zone's numbers

struct KindName {
    FileKind kind;
    std::string_view name;
};
constexpr std::array kKindNames{KindName{FileKind::Master, "master"},
                                KindName{FileKind::Library, "library"}};

std::string name_of(const Digest& digest) {
    return std::string(kLastGoodFolder) + "/" + digest.to_text();
}

std::string line_of(std::string_view word, const KeptText& text) {
    std::string line = std::string(word) + ' ' + text.digest.to_text() + ' ' +
                       std::to_string(text.modified) + ' ' + text.path;
    return line + (text.asked.empty() ? "" : '\t' + text.asked) + '\n';
}

/// Lines cannot hold every name that a file system can.
bool fits_a_line(const std::string& path) {
    return std::ranges::none_of(path, [](char c) { return c == '\n' || c == '\t'; });
}

std::optional<KeptText> parse_text(std::string_view line, FileKind kind) {
    KeptText text;
    const auto digest = Digest::parse(take_until(line, ' '));
    const auto modified = parse_number<std::int64_t>(take_until(line, ' '));
    text.path = take_until(line, '\t');
    text.asked = line;
    text.kind = kind;
    if (!digest || !modified || text.path.empty()) { return {}; }
    text.digest = *digest;
    text.modified = *modified;
    return text;
}

std::optional<ZoneSummary> parse_zone(std::string_view line, const std::string& file) {
    const auto apex = dns::Name::parse_absolute(take_until(line, ' '));
    const auto records = parse_number<std::size_t>(take_until(line, ' '));
    const auto regions = parse_number<std::size_t>(take_until(line, ' '));
    const bool is_signed = line == kSigned;
    if (!apex || !records || !regions || (!line.empty() && !is_signed)) { return {}; }
    return ZoneSummary{*apex, file, *records, *regions, is_signed};
}

/// Adds what a line says to the file that the lines above it began.
bool parse_line(std::string_view line, KeptFiles& files, KeptFile*& open) {
    const std::string_view word = take_until(line, ' ');
    if (word == "file") {
        auto text = parse_text(line, FileKind{});
        if (!text) { return false; }
        const auto [file, is_new] = files.try_emplace(text->path);
        open = &file->second;
        open->text = std::move(*text);
        return is_new;
    }
    if (open == nullptr) { return false; }
    if (word == "zone") {
        auto zone = parse_zone(line, open->text.path);
        if (zone) { open->zones.push_back(std::move(*zone)); }
        return zone.has_value();
    }
    const auto kind = std::ranges::find(kKindNames, word, &KindName::name);
    if (kind == kKindNames.end()) { return false; }
    auto text = parse_text(line, kind->kind);
    if (text) { open->named.push_back(std::move(*text)); }
    return text.has_value();
}

Result<std::string, std::string> kept_text(const KeptText& kept, const StateDirectory& state) {
    auto file = state.read(name_of(kept.digest), kMaxMasterFileOctets);
    if (!file) { return Failure{std::move(file).error().text}; }
    if (Fingerprint::of(file->text) != kept.digest) {
        return Failure{kept.path + ": it is damaged"};
    }
    return std::move(file->text);
}

const KeptText* find_named(const KeptFile& file, const std::string& asked, FileKind kind) {
    const auto found = std::ranges::find_if(
        file.named, [&](const KeptText& text) { return text.asked == asked && text.kind == kind; });
    return found == file.named.end() ? nullptr : &*found;
}

/// Writes a text unless it is there already. It is the one that was loaded: the file may have
/// another by now, with an error.
Result<Digest, std::string> keep_text(const std::string& text, const StateDirectory& state,
                                      TextNames& texts) {
    const Digest digest = Fingerprint::of(text);
    if (texts.whole.contains(digest.to_text())) { return digest; }
    auto written = state.write_unsynced(name_of(digest), text);
    if (!written) { return Failure{written.error()}; }
    texts.whole.insert(digest.to_text());
    texts.unsynced.push_back(digest.to_text());
    return digest;
}

/// Whether all texts that make up the file are at hand, under names that the index can hold.
bool can_be_kept(const LoadedFile& loaded) {
    return loaded.text != nullptr &&
           std::ranges::all_of(loaded.named, [](const NamedFileState& file) {
               return file.text != nullptr && fits_a_line(file.path);
           });
}

/// The texts of a file with what is known of it. None when they cannot be kept.
Result<std::optional<KeptFile>, std::string> keep_file(const std::string& path,
                                                       const LoadedFile& loaded,
                                                       const StateDirectory& state,
                                                       TextNames& texts) {
    if (!can_be_kept(loaded)) { return std::optional<KeptFile>(); }
    KeptFile kept;
    auto digest = keep_text(*loaded.text, state, texts);
    if (!digest) { return Failure{digest.error()}; }
    kept.text = {*digest, loaded.modified, path, {}, {}};
    for (const NamedFileState& file : loaded.named) {
        digest = keep_text(*file.text, state, texts);
        if (!digest) { return Failure{digest.error()}; }
        kept.named.push_back({*digest, file.modified, file.path, file.asked, file.kind});
    }
    kept.zones = loaded.summaries;
    return std::optional(std::move(kept));
}

std::set<std::string> texts_of(const KeptFiles& files) {
    std::set<std::string> names;
    for (const auto& [path, file] : files) {
        names.insert(file.text.digest.to_text());
        for (const KeptText& text : file.named) {
            names.insert(text.digest.to_text());
        }
    }
    return names;
}

void delete_unused(const KeptFiles& files, const StateDirectory& state, TextNames& texts) {
    const std::set<std::string> used = texts_of(files);
    const auto drop = [&](const std::string& name) {
        if (used.contains(name)) { return false; }
        state.remove(std::string(kLastGoodFolder) + "/" + name);
        return true;
    };
    std::erase_if(texts.whole, drop);
    std::ranges::for_each(texts.doubtful, drop);
    texts.doubtful.clear();
}

}  // namespace

std::string last_good_text(const KeptFiles& files) {
    std::string text;
    for (const auto& [path, file] : files) {
        text += line_of("file", file.text);
        for (const KeptText& named : file.named) {
            text +=
                line_of(std::ranges::find(kKindNames, named.kind, &KindName::kind)->name, named);
        }
        for (const ZoneSummary& zone : file.zones) {
            text += "zone " + zone.apex.to_text() + ' ' + std::to_string(zone.records) + ' ' +
                    std::to_string(zone.regions);
            text += zone.is_signed ? ' ' + std::string(kSigned) + '\n' : "\n";
        }
    }
    return write_state_lines(kForm, text);
}

Result<KeptFiles, std::string> parse_last_good(std::string_view text) {
    KeptFiles files;
    KeptFile* open = nullptr;
    const auto read = read_state_lines(
        kForm, text, [&](std::string_view line) { return parse_line(line, files, open); });
    if (!read) { return Failure{read.error()}; }
    return files;
}

LastGood LastGood::read(const StateDirectory& state, std::string& warning) {
    LastGood good;
    good.texts_.doubtful = state.list(kLastGoodFolder);
    const auto file = state.read(kLastGoodFile, kMaxSerialsOctets);
    if (!file) {
        if (file.error().kind != FileFailure::Missing) { warning = file.error().text; }
        return good;
    }
    auto files = parse_last_good(file->text);
    if (files) {
        good.files_ = std::move(files).value();
        const std::set<std::string> named = texts_of(good.files_);
        std::erase_if(good.texts_.doubtful, [&](const std::string& name) {
            return named.contains(name) && good.texts_.whole.insert(name).second;
        });
    } else {
        warning = "cannot use " + state.path() + "/" + std::string(kLastGoodFile) + ": " +
                  files.error() + "; what was served last is not known";
    }
    return good;
}

std::optional<LoadedFile> LastGood::restore(const std::string& path, const StateDirectory& state,
                                            const SerialSources& serials) const {
    const auto found = files_.find(path);
    if (found == files_.end()) { return {}; }
    const KeptFile& kept = found->second;
    auto text = kept_text(kept.text, state);
    if (!text) { return {}; }
    const auto text_of = [&](const std::string& asked, FileKind kind) {
        const KeptText* named = find_named(kept, asked, kind);
        return named == nullptr ? Result<std::string, std::string>(Failure{asked + ": not kept"})
                                : kept_text(*named, state);
    };
    const auto read_file = [&](const std::string& asked) -> Result<zones::NamedFile, std::string> {
        auto named = text_of(asked, FileKind::Master);
        if (!named) { return Failure{named.error()}; }
        return zones::NamedFile{find_named(kept, asked, FileKind::Master)->path,
                                std::make_shared<const std::string>(std::move(named).value())};
    };
    const auto read_library = [&](const std::string& asked)
        -> Result<std::shared_ptr<const zones::Library>, std::string> {
        auto library = text_of(asked, FileKind::Library);
        if (!library) { return Failure{library.error()}; }
        return zones::read_library(find_named(kept, asked, FileKind::Library)->path,
                                   std::move(library).value());
    };
    zones::ZoneReading reading =
        zones::read_zone({path, std::move(text).value(), 0, read_file, read_library});
    LoadedFile loaded;
    loaded.modified = kept.text.modified;
    for (const KeptText& named : kept.named) {
        loaded.named.push_back({named.path, named.asked, 0, {}, named.modified, named.kind, {}});
    }
    return finish_loading(std::move(reading), std::move(loaded), serials).loaded;
}

LastGood::Hashes LastGood::hashes_of(const LoadedFile& loaded) {
    Hashes hashes{loaded.text_hash, {}};
    for (const NamedFileState& file : loaded.named) {
        hashes.named.push_back(file.text_hash);
    }
    return hashes;
}

Result<bool, std::string> LastGood::save(std::map<std::string, LoadedFile>& served,
                                         const StateDirectory& state) {
    if (!state.keeps()) { return true; }
    KeptFiles next;
    std::size_t taken_in = 0;
    for (auto& [path, loaded] : served) {
        const auto known = saved_.find(path);
        Hashes hashes = hashes_of(loaded);
        if (known != saved_.end() && known->second.hashes == hashes) {
            loaded.forget_texts();
            next.emplace(path, known->second.kept);
            continue;
        }
        const auto before = files_.find(path);
        const bool is_restored = loaded.text_hash == 0;  // it is what is kept
        if (before != files_.end() && is_restored) {
            next.emplace(path, before->second);
            continue;
        }
        if (!fits_a_line(path)) { continue; }
        if (taken_in == kFilesAtOnce) { return false; }
        auto kept = keep_file(path, loaded, state, texts_);
        if (!kept) { return Failure{kept.error()}; }
        if (*kept) {
            ++taken_in;  // only what is kept: the next call would meet the others again
            loaded.forget_texts();
            next.emplace(path, **kept);
            saved_.insert_or_assign(path, Saved{std::move(hashes), std::move(**kept)});
        } else if (before != files_.end()) {
            next.emplace(path, before->second);
        }
    }
    if (next != files_) {
        auto synced = state.sync(kLastGoodFolder, texts_.unsynced);
        if (!synced) { return Failure{synced.error()}; }
        texts_.unsynced.clear();
        auto written = state.write(kLastGoodFile, last_good_text(next));
        if (!written) { return Failure{written.error()}; }
        files_ = std::move(next);
    }
    delete_unused(files_, state, texts_);
    std::erase_if(saved_, [this](const auto& saved) {  // its texts may be gone
        const auto kept = files_.find(saved.first);
        return kept == files_.end() || kept->second != saved.second.kept;
    });
    return true;
}

}  // namespace meridian::server
