// Saves what is served for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include "server/sources/served_data.h"
#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

constexpr std::size_t kFilesWorthTrimming = 10'000;  // their texts lay between what stays

}  // namespace

/// The saved files are gone with the directory, so all of them are saved again.
Result<Unit, std::string> ServedData::make_state_anew() {
    auto made = state_.make_anew();
    if (!made) { return made; }
    save_from_start();
    serials_.save_again();
    last_good_.save_again();
    copies_.save_again();
    for (auto& [path, loaded] : zones_) {
        loaded->recall_texts(path);
    }
    return made;
}

Result<Unit, std::string> ServedData::hold_state() {
    if (state_.is_held()) { return Unit{}; }
    return make_state_anew();
}

Result<bool, std::string> ServedData::save_state() {
    if (state_.is_lost()) {
        auto made = make_state_anew();
        if (!made) { return Failure{made.error()}; }
    }
    if (is_saved_) {
        auto saved = save_edits();
        if (!saved || *saved) { return saved; }
        save_from_start();
    }
    auto serials = serials_.save(state_);
    auto texts = last_good_.save(zones_, state_);
    if (!serials) { return Failure{serials.error()}; }
    if (!texts) { return texts; }
    is_saved_ = *texts;
    if (is_saved_ && zones_.size() >= kFilesWorthTrimming) { malloc_trim(0); }
    // Edits may have come while the files in front of them were being saved.
    return is_saved_ && unsaved_edits_.empty();
}

/// False where all has to be saved.
Result<bool, std::string> ServedData::save_edits() {
    auto serials = serials_.save(state_);
    auto texts = last_good_.save_edit(unsaved_edits_, state_);
    if (!serials) { return Failure{serials.error()}; }
    if (texts) { unsaved_edits_.clear(); }
    return texts;
}

bool ServedData::has_long_journals() const {
    return serials_.journal_octets() + last_good_.journal_octets() > kMaxJournalOctets;
}

Result<Unit, std::string> ServedData::write_journaled() {
    if (!is_saved_ || !unsaved_edits_.empty() || !state_.is_held()) { return Unit{}; }
    if (serials_.journal_octets() > 0) { serials_.save_again(); }
    auto written = serials_.save(state_);
    if (!written) { return written; }
    return last_good_.write_journaled(state_);
}

zones::Diagnostics ServedData::take_state_warnings() {
    zones::Diagnostics warnings;
    for (const MendedText& text : last_good_.take_mended()) {
        warnings.push_back(zones::diagnostic_of(diagnostics::kMendedText, text.file, {}, {},
                                                {text.fault, text.source}));
    }
    return warnings;
}

Result<Unit, std::string> ServedData::save_copies() {
    if (!snapshot_ || !state_.saves()) { return Unit{}; }
    return copies_.save(state_, database_.find_key(), *snapshot_);
}

}  // namespace meridian::server
