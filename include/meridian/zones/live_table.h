// Says which regions and addresses of each service are up, and for how long caches may hold that.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace meridian::zones {

class Snapshot;
struct Steering;  // zones/snapshot/steering.h

/// Where a region stands on the answer ladder (DESIGN 2, rule 8), best first: of the regions of a
/// client's ranking, the first one on the best rung that has any answers.
enum class Rung : std::uint8_t {
    Up,
    Latched,       ///< Its checks pass, but it fell and waits for `meridian release`.
    BelowMinimum,  ///< Some of its addresses are up, a smaller share than `min_up`.
    Drained,       ///< Taken out by hand or in its file; its checks pass.
    LacksOther,    ///< Its own checks pass, but what it depends on is down there. From here on a
                   ///< region answers as if it were up, unless there is a last resort.
    Down,          ///< A stale address is better than none, and the checks may be what is wrong.
    DrainedDown,   ///< The same for a region that is drained besides,
    DownByHand,    ///< or that was forced down.
    None,          ///< It lacks the family, and never answers.
};

/// What takes a region down in a family.
enum class DownBy : std::uint8_t {
    Itself,       ///< Its own checks, or an operator.
    Dependency,   ///< A service that its service depends on is down there, or waits for a release.
    OtherFamily,  ///< The other family is, and both leave the region together.
};

/// One family of a region: its rung, and how it came to stand there.
struct FamilyStanding {
    Rung rung : 4 = Rung::None;
    bool is_part : 1 = false;  ///< Some of its addresses alone stand there.
    /// It is down or below its minimum, and counts as up, since so few regions are (`min_regions`).
    bool in_panic : 1 = false;
    DownBy down_by : 2 = DownBy::Itself;
    friend bool operator==(const FamilyStanding&, const FamilyStanding&) = default;
};

/// One region of one service, as it is now.
struct LiveCell {
    static constexpr std::uint16_t kNoCeiling = 0xffff;
    static constexpr std::uint32_t kNoDeadline = 0xffffffff;

    /// No cache holds an answer beyond this time (Unix seconds). Only beside a ceiling.
    std::uint32_t deadline = kNoDeadline;
    /// The TTL of an answer that took this region or walked past it is no longer than this.
    std::uint16_t ttl_ceiling_seconds = kNoCeiling;
    std::array<FamilyStanding, 2> standing{};  ///< By family.

    /// All of the region is up in the family, and caches may hold that for as long as usual.
    [[nodiscard]] bool is_steady(std::size_t family) const {
        static_assert(sizeof(FamilyStanding) == 1 && Rung{} == Rung::Up &&
                      DownBy{} == DownBy::Itself);
        const auto standing_bits = std::bit_cast<std::uint8_t>(standing[family]);
        return standing_bits == 0 && ttl_ceiling_seconds == kNoCeiling;
    }
    friend bool operator==(const LiveCell&, const LiveCell&) = default;
};

/// A new state of one region of one service.
struct LiveChange {
    std::uint32_t cell = 0;
    /// Which addresses are up, by family: bit i is the region's i-th address of that family. Bits
    /// beyond its addresses do not count.
    std::array<std::uint64_t, 2> up_addresses{~std::uint64_t{0}, ~std::uint64_t{0}};
    /// By family. A region of which no address is up is Down where this is a better rung.
    std::array<Rung, 2> rungs{Rung::Up, Rung::Up};
    std::array<bool, 2> in_panic{};  ///< As in FamilyStanding, likewise.
    std::array<DownBy, 2> down_by{};
    std::uint16_t ttl_ceiling_seconds = LiveCell::kNoCeiling;
    std::uint32_t deadline = LiveCell::kNoDeadline;
};

/// What changes without an edit: all services of a snapshot, a cell for each region of each
/// service, and one for its last resort, which stands on no rung. It belongs to the steering of a
/// snapshot, which numbers the cells; snapshots with the same steering share it. Immutable,
/// replaced as a whole; any thread.
class LiveTable {
public:
    /// All regions are up, but for those that are drained in their files.
    explicit LiveTable(const Snapshot& snapshot);

    /// A copy with other states. Expects cells of this table.
    [[nodiscard]] std::shared_ptr<const LiveTable> with(std::span<const LiveChange> changes) const;

    [[nodiscard]] bool belongs_to(const Snapshot& snapshot) const;
    [[nodiscard]] std::span<const LiveCell> cells() const { return cells_; }
    /// As in LiveChange, for any cell: those that stand on its rung. Where a region is down these
    /// are all, since that is what it would answer.
    [[nodiscard]] std::uint64_t up_addresses(std::uint32_t cell, std::size_t family) const;

private:
    /// A region of which only some addresses of a family stand on its rung.
    struct Part {
        std::uint64_t key = 0;
        std::uint64_t up = 0;  ///< As in LiveChange.
    };
    static std::uint64_t key_of(std::uint32_t cell, std::size_t family) {
        return std::uint64_t{cell} << 1 | family;
    }

    void set(const LiveChange& change);
    void set_part(const Part& part, bool is_wanted);

    std::shared_ptr<const Steering> steering_;
    std::vector<LiveCell> cells_;
    std::vector<Part> parts_;  // few, sorted by their keys
};

}  // namespace meridian::zones
