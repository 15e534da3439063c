// Shows what an edit changes, line by line, in the form that `patch` reads.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace meridian::server {

/// A unified difference with three lines around each change, under the name `file`; empty when
/// nothing changes. Texts that differ in many lines are shown as one change, which is still right.
std::string line_difference(const std::string& file, std::string_view before,
                            std::string_view after);

}  // namespace meridian::server
