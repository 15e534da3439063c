// Adds regions to the text of a zone file and removes them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "meridian/geo/location.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// `[regions.NAME]`
struct RegionText {
    std::string name;
    std::variant<std::string, geo::Coordinates> at;  ///< "FRA", "Frankfurt, DE", or a point.
    std::vector<std::string> addresses;
};

/// A region as it stands in a file.
struct WrittenRegion {
    std::string name;
    TextPosition position;  ///< Of its name.
    std::string place;      ///< What is written at `at`, on one line.
    geo::Coordinates at;
    std::vector<std::string> addresses;
    std::vector<std::string> policies;  ///< Those that choose among regions of which it is one.
    bool is_drained = false;            ///< `state = "drained"`
};

/// In the order of the file. Expects a text that loads, with its tree; likewise below.
std::vector<WrittenRegion> written_regions(std::string_view text, const TomlTable& root);

/// Whether both say the same, in any spelling.
bool is_same_region(const WrittenRegion& written, const RegionText& region);

/// The policies of a file that name their regions.
std::vector<std::string> policies_with_regions(const TomlTable& root);

/// The services of a file that name the region.
std::vector<std::string> services_with_region(const TomlTable& root, const std::string& region);

// Each takes a text that loads, with the tree that `read_toml` made of it, and returns the new
// text. The caller checks whether that loads as well.

/// Adds a region behind the last one. Expects that the file has none of this name.
std::string add_region(std::string_view text, const TomlTable& root, const RegionText& region);

/// Gives a region of the file another place and other addresses; addresses that it has already
/// stay where they are, with their comments.
std::string replace_region(std::string text, const RegionText& region);

/// Puts `region` behind the last one of `policies.NAME.regions` for each of the names. Expects
/// policies that have such a list, without the region.
std::string add_to_policies(std::string_view text, const TomlTable& root,
                            std::span<const std::string> policies, const std::string& region);

/// Removes a region, also from policies that name it. A `default` that becomes empty is
/// removed. A `regions` that becomes empty stays, and the text does not load: without it the policy
/// would have all regions, which is for the operator to decide.
std::string remove_region(std::string_view text, const TomlTable& root, const std::string& region);

}  // namespace meridian::zones
