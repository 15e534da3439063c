// Reads the geo database and notices when its files have changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/fingerprint.h"
#include "meridian/geo/atlas.h"
#include "meridian/result.h"
#include "server/sources/compiled_copies.h"
#include "server/sources/state_directory.h"

namespace meridian::server {

/// Reads MaxMind DB files, one or one per family, or a single `.world` file. The error is in words
/// and names the path.
Result<std::shared_ptr<const geo::Atlas>, std::string> read_database(
    const std::vector<std::string>& paths);

/// The configured database over time. For the control thread.
class DatabaseSource {
public:
    explicit DatabaseSource(std::vector<std::string> paths);

    /// Reads the files where they differ from those last accepted, or takes what `copies` has of
    /// them. Null: they do not differ.
    Result<std::shared_ptr<const geo::Atlas>, std::string> read_if_changed(
        CompiledCopies& copies, const StateDirectory& state);

    /// What was read last is in use now.
    void accept();
    /// It is not to be used. It comes back at each call, without being read again, until the files
    /// change or `try_again`.
    void refuse() { read_ = accepted_; }
    /// Forgets how reading the files went.
    void try_again() { tried_.reset(); }

    /// Whether what was read last was served before: it comes from the copies.
    [[nodiscard]] bool is_copy() const { return read_.is_copy; }
    /// The hash of the files that were read last, where there was a reason to know it.
    [[nodiscard]] const std::optional<Digest>& key() const { return read_.key; }
    /// That of the files in use. Nothing once they have changed: what would be hashed now is not
    /// what was read then.
    std::optional<Digest> find_key();

private:
    struct Reading {
        std::vector<std::string> stamps;  ///< As `stamp_of` gives them.
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
    std::optional<Try> tried_;  // what is not in use, yet or for a fault
};

}  // namespace meridian::server
