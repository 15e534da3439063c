// Reads the addresses of regions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// Reads several lists: those of all regions of a file, or those of a service. It notices addresses
/// that stand in two of them.
class AddressReader {
public:
    /// `too_many` is the kind that reports more addresses than a region may have.
    AddressReader(const DiagnosticKind& too_many, Findings& findings)
        : too_many_(too_many), findings_(findings) {}

    /// Those at `key` of `table`, for the region of that name; without those that are reported.
    /// `path` is the whole key.
    std::vector<IpAddress> read(const TomlTable& table, std::string_view key,
                                const std::string& region, const std::string& path);

private:
    struct Seen {
        std::string region;
        TextPosition at;
    };

    /// Whether the address, written as `text`, is to stay.
    bool is_new(const IpAddress& address, const std::string& text, const std::string& region,
                TextPosition at, const std::string& path);
    void report_no_address(const std::string& text, TextPosition at, const std::string& path);

    const DiagnosticKind& too_many_;
    Findings& findings_;
    std::map<IpAddress, Seen> seen_;
};

}  // namespace meridian::zones
