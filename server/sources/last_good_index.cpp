// Writes and reads the index of the texts that were served last.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/last_good_index.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

using zones::FileKind;

constexpr StateForm kLastGoodForm{"meridian last-good ", 2};

constexpr std::string_view kSigned = "signed";  // behind a zone's numbers

struct KindName {
    FileKind kind;
    std::string_view name;
};
constexpr std::array kKindNames{KindName{FileKind::Master, "master"},
                                KindName{FileKind::Library, "library"}};

std::string line_of(std::string_view word, const SavedText& text) {
    std::string line = std::string(word) + ' ' + text.digest.to_text() + ' ' +
                       std::to_string(text.modified) + ' ' + text.path;
    return line + (text.asked.empty() ? "" : '\t' + text.asked) + '\n';
}

std::optional<SavedText> parse_text(std::string_view line, FileKind kind) {
    SavedText text;
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

/// Adds a line to the file that the lines above it began.
bool parse_line(std::string_view line, SavedFiles& files, SavedFile*& open) {
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

}  // namespace

bool fits_a_line(const std::string& path) {
    return std::ranges::none_of(path, [](char c) { return c == '\n' || c == '\t'; });
}

std::string last_good_lines(const SavedFiles& files) {
    std::string text;
    for (const auto& [path, file] : files) {
        text += line_of("file", file.text);
        for (const SavedText& named : file.named) {
            text +=
                line_of(std::ranges::find(kKindNames, named.kind, &KindName::kind)->name, named);
        }
        for (const ZoneSummary& zone : file.zones) {
            text += "zone " + zone.apex.to_text() + ' ' + std::to_string(zone.records) + ' ' +
                    std::to_string(zone.regions);
            text += zone.is_signed ? ' ' + std::string(kSigned) + '\n' : "\n";
        }
    }
    return text;
}

bool parse_last_good_lines(std::string_view lines, SavedFiles& files) {
    SavedFile* open = nullptr;
    while (!lines.empty()) {
        if (!parse_line(take_until(lines, '\n'), files, open)) { return false; }
    }
    return true;
}

std::string last_good_text(const SavedFiles& files) {
    return write_state_lines(kLastGoodForm, last_good_lines(files));
}

Result<SavedFiles, std::string> parse_last_good(std::string_view text) {
    SavedFiles files;
    SavedFile* open = nullptr;
    const auto read = read_state_lines(
        kLastGoodForm, text, [&](std::string_view line) { return parse_line(line, files, open); });
    if (!read) { return Failure{read.error()}; }
    return files;
}

}  // namespace meridian::server
