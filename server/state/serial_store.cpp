// Remembers under which serial each zone was served last, across restarts.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/serial_store.h"

#include <cstdint>
#include <utility>

#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

constexpr StateForm kSerialsForm{"meridian serials ", 2};
constexpr StateForm kSerialsJournalForm{"meridian serials-journal ", 1};

bool parse_line(std::string_view line, SerialStore::Serials& into) {
    const auto apex = dns::Name::parse_absolute(take_until(line, ' '));
    const auto content = zones::ContentHash::parse(take_until(line, ' '));
    const auto serial = parse_number<std::uint32_t>(line);
    if (!apex || !content || !serial) { return false; }
    return into.emplace(*apex, zones::ServedSerial{*content, *serial}).second;
}

std::string lines_of(const SerialStore::Serials& serials) {
    std::string lines;
    for (const auto& [apex, served] : serials) {
        lines += apex.to_text() + ' ' + served.content.to_text() + ' ' +
                 std::to_string(served.serial) + '\n';
    }
    return lines;
}

}  // namespace

std::string serials_text(const SerialStore::Serials& serials) {
    return write_state_lines(kSerialsForm, lines_of(serials));
}

Result<SerialStore::Serials, std::string> parse_serials(std::string_view text) {
    SerialStore::Serials serials;
    const auto read = read_state_lines(
        kSerialsForm, text, [&](std::string_view line) { return parse_line(line, serials); });
    if (!read) { return Failure{read.error()}; }
    return serials;
}

SerialStore::SerialStore(std::size_t most)
    : most_(most), journal_(kSerialsFile, kSerialsJournal, kSerialsJournalForm) {}

SerialStore SerialStore::read(const StateDirectory& state, std::string& warning) {
    SerialStore store;
    const auto file = state.read(kSerialsFile, kMaxSerialsOctets);
    if (!file) {
        warning = file.error().kind == FileFailure::Missing
                      ? store.journal_.fault_without_base(state)
                      : file.error().text;
    } else if (auto serials = parse_serials(file->text)) {
        store.serials_ = std::move(serials).value();
        const Digest base = digest_of(file->text);
        auto journal = store.read_journal(base, state);
        store.is_saved_ = !journal.is_there;
        warning = std::move(journal.fault);
        if (store.is_saved_ && state.saves()) { store.journal_.begin(base, state); }
    } else {
        warning =
            "cannot use " + state.path() + "/" + std::string(kSerialsFile) + ": " + serials.error();
    }
    if (!warning.empty()) {
        warning +=
            "; serials that are not written in their zone begin again with the time of its "
            "files";
    }
    return store;
}

StateJournal::Reading SerialStore::read_journal(const Digest& base, const StateDirectory& state) {
    return journal_.read(state, base, [this](std::string_view lines) {
        Serials news;
        while (!lines.empty()) {
            if (!parse_line(take_until(lines, '\n'), news)) { return; }
        }
        for (const auto& [apex, served] : news) {
            serials_.insert_or_assign(apex, served);
        }
    });
}

std::optional<zones::ServedSerial> SerialStore::find(const dns::Name& apex) const {
    const auto found = serials_.find(apex);
    if (found == serials_.end()) { return {}; }
    return found->second;
}

void SerialStore::remember(const Serials& served) {
    if (remember_more(served)) { return; }
    serials_ = served;
    is_saved_ = false;
}

bool SerialStore::remember_more(const Serials& served) {
    for (const auto& [apex, serial] : served) {
        zones::ServedSerial& known = serials_[apex];
        if (known == serial) { continue; }
        known = serial;
        is_saved_ = false;
    }
    return serials_.size() <= most_;
}

void SerialStore::remember_edit(const Serials& served, const StateDirectory& state) {
    const bool was_saved = is_saved_;
    const bool fits = remember_more(served);
    if (is_saved_ || !was_saved || !fits || !state.saves()) { return; }
    is_saved_ = journal_.append(lines_of(served), state);
}

Result<Unit, std::string> SerialStore::save(const StateDirectory& state) {
    if (!state.saves()) { return Unit{}; }
    if (is_saved_) {
        auto synced = journal_.sync(state);
        if (!synced) { save_again(); }
        return synced;
    }
    const std::string text = serials_text(serials_);
    auto written = state.write(kSerialsFile, text);
    is_saved_ = written.ok();
    if (is_saved_) { journal_.begin(digest_of(text), state); }
    return written;
}

}  // namespace meridian::server
