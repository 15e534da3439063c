// Appends to a state file what has changed since it was written whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_journal.h"

#include "meridian/limits.h"
#include "meridian/octet_hash.h"

namespace meridian::server {

namespace {

std::string title_of(const StateForm& form, const Digest& base) {
    return std::string(form.title) + std::to_string(form.version) + ' ' + base.to_text() + '\n';
}

/// Whether a text begins with the title of a journal, whatever its base.
bool is_title(const StateForm& form, std::string_view text) {
    const std::string start = std::string(form.title) + std::to_string(form.version) + ' ';
    if (!text.starts_with(start)) { return false; }
    return Digest::parse(take_until(text, '\n').substr(start.size())).has_value();
}

}  // namespace

StateJournal::Reading StateJournal::read(const StateDirectory& state, const Digest& base,
                                         const std::function<void(std::string_view)>& take) const {
    const auto file = state.read(file_, kMaxSerialsOctets);
    if (!file) {
        const bool is_missing = file.error().kind == FileFailure::Missing;
        return {false, is_missing ? std::string() : file.error().text};
    }
    const std::string damage = state.path() + "/" + std::string(file_) +
                               ": it is damaged; some of the edits that it has do not count";
    const std::string title = title_of(form_, base);
    if (!file->text.starts_with(title)) {
        const bool is_known = title.starts_with(file->text) || is_title(form_, file->text);
        return {false, is_known ? std::string() : damage};
    }
    Reading reading{true, {}};
    std::string_view rest = std::string_view(file->text).substr(title.size());
    const char* begin = rest.data();
    bool was_whole = true;
    while (!rest.empty()) {
        const std::string_view line = take_until(rest, '\n');
        if (!line.starts_with(kDigestWord)) { continue; }
        if (!was_whole) { reading.fault = damage; }  // a crash cuts the last entry alone
        const std::string_view entry(begin, static_cast<std::size_t>(line.data() - begin));
        was_whole = line.substr(kDigestWord.size()) == digest_of(entry).to_text();
        if (was_whole) { take(entry); }
        begin = rest.data();
    }
    return reading;
}

std::string StateJournal::fault_without_base(const StateDirectory& state) const {
    const auto file = state.open(file_, kMaxSerialsOctets);
    if (!file && file.error().kind == FileFailure::Missing) { return {}; }
    return state.path() + "/" + std::string(base_file_) + ": it is gone; the edits in " +
           std::string(file_) + " do not count without it";
}

void StateJournal::begin(const Digest& base, const StateDirectory& state) {
    base_ = base;
    base_state_ = state.file_state(base_file_);
    octets_ = 0;
    can_append_ = true;
    is_synced_ = true;
    state.remove(file_);
}

bool StateJournal::append(std::string_view lines, const StateDirectory& state) {
    can_append_ = can_append_ && state.file_state(base_file_) == base_state_;
    if (!can_append_) { return false; }
    const std::string entry =
        std::string(lines) + std::string(kDigestWord) + digest_of(lines).to_text() + '\n';
    if (octets_ == 0) {
        const std::string text = title_of(form_, base_) + entry;
        can_append_ = state.write_unsynced(file_, text).ok();
        octets_ = text.size();
    } else {
        can_append_ = state.append_unsynced(file_, entry, octets_).ok();
        octets_ += entry.size();
    }
    is_synced_ = false;
    return can_append_;
}

Result<Unit, std::string> StateJournal::sync(const StateDirectory& state) {
    if (is_synced_) { return Unit{}; }
    auto synced = state.sync("", {std::string(file_)});
    is_synced_ = synced.ok();
    return synced;
}

}  // namespace meridian::server
