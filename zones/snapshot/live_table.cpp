// Says which regions and addresses of each service are up, and for how long caches may hold that.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/live_table.h"

#include <algorithm>

#include "meridian/assert.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

/// All addresses of the cell's region in the family, as in LiveChange.
std::uint64_t all_addresses(const Steering& steering, std::size_t cell, std::size_t family) {
    const ImageRef image = steering.region_images[cell][family];
    if (image == 0) { return 0; }
    const std::size_t count = steering.images.view(image).record_count;
    static_assert(kMaxRegionAddresses <= 64);
    return count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// A cell while its region is as its file has it.
LiveCell steady_cell(const RegionImages& images, const Region& region) {
    LiveCell steady;
    for (std::size_t family = 0; family < steady.standing.size(); ++family) {
        const Rung rung = region.is_drained ? Rung::Drained : Rung::Up;
        steady.standing[family] = FamilyStanding{images[family] != 0 ? rung : Rung::None};
    }
    // What is never answered has a state all the same, for those that depend on it.
    if (!region.has_answers() && region.is_part()) {
        steady.standing[0].rung = region.is_drained ? Rung::Drained : Rung::Up;
    }
    return steady;
}

}  // namespace

LiveTable::LiveTable(const Snapshot& snapshot) : steering_(snapshot.data().steering) {
    cells_.reserve(steering_->region_images.size());
    for (const ServedService& service : steering_->services) {  // in the order of their cells
        for (std::size_t i = 0; i < service.service->regions.size(); ++i) {
            cells_.push_back(steady_cell(service.images[i], *service.service->regions[i]));
        }
        if (service.service->last_resort != nullptr) { cells_.emplace_back(); }
    }
    MERIDIAN_ASSERT(cells_.size() == steering_->region_images.size());
}

std::shared_ptr<const LiveTable> LiveTable::with(std::span<const LiveChange> changes) const {
    auto changed = std::make_shared<LiveTable>(*this);
    for (const LiveChange& change : changes) {
        changed->set(change);
    }
    return changed;
}

bool LiveTable::belongs_to(const Snapshot& snapshot) const {
    return steering_ == snapshot.data().steering;
}

std::uint64_t LiveTable::up_addresses(std::uint32_t cell, std::size_t family) const {
    if (!cells_[cell].standing[family].is_part) { return all_addresses(*steering_, cell, family); }
    return std::ranges::lower_bound(parts_, key_of(cell, family), {}, &Part::key)->up;
}

void LiveTable::set(const LiveChange& change) {
    MERIDIAN_ASSERT(change.cell < cells_.size());
    LiveCell& cell = cells_[change.cell];
    cell.ttl_ceiling_seconds = change.ttl_ceiling_seconds;
    cell.deadline = change.deadline;
    for (std::size_t family = 0; family < cell.standing.size(); ++family) {
        const std::uint64_t all = all_addresses(*steering_, change.cell, family);
        const std::uint64_t up = change.up_addresses[family] & all;
        Rung rung = change.rungs[family];
        if (up == 0 && all != 0) { rung = std::max(rung, Rung::Down); }
        if (cell.standing[family].rung == Rung::None) { rung = Rung::None; }
        const bool is_part = rung < Rung::Down && up != all;
        cell.standing[family] =
            FamilyStanding{.rung = rung,
                           .is_part = is_part,
                           .in_panic = change.in_panic[family] && rung == Rung::Up,
                           .down_by = rung == Rung::Up ? DownBy::Itself : change.down_by[family]};
        set_part({key_of(change.cell, family), up}, is_part);
    }
}

void LiveTable::set_part(const Part& part, bool is_wanted) {
    const auto at = std::ranges::lower_bound(parts_, part.key, {}, &Part::key);
    const bool is_known = at != parts_.end() && at->key == part.key;
    if (is_known && is_wanted) { *at = part; }
    if (is_known && !is_wanted) { parts_.erase(at); }
    if (!is_known && is_wanted) { parts_.insert(at, part); }
}

}  // namespace meridian::zones
