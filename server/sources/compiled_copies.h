// Keeps the compiled database and the tables of policies for the next start.
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

#include "meridian/fingerprint.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/copy_source.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "meridian/zones/snapshot.h"
#include "server/sources/state_directory.h"

namespace meridian::server {

/// In the state directory there is one atlas, in the file `atlas`, and for each policy in use, up
/// to kMaxKeptTables, a table in a file `routes-KEY`; what is no longer in use goes. An atlas has a
/// hash of its database's files as its key, a table one of that and of what its policy ranks by.
/// For one thread at a time.
class CompiledCopies {
public:
    /// Tables over an atlas with fewer leaves are not kept: they are made faster than anybody would
    /// notice. The atlas itself is, for a start that finds a bad database.
    explicit CompiledCopies(std::uint64_t least_leaves = kLeastKeptLeaves)
        : least_leaves_(least_leaves) {}

    /// Whether there is an atlas at all: if not, its key need not be known.
    [[nodiscard]] static bool has_atlas(const StateDirectory& state);

    /// The atlas of the database at `paths` whose files have that key, without one that which was
    /// used last; null when it is not there.
    std::shared_ptr<const geo::Atlas> find_atlas(const StateDirectory& state,
                                                 const std::optional<Digest>& key,
                                                 const std::vector<std::string>& paths);
    /// The table of a policy over the atlas with that key; null when it is not there.
    std::shared_ptr<const geo::RouteMap> find_table(const StateDirectory& state,
                                                    const Digest& atlas_key,
                                                    const geo::Policy& policy);
    /// What was found and could not be used, in words, since it was asked last.
    std::vector<std::string> take_warnings();
    /// What was found and could be used so far, for the log: "atlas, 1 table", "none".
    [[nodiscard]] std::string used_text() const;

    /// Makes the directory hold what `snapshot` uses and no other tables. Without a key, that of an
    /// atlas whose files have changed, it stays as it is. The error is in words.
    [[nodiscard]] Result<Unit, std::string> save(const StateDirectory& state,
                                                 const std::optional<Digest>& atlas_key,
                                                 const zones::Snapshot& snapshot);
    /// The directory has lost what was kept: the next `save` keeps it all.
    void keep_again() {
        atlas_key_.reset();
        good_tables_.clear();
    }

private:
    using TablesByFile = std::map<std::string, zones::SteeringTable>;
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
