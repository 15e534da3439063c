// Turns names in other scripts into the form that the DNS carries.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meridian::zones {

/// "xn--mnchen-3ya.example" for "münchen.example" (IDNA 2008, RFC 5891 §5); labels that are plain
/// already stay as they are. None for what no label may hold. The only file that knows libidn2.
std::optional<std::string> to_a_labels(std::string_view name);

}  // namespace meridian::zones
