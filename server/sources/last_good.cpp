// Saves the last good text of each zone file, library and master file for a start with faulty ones.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/last_good.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "meridian/zones/library.h"
#include "server/sources/zone_texts.h"
#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

using zones::FileKind;

constexpr StateForm kJournalForm{"meridian last-good-journal ", 1};

const SavedText* find_named(const SavedFile& file, const std::string& asked, FileKind kind) {
    const auto found = std::ranges::find_if(file.named, [&](const SavedText& text) {
        return text.asked == asked && text.kind == kind;
    });
    return found == file.named.end() ? nullptr : &*found;
}

/// Whether all texts of the file are in memory, and their names fit the index.
bool can_be_saved(const LoadedFile& loaded) {
    return loaded.text != nullptr &&
           std::ranges::all_of(loaded.named, [](const NamedFileState& file) {
               return file.text != nullptr && fits_a_line(file.path);
           });
}

void add_uses(const SavedFile& file, TextUses& uses) {
    ++uses[file.text.digest];
    for (const SavedText& text : file.named) {
        ++uses[text.digest];
    }
}

TextUses uses_of(const SavedFiles& files) {
    TextUses uses;
    for (const auto& [path, file] : files) {
        add_uses(file, uses);
    }
    return uses;
}

/// The first error, in words.
std::string error_in(const zones::Diagnostics& diagnostics) {
    const auto found =
        std::ranges::find(diagnostics, zones::Severity::Error, &zones::Diagnostic::severity);
    return found == diagnostics.end() ? "it describes no zone" : zones::to_line(*found);
}

}  // namespace

LastGood::LastGood() : journal_(kLastGoodFile, kLastGoodJournal, kJournalForm) {}

LastGood LastGood::read(const StateDirectory& state, std::string& warning) {
    LastGood good;
    const auto file = state.read(kLastGoodFile, kMaxSerialsOctets);
    if (file) {
        auto files = parse_last_good(file->text);
        if (files) {
            good.files_ = std::move(files).value();
            const Digest base = digest_of(file->text);
            auto journal = good.read_journal(base, state);
            good.is_index_whole_ = !journal.is_there;
            warning = std::move(journal.fault);
            if (good.is_index_whole_ && state.saves()) { good.journal_.begin(base, state); }
        } else {
            warning = "cannot use " + state.path() + "/" + std::string(kLastGoodFile) + ": " +
                      files.error() + "; what was served last is not known";
        }
    } else {
        warning = file.error().kind == FileFailure::Missing
                      ? good.journal_.fault_without_base(state)
                      : file.error().text;
    }
    good.uses_ = uses_of(good.files_);
    std::set<Digest> indexed;
    for (const auto& [digest, count] : good.uses_) {
        indexed.insert(indexed.end(), digest);
    }
    good.texts_ = SavedTexts(state, std::move(indexed));
    return good;
}

StateJournal::Reading LastGood::read_journal(const Digest& base, const StateDirectory& state) {
    return journal_.read(state, base, [this](std::string_view lines) {
        SavedFiles news;
        if (!parse_last_good_lines(lines, news)) { return; }
        for (auto& [path, file] : news) {
            files_.insert_or_assign(path, std::move(file));
        }
    });
}

/// Parses the saved text of a zone file, with the saved texts of the files that it reads. `fault`
/// says which of those cannot be used.
zones::ZoneReading LastGood::read_again(const SavedFile& saved, std::string text,
                                        const StateDirectory& state, std::string& fault) {
    const auto find = [&](const std::string& asked,
                          FileKind kind) -> Result<NamedText, std::string> {
        const SavedText* named = find_named(saved, asked, kind);
        if (named == nullptr) { return Failure{asked + ": it is not saved"}; }
        auto found = texts_.read(*named, state);
        if (found) { return NamedText{named->path, std::move(found).value()}; }
        if (fault.empty()) { fault = found.error(); }
        return Failure{found.error()};
    };
    return read_texts(saved.text.path, std::move(text), find);
}

Result<LoadedFile, std::string> LastGood::restore(const std::string& path,
                                                  const StateDirectory& state,
                                                  const SerialSources& serials) {
    const SavedFile& saved = files_.at(path);
    unusable_.insert(path);
    auto text = texts_.read(saved.text, state);
    if (!text) { return Failure{text.error()}; }
    std::string fault;
    zones::ZoneReading reading = read_again(saved, std::move(text).value(), state, fault);
    LoadedFile file;
    file.modified = saved.text.modified;
    for (const SavedText& named : saved.named) {
        file.named.push_back({named.path, named.asked, {}, {}, named.modified, named.kind, {}});
    }
    ZoneLoading loading = finish_loading(std::move(reading), std::move(file), serials);
    if (!loading.loaded) {
        return Failure{fault.empty() ? error_in(loading.diagnostics) : std::move(fault)};
    }
    unusable_.erase(path);
    return std::move(*loading.loaded);
}

std::vector<zones::Zone> LastGood::models_of(const std::string& path, const LoadedFile& served,
                                             const StateDirectory& state) {
    const auto saved = files_.find(path);
    if (saved == files_.end()) { return {}; }
    const bool is_restored = served.text_digest == Digest{};  // it is the saved version
    if (!is_restored && digests_of(served) != digests_of(saved->second)) { return {}; }
    auto text = texts_.read(saved->second.text, state);
    std::string fault;
    return text ? read_again(saved->second, std::move(text).value(), state, fault).zones
                : std::vector<zones::Zone>();
}

LastGood::Digests LastGood::digests_of(const SavedFile& saved) {
    Digests digests{saved.text.digest, {}};
    for (const SavedText& text : saved.named) {
        digests.named.push_back(text.digest);
    }
    return digests;
}

LastGood::Digests LastGood::digests_of(const LoadedFile& loaded) {
    Digests digests{loaded.text_digest, {}};
    for (const NamedFileState& file : loaded.named) {
        digests.named.push_back(file.text_digest);
    }
    return digests;
}

/// The version that this process has written last; null where it has written none.
const SavedFile* LastGood::find_written(const std::string& path) const {
    const SavedFile* const later = find_saved(written_, path);
    if (later != nullptr) { return later; }
    const SavedFile* const indexed = find_saved(files_, path);
    return indexed != nullptr && indexed->is_of_this_process ? indexed : nullptr;
}

/// Saves the texts of a file. None if that is impossible.
Result<std::optional<SavedFile>, std::string> LastGood::save_file(const std::string& path,
                                                                  const LoadedFile& loaded,
                                                                  const StateDirectory& state) {
    if (!can_be_saved(loaded)) { return std::optional<SavedFile>(); }
    SavedFile saved;
    auto written = texts_.save(*loaded.text, loaded.text_digest, path, state);
    if (!written) { return Failure{written.error()}; }
    saved.text = {loaded.text_digest, loaded.modified, path, {}, {}};
    for (const NamedFileState& file : loaded.named) {
        written = texts_.save(*file.text, file.text_digest, file.path, state);
        if (!written) { return Failure{written.error()}; }
        saved.named.push_back({file.text_digest, file.modified, file.path, file.asked, file.kind});
    }
    saved.zones = loaded.summaries;
    saved.is_of_this_process = true;
    return std::optional(std::move(saved));
}

void LastGood::begin_anew() {
    reached_.clear();
    for (auto& [path, file] : std::exchange(next_, {})) {
        if (file.is_of_this_process) { written_.insert_or_assign(path, std::move(file)); }
    }
}

Result<bool, std::string> LastGood::save(const ZonesByFile& served, const StateDirectory& state) {
    if (!state.saves()) { return true; }
    auto saved = save_rest(served, state);
    if (!saved) { begin_anew(); }
    return saved;
}

Result<bool, std::string> LastGood::save_rest(const ZonesByFile& served,
                                              const StateDirectory& state) {
    std::size_t taken_in = 0;
    // From where the last call got to: tens of thousands of files take hundreds of calls.
    for (auto at = served.lower_bound(std::exchange(reached_, {})); at != served.end(); ++at) {
        const std::string& path = at->first;
        LoadedFile& loaded = *at->second;
        const SavedFile* const known = find_written(path);
        if (known != nullptr && digests_of(*known) == digests_of(loaded)) {
            loaded.forget_texts();
            auto later = written_.extract(path);  // tens of thousands are not there twice
            if (later.empty()) {
                next_.emplace(path, *known);
            } else {
                next_.insert(std::move(later));
            }
            continue;
        }
        const auto before = files_.find(path);
        const bool is_restored = loaded.text_digest == Digest{};  // it is the saved version
        if (before != files_.end() && is_restored) {
            next_.emplace(path, before->second);
            continue;
        }
        if (!fits_a_line(path)) { continue; }
        if (taken_in == kFilesAtOnce) {
            reached_ = path;
            return false;
        }
        auto written = save_file(path, loaded, state);
        if (!written) { return Failure{written.error()}; }
        if (*written) {
            ++taken_in;  // files that cannot be saved do not count: each call meets them again
            loaded.forget_texts();
            next_.emplace(path, std::move(**written));
        } else if (before != files_.end()) {
            next_.emplace(path, before->second);
        }
    }
    for (const std::string& path : unusable_) {
        const auto before = files_.find(path);
        if (before != files_.end()) { next_.try_emplace(path, before->second); }
    }
    auto written = write_index(state);
    if (!written) { return Failure{written.error()}; }
    return true;
}

/// Writes the index once all of its texts are on the disk, and deletes the others.
Result<Unit, std::string> LastGood::write_index(const StateDirectory& state) {
    auto written = texts_.write_recalled(state);
    if (!written) { return written; }
    written = texts_.sync(state);
    if (!written) { return written; }
    if (next_ != files_ || !is_index_whole_) {
        written = write_index_file(next_, state);
        if (!written) { return written; }
    }
    files_ = std::exchange(next_, {});
    uses_ = uses_of(files_);
    texts_.delete_unused(uses_, state);
    written_.clear();  // the index has them; texts of others may be gone
    return Unit{};
}

Result<Unit, std::string> LastGood::write_index_file(const SavedFiles& files,
                                                     const StateDirectory& state) {
    const std::string text = last_good_text(files);
    auto written = state.write(kLastGoodFile, text);
    if (!written) { return written; }
    journal_.begin(digest_of(text), state);
    is_index_whole_ = true;
    return Unit{};
}

Result<Unit, std::string> LastGood::write_journaled(const StateDirectory& state) {
    if (journal_.octets() == 0 || !state.saves()) { return Unit{}; }
    return write_index_file(files_, state);
}

Result<bool, std::string> LastGood::save_edit(const ZonesByFile& edited,
                                              const StateDirectory& state) {
    if (!state.saves()) { return true; }
    if (!journal_.can_append() || texts_.has_recalled() || !unusable_.empty()) { return false; }
    SavedFiles news;
    for (const auto& [path, loaded] : edited) {
        if (!fits_a_line(path)) { continue; }
        const SavedFile* known = find_written(path);
        if (known == nullptr || digests_of(*known) != digests_of(*loaded)) {
            auto written = save_file(path, *loaded, state);
            if (!written) { return Failure{written.error()}; }
            if (!*written) { continue; }  // the version before stays
            known = &written_.insert_or_assign(path, std::move(**written)).first->second;
        }
        loaded->forget_texts();
        const SavedFile* const indexed = find_saved(files_, path);
        if (indexed == nullptr || *indexed != *known) { news.emplace(path, *known); }
    }
    if (news.empty()) { return true; }
    auto synced = texts_.sync(state);
    if (!synced) { return Failure{synced.error()}; }
    if (!journal_.append(last_good_lines(news), state)) { return false; }
    synced = journal_.sync(state);
    if (!synced) {
        journal_.end();
        return Failure{synced.error()};
    }
    for (auto& [path, saved] : news) {
        take_edited(std::move(saved), state);
    }
    return true;
}

/// Puts it into the place of the version before, whose texts go if nothing else has them.
void LastGood::take_edited(SavedFile saved, const StateDirectory& state) {
    add_uses(saved, uses_);
    written_.erase(saved.text.path);
    SavedFile& file = files_[saved.text.path];
    const SavedFile before = std::exchange(file, std::move(saved));
    std::vector<Digest> digests{before.text.digest};
    std::ranges::transform(before.named, std::back_inserter(digests), &SavedText::digest);
    for (const Digest& digest : digests) {
        const auto use = uses_.find(digest);
        if (use == uses_.end() || --use->second > 0) { continue; }
        uses_.erase(use);
        texts_.delete_text(digest, state);
    }
}

}  // namespace meridian::server
