// Warns of files in a zones directory whose names are not those of zone files.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/passed_over.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

constexpr std::size_t kNamedFiles = 5;  // enough to know what they are; a line stays a line
constexpr std::size_t kNameOctets = 80;

/// Copies, and data that no server takes for a zone.
constexpr std::array<std::string_view, 24> kOtherEndings{
    "~",     "#",    ".bak",     ".swp", ".swo",  ".swx", ".tmp", ".orig",
    ".rej",  ".old", ".save",    ".new", ".lock", ".md",  ".rst", ".csv",
    ".mmdb", ".key", ".private", ".pem", ".jnl",  ".py",  ".sh",  ".json"};
constexpr std::array<std::string_view, 5> kPackageMarks{".dpkg-", ".ucf-", ".rpmnew", ".rpmsave",
                                                        ".rpmorig"};
constexpr std::array<std::string_view, 4> kOtherBeginnings{"README", "LICENSE", "COPYING",
                                                           "Makefile"};

}  // namespace

bool may_be_meant_as_zone(const std::string& name) {
    const bool is_hidden = name.starts_with('.') || name.starts_with('#');
    return !is_hidden && std::ranges::none_of(kOtherEndings, [&](std::string_view ending) {
        return name.ends_with(ending);
    }) && std::ranges::none_of(kPackageMarks, [&](std::string_view mark) {
        return name.find(mark) != std::string::npos;
    }) && std::ranges::none_of(kOtherBeginnings, [&](std::string_view beginning) {
        return name.starts_with(beginning);
    });
}

std::optional<zones::Diagnostic> passed_over_warning(const std::string& directory,
                                                     const std::vector<std::string>& paths) {
    if (paths.empty()) { return {}; }
    std::string names;
    for (std::size_t i = 0; i < std::min(paths.size(), kNamedFiles); ++i) {
        const std::string name = paths[i].substr(paths[i].rfind('/') + 1);
        names += (i == 0 ? "\"" : ", \"") + name.substr(0, kNameOctets) + "\"";
    }
    if (paths.size() > kNamedFiles) {
        names += " and " + std::to_string(paths.size() - kNamedFiles) + " more";
    }
    return zones::diagnostic_of(diagnostics::kPassedOver, directory, {}, {}, {names});
}

}  // namespace meridian::server
