// Compiles zones, and links compiled zones and an atlas to a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/ranking.h"
#include "meridian/geo/route_map.h"
#include "meridian/limits.h"
#include "meridian/zones/compiled_zone.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// What a snapshot is made of besides its zones.
struct SnapshotInput {
    std::shared_ptr<const geo::Atlas> atlas;
    std::uint64_t generation = 0;
    /// What did not change is taken over from it, such as the route maps of policies; may be null.
    std::shared_ptr<const Snapshot> previous;
    /// Finds a saved route map of the policy over this atlas, before the compiler makes one. May be
    /// empty, and may return null.
    std::function<std::shared_ptr<const geo::RouteMap>(const geo::Policy&)> find_table;
    /// How much memory tables of single policies may take; others share (route_maps.h).
    std::size_t own_table_octets = kOwnTableOctets;
    /// How much all tables may take; policies beyond that are an error.
    std::size_t max_table_octets = kMaxTableOctets;
};

struct LinkInput : SnapshotInput {
    std::vector<std::shared_ptr<const CompiledZone>> zones;  ///< Distinct apexes.
};

struct CompileInput : SnapshotInput {
    std::vector<std::shared_ptr<const Zone>> zones;  ///< Distinct apexes.
    /// See Compiler; none: a random one.
    std::optional<std::uint64_t> hash_seed;
};

/// Compiles the zones of one server over time. The zones that it links are its own. For one thread.
class Compiler {
public:
    /// The seed of the hash of names is random, so that no attacker can choose colliding names.
    Compiler();
    /// With this seed, other than 0: benchmarks count the same in each run.
    explicit Compiler(std::uint64_t hash_seed);
    ~Compiler();
    Compiler(const Compiler&) = delete;
    Compiler& operator=(const Compiler&) = delete;

    /// Compiles a zone that passed `read_zone`. `zones_below` are the apexes of other zones of the
    /// server right below this one, sorted and in lower case: the zone depends on them, and on its
    /// own text, and on nothing else. Errors are RRsets whose image exceeds a message.
    Result<std::shared_ptr<const CompiledZone>, Diagnostics> compile(
        const Zone& zone, std::span<const dns::Name> zones_below);

    /// Links zones to a snapshot. Errors are two zones of one name, too many zones, and policies
    /// whose tables find no room.
    Result<std::shared_ptr<const Snapshot>, Diagnostics> link(const LinkInput& input);
    /// Links a snapshot whose zones are those of `edit` and otherwise those of `edit.previous`,
    /// which has zones of the same apexes and was linked by this compiler. It takes no longer for
    /// all those others than the copying of their pointers does. Errors are as above.
    Result<std::shared_ptr<const Snapshot>, Diagnostics> link_edit(const LinkInput& edit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// For each apex the apexes below it without another one in between, as Compiler::compile takes
/// them. `apexes` are in lower case; of equal ones the first one counts.
std::vector<std::vector<dns::Name>> zones_below(std::span<const dns::Name> apexes);

/// Compiles zones, and links them, all at once.
Result<std::shared_ptr<const Snapshot>, Diagnostics> compile(const CompileInput& input);

/// Warns of NS records whose TTL differs between a zone and the zone above it, which only all zones
/// together show. Such records are legal.
Diagnostics check_delegations(const Snapshot& snapshot);
/// The same of these zones of the snapshot, and of the zones right above and below them.
Diagnostics check_delegations(const Snapshot& snapshot,
                              std::span<const std::shared_ptr<const CompiledZone>> zones);

}  // namespace meridian::zones
