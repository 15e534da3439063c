// Reads the file of overrides: drains and forces that several servers get from one repository.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// Reads the text of the file called `file`. On failure it returns what is wrong, with positions.
Result<std::vector<Override>, zones::Diagnostics> read_overrides(const std::string& file,
                                                                 std::string_view text);
/// The same from the file itself.
Result<std::vector<Override>, zones::Diagnostics> load_overrides(const std::string& file);

/// The lines that make an override of the file, as `drain --print` shows them.
std::string stanza_of(const Override& entry);

/// The file as it is used by a running server. For the control thread.
class OverridesSource {
public:
    /// Whether the file is another, or has changed, since it was read last.
    [[nodiscard]] bool has_changed(const std::string& file) const;
    /// Reads it again; none where nothing changes: it is as before, or has errors, which then
    /// stand in `errors`. Without a file there are no overrides.
    std::optional<std::vector<Override>> read_if_changed(const std::string& file);
    [[nodiscard]] const zones::Diagnostics& errors() const { return errors_; }

private:
    std::string file_;
    std::string file_state_;
    zones::Diagnostics errors_;
};

}  // namespace meridian::server
