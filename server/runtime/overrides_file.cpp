// Reads the file of overrides: drains and forces that several servers get from one repository.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/overrides_file.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "meridian/clock.h"
#include "meridian/date_time.h"
#include "meridian/limits.h"
#include "meridian/zones/key_rows.h"
#include "meridian/zones/toml_document.h"
#include "server/health/override_request.h"
#include "server/runtime/settings_diagnostics.h"
#include "server/state/file_text.h"
#include "server/state/state_lines.h"

namespace meridian::server {
namespace {

using zones::KeyRow;
using zones::Kind;
using zones::TomlEntry;
using zones::TomlTable;
using zones::TomlValue;

/// Of the copy: the path, then the lines of the file.
constexpr StateForm kCopyForm{"meridian overrides-file ", 1};

constexpr std::array<std::string_view, 2> kStates{"up", "down"};

constexpr KeyRow kTargetKey{.key = "target",
                            .kind = Kind::Text,
                            .doc = "REGION, REGION/SERVICE or REGION/SERVICE/ADDRESS.",
                            .required = true};
constexpr KeyRow kUntilKey{.key = "until", .kind = Kind::Time, .doc = "Its end, with an offset."};
constexpr KeyRow kReasonKey{
    .key = "reason", .kind = Kind::Text, .doc = "What `status` says of it."};
constexpr KeyRow kAuthorKey{.key = "author", .kind = Kind::Text, .doc = "Who set it."};
constexpr std::array kDrainKeys{kTargetKey, kUntilKey, kReasonKey, kAuthorKey};
constexpr std::array kForceKeys{
    kTargetKey,
    KeyRow{.key = "state",
           .kind = Kind::Text,
           .doc = "Which of the two it counts as.",
           .choices = kStates,
           .required = true},
    KeyRow{.key = "until", .kind = Kind::Time, .doc = "Its end, with an offset.", .required = true},
    kReasonKey, kAuthorKey};
constexpr std::array kFileKeys{
    KeyRow{.key = "drain",
           .kind = Kind::TableArray,
           .doc = "Regions that get no clients while another one is up.",
           .rows = kDrainKeys},
    KeyRow{.key = "force",
           .kind = Kind::TableArray,
           .doc = "Regions that count as up or down, whatever their checks say.",
           .rows = kForceKeys},
};

/// Takes the overrides out of a document whose keys have been checked.
class OverridesReader {
public:
    OverridesReader(const std::string& file, zones::Findings& findings)
        : file_(file), findings_(findings) {}

    std::vector<Override> read(const TomlTable& root) {
        for (const std::string_view kind : {"drain", "force"}) {
            for (const TomlValue* item : root.list(kind)) {
                if (const auto* table = item->get<TomlTable>()) { add(kind, *table, *item); }
            }
        }
        return std::move(overrides_);
    }

private:
    void add(std::string_view kind, const TomlTable& table, const TomlValue& item) {
        const TomlEntry* target = table.find("target");
        const std::string* text = table.text("target");
        if (text == nullptr) { return; }  // reported by check_keys
        auto parsed = parse_override_target(*text);
        if (!parsed) {
            findings_.report(diagnostics::kNoTarget, target->value.span.at,
                             std::string(kind) + ".target", {parsed.error()});
            return;
        }
        Override entry{.kind = kind_of(kind, table),
                       .target = std::move(parsed).value(),
                       .since = unix_seconds(SystemClock().wall()),
                       .until = until_of(kind, table),
                       .author = text_of(table, "author"),
                       .reason = text_of(table, "reason"),
                       .file = file_,
                       .line = item.span.at.line};
        if (entry.line == 0) { entry.line = target->key_span.at.line; }
        check_length(kind, table, "reason");
        check_length(kind, table, "author");
        check_other_force(entry, *target);
        overrides_.push_back(std::move(entry));
        if (overrides_.size() == kMaxOverrides + 1) {
            findings_.report(diagnostics::kTooManyOverrides, target->key_span.at, std::string(kind),
                             {std::to_string(kMaxOverrides)});
        }
    }

    void check_length(std::string_view kind, const TomlTable& table, std::string_view key) {
        const std::string* text = table.text(key);
        if (text == nullptr || text->size() <= kMaxReasonOctets) { return; }
        findings_.report(diagnostics::kTextTooLong, table.find(key)->value.span.at,
                         std::string(kind) + "." + std::string(key),
                         {std::to_string(text->size()), std::to_string(kMaxReasonOctets)});
    }

    /// One target cannot be up and down. Targets that only overlap may: the force down wins.
    void check_other_force(const Override& entry, const TomlEntry& target) {
        if (entry.kind == OverrideKind::Drain) { return; }
        const auto other = std::ranges::find_if(overrides_, [&](const Override& each) {
            return each.kind != OverrideKind::Drain && each.kind != entry.kind &&
                   each.target == entry.target;
        });
        if (other == overrides_.end()) { return; }
        findings_.report(diagnostics::kForcedBothWays, target.value.span.at, "force.target",
                         {zones::quoted(to_text(entry.target)), std::to_string(other->line)});
    }

    static OverrideKind kind_of(std::string_view kind, const TomlTable& table) {
        if (kind == "drain") { return OverrideKind::Drain; }
        const std::string* state = table.text("state");
        const bool is_up = state != nullptr && *state == "up";
        return is_up ? OverrideKind::ForceUp : OverrideKind::ForceDown;
    }

    std::int64_t until_of(std::string_view kind, const TomlTable& table) {
        const TomlEntry* until = table.find("until");
        const auto* time = until == nullptr ? nullptr : until->value.get<zones::TomlTime>();
        if (time == nullptr) { return 0; }
        const auto moment = read_date_time(time->text);
        if (moment && *moment > 0) { return *moment; }
        findings_.report(diagnostics::kNoOffset, until->value.span.at, std::string(kind) + ".until",
                         {time->text});
        return 0;
    }

    static std::string text_of(const TomlTable& table, std::string_view key) {
        const std::string* text = table.text(key);
        return text == nullptr ? std::string() : *text;
    }

    const std::string& file_;
    zones::Findings& findings_;
    std::vector<Override> overrides_;
};

zones::Diagnostics unreadable(const std::string& file, const std::string& why) {
    return {zones::diagnostic_of(diagnostics::kUnreadableOverrides, file, {}, {}, {why})};
}

/// A string of TOML.
std::string quoted_toml(const std::string& text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet < 0x20 || octet == 0x7f) { continue; }
        if (letter == '"' || letter == '\\') { quoted += '\\'; }
        quoted += letter;
    }
    return quoted + '"';
}

}  // namespace

Result<std::vector<Override>, zones::Diagnostics> read_overrides(const std::string& file,
                                                                 std::string_view text) {
    const auto document = zones::read_toml(file, text);
    if (!document) { return Failure{document.error()}; }
    if (!text.empty() && !text.ends_with('\n')) {  // what is cut off would end what it holds
        return Failure{
            zones::Diagnostics{zones::diagnostic_of(diagnostics::kCutOverrides, file, {}, {}, {})}};
    }
    zones::Findings findings(file, document->lines);
    zones::check_keys(document->root, kFileKeys, "", {}, findings);
    std::vector<Override> overrides = OverridesReader(file, findings).read(document->root);
    if (findings.error_count() > 0) { return Failure{findings.take()}; }
    return overrides;
}

Result<std::vector<Override>, zones::Diagnostics> load_overrides(const std::string& file) {
    const auto read = read_file(file, kMaxTomlFileOctets);
    if (read) { return read_overrides(file, read->text); }
    return Failure{unreadable(file, read.error().text)};
}

std::string stanza_of(const Override& entry) {
    const bool is_drain = entry.kind == OverrideKind::Drain;
    std::string text = is_drain ? "[[drain]]\n" : "[[force]]\n";
    text += "target = " + quoted_toml(to_text(entry.target)) + '\n';
    if (!is_drain) {
        text += entry.kind == OverrideKind::ForceUp ? "state  = \"up\"\n" : "state  = \"down\"\n";
    }
    if (entry.until != 0) { text += "until  = " + date_time_text(entry.until) + '\n'; }
    if (!entry.reason.empty()) { text += "reason = " + quoted_toml(entry.reason) + '\n'; }
    if (!entry.author.empty()) { text += "author = " + quoted_toml(entry.author) + '\n'; }
    return text;
}

bool OverridesSource::has_changed(const std::string& file) const {
    return file != file_ || (!file.empty() && file_state_of(file) != file_state_);
}

std::optional<std::vector<Override>> OverridesSource::read_if_changed(const std::string& file) {
    if (file.empty() && !good_.file.empty()) { use({}); }  // named no more
    if (!has_changed(file)) { return {}; }
    file_ = file;
    file_state_ = file.empty() ? std::string() : file_state_of(file);
    errors_.clear();
    if (file.empty()) { return std::vector<Override>(); }
    auto overrides = read(file);
    if (overrides) { return std::move(overrides).value(); }
    errors_ = std::move(overrides).error();
    if (std::exchange(is_in_use_, true)) { return {}; }
    is_unknown_ = true;
    if (good_.file != file) { return {}; }
    auto before = read_overrides(file, good_.text);  // as an earlier process read it
    if (!before) { return {}; }
    is_unknown_ = false;
    return std::move(before).value();
}

Result<std::vector<Override>, zones::Diagnostics> OverridesSource::read(const std::string& file) {
    const auto text = read_file(file, kMaxTomlFileOctets);
    if (!text) { return Failure{unreadable(file, text.error().text)}; }
    const bool is_blank = text->text.find_first_not_of(" \t\r\n") == std::string::npos;
    const std::size_t held = is_blank && good_.file == file ? count_in(good_) : 0;
    if (held > 0) {
        const std::string what = std::to_string(held) + (held == 1 ? " override" : " overrides");
        return Failure{zones::Diagnostics{
            zones::diagnostic_of(diagnostics::kEmptiedOverrides, file, {}, {}, {what})}};
    }
    auto overrides = read_overrides(file, text->text);
    if (overrides) { use({file, text->text}); }
    return overrides;
}

void OverridesSource::use(SavedOverridesFile good) {
    is_in_use_ = true;
    is_unknown_ = false;
    is_unsaved_ |= good.file != good_.file || good.text != good_.text;
    good_ = std::move(good);
}

std::size_t OverridesSource::count_in(const SavedOverridesFile& saved) {
    const auto overrides = read_overrides(saved.file, saved.text);
    return overrides ? overrides->size() : 0;
}

std::string OverridesSource::restore(const StateDirectory& state) {
    const auto file = state.read(kOverridesCopy, kMaxTomlFileOctets + kMaxPathOctets + 256);
    if (!file) {
        return file.error().kind == FileFailure::Missing ? std::string() : file.error().text;
    }
    std::string text;
    std::optional<std::string> path;
    const auto read = read_state_lines(kCopyForm, file->text, [&](std::string_view line) {
        if (!path) {
            path = line;
        } else {
            text += std::string(line) + '\n';
        }
        return true;
    });
    if (read && path) {
        good_ = {*path, std::move(text)};
        return {};
    }
    return "cannot use " + state.path() + "/" + std::string(kOverridesCopy) + ": " +
           (read ? "it is empty" : read.error()) +
           "; what the file of overrides said before is not known";
}

Result<Unit, std::string> OverridesSource::save(const StateDirectory& state, bool is_anew) {
    if (!state.saves() || (!is_unsaved_ && !is_anew)) { return Unit{}; }
    if (good_.file.empty()) {
        state.remove(kOverridesCopy);
        is_unsaved_ = false;
        return Unit{};
    }
    std::string lines = good_.file + '\n' + good_.text;
    if (!lines.ends_with('\n')) { lines += '\n'; }
    auto saved = state.write(kOverridesCopy, write_state_lines(kCopyForm, lines));
    is_unsaved_ = !saved;
    return saved;
}

}  // namespace meridian::server
