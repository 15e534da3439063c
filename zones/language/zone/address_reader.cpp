// Reads the addresses of regions.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/address_reader.h"

#include "meridian/limits.h"
#include "zones/language/text/host_address.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/text/several_values.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
std::vector<IpAddress> AddressReader::read(const TomlTable& table, std::string_view key,
                                           const std::string& region, const std::string& path) {
    std::vector<IpAddress> addresses;
    const std::vector<const TomlValue*> items = table.list(key);
    if (items.size() > kMaxRegionAddresses) {
        findings_.report(too_many_, table.find(key)->key_span.at, path,
                         {std::to_string(items.size()), std::to_string(kMaxRegionAddresses)});
        return addresses;
    }
    for (const TomlValue* item : items) {
        const auto* text = item->get<std::string>();
        if (text == nullptr) { continue; }
        const TextPosition at = item->span.at;
        const auto address = IpAddress::parse(*text);
        if (!address) {
            report_no_address(*text, at, path);
            continue;
        }
        const bool is_good =
            check_host_address(*address, *text, AddressUse::Region, at, path, findings_);
        if (is_good && is_new(*address, *text, region, at, path)) { addresses.push_back(*address); }
    }
    return addresses;
}

bool AddressReader::is_new(const IpAddress& address, const std::string& text,
                           const std::string& region, TextPosition at, const std::string& path) {
    const auto [first, added] = seen_.try_emplace(address, Seen{region, at});
    if (added) { return true; }
    const Seen& seen = first->second;
    if (seen.region == region) {
        findings_.report(diagnostics::kAddressTwice, at, path, {quoted(text), line_of(seen.at)});
        return false;
    }
    findings_.report(diagnostics::kSharedAddress, at, path,
                     {quoted(text), quoted(seen.region), line_of(seen.at)});
    return true;
}

void AddressReader::report_no_address(const std::string& text, TextPosition at,
                                      const std::string& path) {
    const auto is_address = [](const std::string& word) {
        return IpAddress::parse(word).has_value();
    };
    if (report_odd_letter(text, at, path, findings_) ||
        report_several(text, ValueForm::OneWord, is_address, at, path, findings_)) {
        return;
    }
    findings_.report(diagnostics::kNoAddress, at, path, {quoted(text)});
}

}  // namespace meridian::zones
