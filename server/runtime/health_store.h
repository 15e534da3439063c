// Saves what is known of health in the state directory, and reads it at the next start.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "meridian/result.h"
#include "server/health/overrides.h"
#include "server/health/saved_verdict.h"
#include "server/runtime/log.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// Nothing is saved, and that is no error, where there is no state directory.
Result<Unit, std::string> save_verdicts(const StateDirectory& state,
                                        const std::vector<SavedVerdict>& verdicts);
/// What an earlier run knew of the health of addresses. What cannot be read costs a line of the
/// log.
std::vector<SavedVerdict> saved_verdicts(const StateDirectory& state, Log& log);

/// An operator relies on it, so to have no state directory is an error.
Result<Unit, std::string> save_overrides(const StateDirectory& state,
                                         const std::vector<Override>& overrides);
/// What operators set by hand in an earlier run. Where it cannot be read, `loss` says why.
std::vector<Override> saved_overrides(const StateDirectory& state, Log& log, std::string& loss);

}  // namespace meridian::server
