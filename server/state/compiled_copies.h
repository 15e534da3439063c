// Saves the compiled database and the tables of policies for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/digest.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/copies/copy_source.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "meridian/zones/snapshot.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// The state directory has one atlas, in the file `atlas`, and a table in a file `routes-KEY` for
/// each policy in use, up to kMaxSavedTables. Files that are no longer in use are deleted. The key
/// of an atlas is a hash of its database's files. The key of a table is a hash of the atlas's key
/// and of what its policy ranks by. For one thread at a time.
class CompiledCopies {
public:
    /// Tables over an atlas with fewer leaves are not saved: compiling them takes no noticeable
    /// time. The atlas itself is saved, for a start with a faulty database.
    explicit CompiledCopies(std::uint64_t least_leaves = kLeastSavedLeaves)
        : least_leaves_(least_leaves) {}

    /// Whether there is an atlas at all. If not, the caller need not compute its key. One that
    /// cannot be read counts: `find_atlas` warns of it.
    [[nodiscard]] static bool has_atlas(const StateDirectory& state);

    /// The atlas of the database at `paths` whose files have that key; without a key, the one that
    /// was used last. Null if there is none.
    std::shared_ptr<const geo::Atlas> find_atlas(const StateDirectory& state,
                                                 const std::optional<Digest>& key,
                                                 const std::vector<std::string>& paths);
    /// The table of a policy over the atlas with that key. Null if there is none.
    std::shared_ptr<const geo::RouteMap> find_table(const StateDirectory& state,
                                                    const Digest& atlas_key,
                                                    const geo::Policy& policy);
    /// Since the last call: the files that were found and could not be used, in words.
    std::vector<std::string> take_warnings();
    /// The copies that were used so far, for the log: "atlas, 1 table", "none".
    [[nodiscard]] std::string used_text() const;

    /// Writes what `snapshot` uses and deletes other tables. Without a key (the files of the atlas
    /// have changed) the directory stays as it is. The error is in words.
    [[nodiscard]] Result<Unit, std::string> save(const StateDirectory& state,
                                                 const std::optional<Digest>& atlas_key,
                                                 const zones::Snapshot& snapshot);
    /// The directory has lost its files, so the next `save` writes all of them.
    void save_again() {
        atlas_key_.reset();
        good_tables_.clear();
    }

private:
    using TablesByFile = std::map<std::string, zones::ServedRouteMap>;
    std::optional<FileReader> open(const StateDirectory& state, std::string_view name);
    void warn(const StateDirectory& state, std::string_view name, const geo::CopyFailure& failure);
    void remove_unwanted(const StateDirectory& state, const TablesByFile& wanted);
    static Result<Unit, std::string> save_file(const StateDirectory& state, const std::string& name,
                                               const std::vector<std::uint8_t>& octets);

    std::uint64_t least_leaves_;
    std::optional<Digest> atlas_key_;    // of the file that is there and good
    std::set<std::string> good_tables_;  // names of files
    std::size_t atlases_used_ = 0;
    std::size_t tables_used_ = 0;
    std::vector<std::string> warnings_;
};

}  // namespace meridian::server
