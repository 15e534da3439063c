// Writes diagnostics for a terminal or a log.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/diagnostic.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "meridian/assert.h"
#include "meridian/filled.h"
#include "meridian/limits.h"
#include "meridian/terminal_text.h"
#include "meridian/utf8.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/source_excerpt.h"

namespace meridian::zones {
namespace {

// A word of a master file may have 512 KiB; no operator reads so much of it.
constexpr std::size_t kMaxValueOctets = 8192;

struct Colours {
    std::string_view bold, error, warning, end;
};
constexpr Colours kAnsi{"\x1b[1m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"};
constexpr Colours kPlain{};

std::string shortened(std::string_view value) {
    if (value.size() <= kMaxValueOctets) { return std::string(value); }
    std::size_t octets = kMaxValueOctets;
    while (octets > 0 && continues_character(value[octets])) {
        --octets;
    }
    return std::string(value.substr(0, octets)) + (value.ends_with('"') ? "...\"" : "...");
}

/// Two lines: the source, then the marks below it.
std::string excerpt(const Diagnostic& diagnostic, const Colours& colours) {
    const auto [source, blank, marks] = excerpt_of({diagnostic.source_line, diagnostic.source_from},
                                                   diagnostic.at.column, diagnostic.at.length);
    std::string number = std::to_string(diagnostic.at.line);
    if (number.size() < 5) { number.insert(0, 5 - number.size(), ' '); }
    std::string text = number + " | " + source + "\n" + std::string(number.size(), ' ') + " | ";
    return text.append(blank).append(colours.bold).append(marks).append(colours.end) + "\n";
}

std::string position_text(const Diagnostic& diagnostic) {
    std::string result = diagnostic.file;
    if (diagnostic.at.line > 0) {
        result += ":" + std::to_string(diagnostic.at.line);
        if (diagnostic.at.column > 0) { result += ":" + std::to_string(diagnostic.at.column); }
    }
    return result;
}

std::string indented(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        result += "   " + terminal_text(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

/// Whether two diagnostics have one kind and one position; their words may differ between zones.
bool same_matter(const Diagnostic& a, const Diagnostic& b) {
    return a.at == b.at && a.key == b.key && a.code == b.code;
}

/// "concerns the zones a.example, b.example and 48 more"
std::string zones_text(const Diagnostic& diagnostic) {
    constexpr std::size_t kNamed = 3;
    const std::vector<std::string>& zones = diagnostic.zones;
    if (zones.empty()) { return {}; }
    std::string text = zones.size() == 1 ? "concerns the zone " : "concerns the zones ";
    const std::size_t named = zones.size() <= kNamed ? zones.size() : kNamed - 1;
    for (std::size_t i = 0; i < named; ++i) {
        const bool last = i + 1 == zones.size();
        if (i > 0) { text += last ? " and " : ", "; }
        text += zones[i];
    }
    if (named < zones.size()) { text += " and " + std::to_string(zones.size() - named) + " more"; }
    return text;
}

/// How many other files have such a warning.
std::string alike_text(const Diagnostic& diagnostic) {
    if (diagnostic.alike_count == 0) { return {}; }
    return std::to_string(diagnostic.alike_count) +
           " other files have such a warning, too; `meridian check FILE` shows it";
}

/// What is wrong and the way out, on one line.
std::string matter(const Diagnostic& diagnostic) {
    std::string result = diagnostic.key.empty() ? "" : diagnostic.key + ": ";
    result += diagnostic.text;
    if (!diagnostic.hint.empty()) { result += " (" + diagnostic.hint + ")"; }
    if (!diagnostic.zones.empty()) { result += "; " + zones_text(diagnostic); }
    if (diagnostic.alike_count > 0) { result += "; " + alike_text(diagnostic); }
    return result;
}

}  // namespace

Diagnostic diagnostic_of(const DiagnosticKind& kind, std::string file, TextPosition at,
                         std::string key, std::initializer_list<std::string_view> values) {
    std::vector<std::string> texts;
    std::ranges::transform(values, std::back_inserter(texts), shortened);
    const std::vector<std::string_view> shown(texts.begin(), texts.end());
    std::span<const std::string_view> left(shown);
    std::string text = filled(kind.text, left);
    std::string hint = filled(kind.hint, left);
    MERIDIAN_ASSERT(left.empty());
    return {kind.severity,   std::move(file), at, std::move(key),
            std::move(text), std::move(hint), {}, kind.code};
}

std::string to_text(const Diagnostic& diagnostic, bool colour) {
    const Colours& colours = colour ? kAnsi : kPlain;
    const bool error = diagnostic.severity == Severity::Error;
    std::string result(colours.bold);
    result += terminal_text(position_text(diagnostic));
    result += ": ";
    result += colours.end;
    result += error ? colours.error : colours.warning;
    result += error ? "error: " : "warning: ";
    result += colours.end;
    if (!diagnostic.key.empty()) { result += terminal_text(diagnostic.key) + ": "; }
    result += terminal_text(diagnostic.text) + "\n";
    if (diagnostic.at.line > 0 && !diagnostic.source_line.empty()) {
        result += excerpt(diagnostic, colours);
    }
    return result + indented(diagnostic.hint) + indented(zones_text(diagnostic)) +
           indented(alike_text(diagnostic));
}

std::string to_line(const Diagnostic& diagnostic) {
    const bool is_error = diagnostic.severity == Severity::Error;
    return terminal_text(position_text(diagnostic) + (is_error ? ": error: " : ": warning: ") +
                         matter(diagnostic));
}

std::string to_log_line(const Diagnostic& diagnostic) {
    const std::string where = position_text(diagnostic);
    return terminal_text(where + (where.empty() ? "" : ": ") + matter(diagnostic));
}

bool has_errors(const Diagnostics& diagnostics) {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
}

Findings::Findings(std::string file, std::span<const std::string> lines)
    : file_(std::move(file)), lines_(lines) {}

std::uint32_t Findings::add_file(std::string file, std::string_view text, FileKind kind) {
    const auto known = std::ranges::find(named_, file, &NamedText::file);
    if (known != named_.end()) { return static_cast<std::uint32_t>(known - named_.begin()) + 1; }
    named_.push_back({std::move(file), text, kind});
    return static_cast<std::uint32_t>(named_.size());
}

std::vector<OtherFile> Findings::other_files() const {
    std::vector<OtherFile> files;
    for (const NamedText& named : named_) {
        files.push_back({named.file, named.kind});
    }
    return files;
}

void Findings::begin_zone(std::string name) {
    zones_.push_back(std::move(name));
}

/// Continues from the last line that was read, so that a file of many errors is searched once.
std::string_view Findings::line_of(NamedText& source, std::size_t line) {
    if (line < source.line) { source.line = 1, source.octet = 0; }
    while (source.line < line) {
        const std::size_t end = source.text.find('\n', source.octet);
        if (end == std::string_view::npos) { return {}; }
        source.octet = end + 1;
        ++source.line;
    }
    const std::size_t end = source.text.find('\n', source.octet);
    std::string_view text = source.text.substr(source.octet, end - source.octet);
    if (text.ends_with('\r')) { text.remove_suffix(1); }
    return text;
}

void Findings::report(const DiagnosticKind& kind, TextPosition at, std::string key,
                      std::initializer_list<std::string_view> values) {
    add(diagnostic_of(kind, {}, at, std::move(key), values));
}

bool Findings::full() const {
    return errors_.size() == kMaxDiagnostics;
}

/// The entry of such a diagnostic: about this zone, or about another zone, maybe in other words.
Findings::Entry* Findings::find_reported(std::vector<Entry>& list,
                                         const Diagnostic& diagnostic) const {
    Entry* of_others = nullptr;
    for (Entry& entry : list) {
        if (!same_matter(entry.diagnostic, diagnostic)) { continue; }
        if (entry.diagnostic.text == diagnostic.text) { return &entry; }
        const bool of_this = !entry.zones.empty() && entry.zones.back() + 1 == zones_.size();
        if (of_others == nullptr && !of_this) { of_others = &entry; }
    }
    return of_others;
}

void Findings::add(Diagnostic diagnostic) {
    const bool is_error = diagnostic.severity == Severity::Error;
    if (is_error) { ++error_count_; }
    std::vector<Entry>& list = is_error ? errors_ : warnings_;
    const TextPosition at = diagnostic.at;
    NamedText* named = at.file == 0 ? nullptr : &named_[at.file - 1];
    if (named != nullptr && named->kind == FileKind::Master) { diagnostic.key.clear(); }
    if (zones_.size() > 1) {
        if (Entry* reported = find_reported(list, diagnostic)) {
            if (reported->zones.empty() || reported->zones.back() + 1 == zones_.size()) { return; }
            return reported->zones.push_back(zones_.size() - 1);
        }
    }
    if (list.size() == kMaxDiagnostics) {
        ++left_out_count_;
        return;
    }
    diagnostic.file = named == nullptr ? file_ : named->file;
    std::string_view line;
    if (named != nullptr && at.line > 0) { line = line_of(*named, at.line); }
    if (named == nullptr && at.line > 0 && at.line <= lines_.size()) { line = lines_[at.line - 1]; }
    SourcePart part = part_to_keep(line, at.column);
    diagnostic.source_line = std::move(part.text);
    diagnostic.source_from = part.from;
    list.push_back({std::move(diagnostic), {}});
    if (!zones_.empty()) { list.back().zones.push_back(zones_.size() - 1); }
}

/// Names the zones that the diagnostic concerns, unless it concerns all zones of the file. In a
/// library always, since zones of other files may be concerned as well.
void Findings::name_zones(Entry& entry) const {
    const std::uint32_t file = entry.diagnostic.at.file;
    const bool in_library = file > 0 && named_[file - 1].kind == FileKind::Library;
    if (!in_library && (full() || entry.zones.size() == zones_.size())) { return; }
    for (const std::size_t number : entry.zones) {
        entry.diagnostic.zones.push_back(zones_[number]);
    }
}

void append(Diagnostics& to, Diagnostics from) {
    std::ranges::move(from, std::back_inserter(to));
}

Diagnostics merged_by_position(Diagnostics diagnostics) {
    using Matter = std::tuple<std::string, std::uint32_t, std::uint32_t, std::string, std::string>;
    std::map<Matter, std::size_t> first;
    Diagnostics result;
    for (Diagnostic& diagnostic : diagnostics) {
        const TextPosition at = diagnostic.at;
        const auto [known, is_new] = first.emplace(
            Matter{diagnostic.file, at.line, at.column, diagnostic.key,
                   diagnostic.code.empty() ? diagnostic.text : std::string(diagnostic.code)},
            result.size());
        if (is_new || (diagnostic.zones.empty() && result[known->second].zones.empty())) {
            result.push_back(std::move(diagnostic));
            continue;
        }
        std::ranges::move(diagnostic.zones, std::back_inserter(result[known->second].zones));
    }
    return result;
}

Diagnostics summarised(const Diagnostics& diagnostics) {
    std::map<std::string_view, std::set<std::string_view>> files;  // by code
    const auto is_kind = [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::Warning && !diagnostic.code.empty();
    };
    for (const Diagnostic& diagnostic : diagnostics) {
        if (is_kind(diagnostic)) { files[diagnostic.code].insert(diagnostic.file); }
    }
    Diagnostics result;
    std::map<std::string_view, std::string_view> shown;  // the first file, by code
    for (const Diagnostic& diagnostic : diagnostics) {
        const std::size_t count = is_kind(diagnostic) ? files[diagnostic.code].size() : 0;
        if (count <= kMaxAlikeFiles) {
            result.push_back(diagnostic);
            continue;
        }
        const auto [first, is_new] = shown.emplace(diagnostic.code, diagnostic.file);
        if (first->second != diagnostic.file) { continue; }
        result.push_back(diagnostic);
        if (is_new) { result.back().alike_count = count - 1; }
    }
    return result;
}

Diagnostics Findings::take() {
    Diagnostics result;
    for (std::vector<Entry>* list : {&errors_, &warnings_}) {
        for (Entry& entry : *list) {
            if (result.size() == kMaxDiagnostics) {
                ++left_out_count_;
                continue;
            }
            name_zones(entry);
            const auto after =
                std::upper_bound(result.begin(), result.end(), entry.diagnostic,
                                 [](const Diagnostic& a, const Diagnostic& b) {
                                     return std::tie(a.at.file, a.at.line, a.at.column) <
                                            std::tie(b.at.file, b.at.line, b.at.column);
                                 });
            result.insert(after, std::move(entry.diagnostic));
        }
    }
    if (left_out_count_ > 0) {
        const DiagnosticKind& more =
            error_count_ > 0 ? diagnostics::kMoreErrors : diagnostics::kMoreWarnings;
        result.push_back(diagnostic_of(more, file_, {}, {}, {std::to_string(left_out_count_)}));
    }
    errors_.clear();
    warnings_.clear();
    return result;
}

}  // namespace meridian::zones
