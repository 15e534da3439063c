// Carries out what an operator asks for by hand: a drain, a force, or the end of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/health/override_preview.h"
#include "server/health/overrides.h"

namespace meridian::server {

class HealthBook;

/// An operator has a few dozen; a script that adds one a minute is mistaken.
constexpr std::size_t kMaxOverrides = 1000;
constexpr std::int64_t kMaxOverrideSeconds = std::int64_t{10} * 366 * 24 * 3600;  // ten years

struct OverrideRequest {
    std::optional<OverrideKind> kind = {};  ///< None: a release.
    OverrideTarget target = {};
    /// A zone whose regions alone are meant, and the files that may define them; empty: any.
    std::string zone = {};
    std::vector<std::string> zone_files = {};
    std::int64_t seconds = 0;  ///< How long; 0: until it is released.
    std::string author = {};
    std::string reason = {};
    bool dry_run = false;
    bool force = false;  ///< Also where a service then has no region that is up.
};

enum class OverrideResult : std::uint8_t {
    Done,
    DryRun,   ///< It would be done.
    Refused,  ///< A service would have no region left.
    Nothing,  ///< `problem` says why there is nothing to do.
};
std::string_view to_text(OverrideResult result);  ///< "done", "dry-run", "refused", "nothing"
std::optional<OverrideResult> override_result_from_text(std::string_view text);

struct OverrideOutcome {
    OverrideResult result = OverrideResult::Nothing;
    std::string problem = {};
    std::optional<Override> begun = {};
    std::vector<Override> ended = {};     ///< Released, or replaced by the one that begins.
    std::vector<Override> in_files = {};  ///< What a release is about, but stands in a file.
    /// Regions that fell and waited for the release, each counted once a family.
    std::uint64_t let_back = 0;
    OverridePreview preview = {};
    /// Of the zones that are hit, this server not included where it is known which one it is. A
    /// few.
    std::vector<std::string> nameservers = {};
    std::uint64_t nameserver_count = 0;
    bool knows_itself = false;      ///< Whether this server is one of them.
    std::string save_problem = {};  ///< Why the next start will not know of it.
    friend bool operator==(const OverrideOutcome&, const OverrideOutcome&) = default;
};

/// Changes the book where the result is Done.
OverrideOutcome carry_out(const OverrideRequest& request, HealthBook& book, std::int64_t now);

}  // namespace meridian::server
