// Writes the serial of a zone into its file, so that all servers that get the file agree.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/serial_stamp.h"

#include <algorithm>
#include <optional>

#include "meridian/zones/toml_document.h"
#include "meridian/zones/toml_edit.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kMark = "# stamped: ";
constexpr std::size_t kShownDigits = 16;  // 64 bits of it: enough between two versions of one file

std::string short_text(const ContentHash& content) {
    return std::to_string(content.format) + '-' + content.digest.to_text().substr(0, kShownDigits);
}

/// A serial in a text, and what stands behind it on its line.
struct WrittenSerial {
    std::uint32_t serial = 0;
    std::size_t comment = 0;  ///< Where its "#" is, or would be.
    bool has_comment = false;
    std::size_t stamp = 0;  ///< Where the hash begins; 0: there is no stamp.
    std::size_t stamp_end = 0;
};

/// Where the comment of the line begins, from an octet between two values on; strings are skipped.
std::size_t comment_from(std::string_view line, std::size_t at) {
    for (char quote = 0; at < line.size(); ++at) {
        if (quote == '"' && line[at] == '\\') {
            ++at;
        } else if (quote != 0) {
            if (line[at] == quote) { quote = 0; }
        } else if (line[at] == '"' || line[at] == '\'') {
            quote = line[at];
        } else if (line[at] == '#') {
            break;
        }
    }
    return std::min(at, line.size());
}

std::optional<WrittenSerial> written_serial(std::string_view text, const TomlTable& root) {
    const TomlTable* soa = root.table("soa");
    const TomlEntry* entry = soa == nullptr ? nullptr : soa->find("serial");
    const auto* serial = entry == nullptr ? nullptr : entry->value.get<std::int64_t>();
    if (serial == nullptr) { return {}; }

    const std::string_view line = text.substr(0, text.find_first_of("\r\n", entry->value.span.end));
    WrittenSerial written;
    written.serial = static_cast<std::uint32_t>(*serial);
    written.comment = comment_from(line, entry->value.span.end);
    written.has_comment = written.comment < line.size();
    if (!written.has_comment) {
        written.comment = line.find_last_not_of(" \t") + 1;
    } else if (line.substr(written.comment).starts_with(kMark)) {
        written.stamp = written.comment + kMark.size();
        written.stamp_end = std::min(line.size(), line.find_first_of("; \t", written.stamp));
    }
    return written;
}

std::string with_stamp(std::string text, const WrittenSerial& written, const std::string& stamp) {
    if (written.stamp != 0) {
        return text.replace(written.stamp, written.stamp_end - written.stamp, stamp);
    }
    const std::string mark = std::string(kMark) + stamp;
    if (!written.has_comment) { return text.insert(written.comment, "  " + mark); }
    const std::size_t words =
        std::min(text.size(), text.find_first_not_of(" \t", written.comment + 1));
    const bool is_empty = words == text.size() || text[words] == '\r' || text[words] == '\n';
    return text.replace(written.comment, words - written.comment, mark + (is_empty ? "" : "; "));
}

std::uint32_t next_serial(const std::optional<WrittenSerial>& before, SerialTimes times) {
    const auto now = static_cast<std::uint32_t>(times.now);
    if (before) { return is_newer_serial(now, before->serial) ? now : before->serial + 1; }
    // Without a serial in the file, each server took the time of the files.
    const auto modified = static_cast<std::uint32_t>(times.modified);
    return is_newer_serial(modified, now) ? modified : now;
}

}  // namespace

Result<StampedText, std::string> stamp_serial(std::string_view text, const ContentHash& content,
                                              SerialTimes times) {
    const Failure failure{std::string("no place for `soa.serial` was found; write one by hand")};
    const std::string stamp = short_text(content);
    const auto old = read_toml("", text);
    if (!old) { return failure; }
    const auto before = written_serial(text, old->root);
    if (before && before->stamp != 0 &&
        text.substr(before->stamp, before->stamp_end - before->stamp) == stamp) {
        return StampedText{std::string(text), before->serial, false};
    }

    const std::uint32_t serial = next_serial(before, times);
    TomlEdit edit(text, old->root);
    if (!edit.set({"soa", "serial"}, TomlValue{std::int64_t{serial}, {}})) { return failure; }
    std::string edited = edit.finish();
    const auto numbered = read_toml("", edited);
    const auto there = numbered ? written_serial(edited, numbered->root) : std::nullopt;
    if (!there) { return failure; }
    edited = with_stamp(std::move(edited), *there, stamp);

    // The next run has to read what is written here.
    const auto stamped = read_toml("", edited);
    const auto after = stamped ? written_serial(edited, stamped->root) : std::nullopt;
    const bool fine = after && after->serial == serial && after->stamp != 0 &&
                      edited.substr(after->stamp, after->stamp_end - after->stamp) == stamp;
    if (!fine) { return failure; }
    return StampedText{std::move(edited), serial, true};
}

}  // namespace meridian::zones
