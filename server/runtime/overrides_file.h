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
#include "server/state/state_directory.h"

namespace meridian::server {

/// Reads the text of the file called `file`. On failure it returns what is wrong, with positions.
Result<std::vector<Override>, zones::Diagnostics> read_overrides(const std::string& file,
                                                                 std::string_view text);
/// The same from the file itself.
Result<std::vector<Override>, zones::Diagnostics> load_overrides(const std::string& file);

/// The lines that make an override of the file, as `drain --print` shows them.
std::string stanza_of(const Override& entry);

/// A version of the file that could be used.
struct SavedOverridesFile {
    std::string file = {};  ///< Its path; empty: none is named.
    std::string text = {};
};

/// The file as it is used by a running server. For the control thread.
class OverridesSource {
public:
    /// Whether the file is another, or has changed, since it was read last.
    [[nodiscard]] bool has_changed(const std::string& file) const;
    /// Reads it again; none where nothing changes: it is as before, or has errors, which then
    /// stand in `errors`. A file that is gone has one, and so has one that has become empty, which
    /// is how a disk that was full leaves it. With errors at a start, what an earlier process
    /// read last holds. Where no file is named there are no overrides.
    std::optional<std::vector<Override>> read_if_changed(const std::string& file);
    [[nodiscard]] const zones::Diagnostics& errors() const { return errors_; }
    /// The file has errors since the start, and what an earlier process read last is not known: it
    /// holds nothing.
    [[nodiscard]] bool is_unknown() const { return is_unknown_; }

    /// What an earlier process read last. Before the first reading. Returns in words why that is
    /// lost; empty where it is there, or there was none.
    [[nodiscard]] std::string restore(const StateDirectory& state);
    /// Saves what was read last, where that is new, or the directory is. The error is in words.
    Result<Unit, std::string> save(const StateDirectory& state, bool is_anew);

private:
    Result<std::vector<Override>, zones::Diagnostics> read(const std::string& file);
    void use(SavedOverridesFile good);
    static std::size_t count_in(const SavedOverridesFile& saved);

    std::string file_;
    std::string file_state_;
    zones::Diagnostics errors_;
    SavedOverridesFile good_;
    bool is_in_use_ = false;   // by this process
    bool is_unsaved_ = false;  // `good_`
    bool is_unknown_ = false;
};

}  // namespace meridian::server
