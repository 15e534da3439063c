// Reads the geo database and notices when its files have changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"
#include "server/state/compiled_copies.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// Reads one MaxMind DB file, one for each family, or a single `.world` file. The error is in words
/// and names the path.
Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths);

/// The configured database over time. For the control thread.
class DatabaseSource {
public:
    explicit DatabaseSource(std::vector<std::string> paths);

    /// Reads the files if they differ from those last accepted, or takes their compiled copy from
    /// `copies`. Null if they do not differ.
    Result<std::shared_ptr<const geo::Atlas>, std::string> read_if_changed(
        CompiledCopies& copies, const StateDirectory& state);

    /// Notes that what was read last is in use now.
    void accept();
    /// Notes that what was read last is not used. `read_if_changed` returns the same outcome,
    /// without reading again, until the files change or `try_again` is called.
    void refuse() { read_ = accepted_; }
    /// Forgets how reading the files went.
    void try_again() { tried_.reset(); }

    /// Whether what was read last comes from the copies, so that it was served before.
    [[nodiscard]] bool is_copy() const { return read_.is_copy; }
    /// The hash of the files that were read last, if it was computed.
    [[nodiscard]] const std::optional<Digest>& key() const { return read_.key; }
    /// The hash of the files in use. None once they have changed, since a hash of the new files
    /// would not be that of the files that were read.
    std::optional<Digest> find_key();

private:
    struct Reading {
        std::vector<std::string> file_states;  ///< As `file_state_of` gives them.
        std::optional<Digest> key;
        bool is_copy = false;  ///< It was taken from the copies.
    };
    using Outcome = Result<std::shared_ptr<const geo::Atlas>, std::string>;
    struct Try {
        Reading reading;
        Outcome outcome;
    };
    Outcome read(Reading& reading, CompiledCopies& copies, const StateDirectory& state);

    std::vector<std::string> paths_;
    Reading read_;
    Reading accepted_;
    std::optional<Try> tried_;  // not in use yet, or refused
};

}  // namespace meridian::server
