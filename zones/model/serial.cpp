// Chooses the serial of a zone, and warns of one that secondaries will not notice.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/serial.h"

#include <string>

#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {

bool is_newer_serial(std::uint32_t serial, std::uint32_t other) {
    const std::uint32_t ahead = serial - other;
    return ahead != 0 && ahead < 0x80000000;
}

std::uint32_t choose_serial(const std::optional<ServedSerial>& before, const ContentHash& content,
                            SerialTimes times) {
    const auto modified = static_cast<std::uint32_t>(times.modified);
    if (!before) { return modified; }
    if (before->content == content) { return before->serial; }
    if (times.modified <= times.now && is_newer_serial(modified, before->serial)) {
        return modified;
    }
    const auto now = static_cast<std::uint32_t>(times.now);
    return is_newer_serial(now, before->serial) ? now : before->serial + 1;
}

Diagnostics check_serial(const Zone& zone, const ContentHash& content, const ServedSerial& before) {
    const std::uint32_t serial = zone.soa.serial;
    if (!zone.soa.serial_at || is_newer_serial(serial, before.serial)) { return {}; }
    const std::string last = std::to_string(before.serial);
    const std::string next = std::to_string(before.serial + 1);
    const std::string key = zone.soa.serial_at->file == 0 ? "soa.serial" : "";
    TextPosition at = *zone.soa.serial_at;
    Findings findings(file_of(zone, at), {});
    at.file = 0;
    if (serial != before.serial) {
        findings.report(diagnostics::kSerialBehind, at, key, {std::to_string(serial), last, next});
    } else if (before.content.format == content.format && before.content != content) {
        findings.report(diagnostics::kSerialUnchanged, at, key, {last, next});
    }
    return findings.take();
}

}  // namespace meridian::zones
