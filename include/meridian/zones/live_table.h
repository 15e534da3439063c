// Says which regions and addresses of each service are up, and for how long caches may hold that.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace meridian::zones {

class Snapshot;
struct Steering;  // zones/snapshot/steering.h

/// How much of a region is up in one family. A region without the family has None.
enum class Up : std::uint8_t { None, Some, All };

/// One region of one service, as it is now.
struct LiveCell {
    static constexpr std::uint16_t kNoCeiling = 0xffff;
    static constexpr std::uint32_t kNoDeadline = 0xffffffff;

    /// No cache holds an answer beyond this time (Unix seconds). Only beside a ceiling.
    std::uint32_t deadline = kNoDeadline;
    /// The TTL of an answer that took this region or walked past it is no longer than this.
    std::uint16_t ttl_ceiling_seconds = kNoCeiling;
    std::array<Up, 2> up{};  ///< By family.

    /// All of the region is up in the family, and caches may hold that for as long as usual.
    [[nodiscard]] bool is_steady(std::size_t family) const {
        return up[family] == Up::All && ttl_ceiling_seconds == kNoCeiling;
    }
    friend bool operator==(const LiveCell&, const LiveCell&) = default;
};

/// A new state of one region of one service.
struct LiveChange {
    std::uint32_t cell = 0;
    /// Which addresses are up, by family: bit i is the region's i-th address of that family. Bits
    /// beyond its addresses do not count.
    std::array<std::uint64_t, 2> up_addresses{~std::uint64_t{0}, ~std::uint64_t{0}};
    std::uint16_t ttl_ceiling_seconds = LiveCell::kNoCeiling;
    std::uint32_t deadline = LiveCell::kNoDeadline;
};

/// What changes without an edit: all services of a snapshot, a cell for each region of each
/// service. It belongs to the steering of a snapshot, which numbers the cells; snapshots with the
/// same steering share it. Immutable, replaced as a whole; any thread.
class LiveTable {
public:
    /// All regions are up.
    explicit LiveTable(const Snapshot& snapshot);

    /// What this table knows of the regions that `next` still has, with the same check; others are
    /// up.
    [[nodiscard]] std::shared_ptr<const LiveTable> carried_to(const Snapshot& next) const;
    /// A copy with other states. Expects cells of this table.
    [[nodiscard]] std::shared_ptr<const LiveTable> with(std::span<const LiveChange> changes) const;

    [[nodiscard]] bool belongs_to(const Snapshot& snapshot) const;
    [[nodiscard]] std::span<const LiveCell> cells() const { return cells_; }
    /// As in LiveChange, for any cell.
    [[nodiscard]] std::uint64_t up_addresses(std::uint32_t cell, std::size_t family) const;

private:
    /// A region of which some addresses of a family are up.
    struct Part {
        std::uint64_t key = 0;
        std::uint64_t up = 0;  ///< As in LiveChange.
    };
    static std::uint64_t key_of(std::uint32_t cell, std::size_t family) {
        return std::uint64_t{cell} << 1 | family;
    }

    [[nodiscard]] LiveChange state_of(std::uint32_t cell) const;
    void set(const LiveChange& change);
    void set_part(const Part& part, bool is_wanted);

    std::shared_ptr<const Steering> steering_;
    std::vector<LiveCell> cells_;
    std::vector<Part> parts_;  // few, sorted by their keys
};

}  // namespace meridian::zones
