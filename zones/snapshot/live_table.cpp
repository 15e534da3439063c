// Says which regions and addresses of each service are up, and for how long caches may hold that.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/live_table.h"

#include <algorithm>
#include <map>
#include <utility>

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

/// A cell while nothing is wrong with its region.
LiveCell steady_cell(const Steering& steering, std::size_t cell) {
    LiveCell steady;
    for (std::size_t family = 0; family < steady.up.size(); ++family) {
        const bool has_family = steering.region_images[cell][family] != 0;
        steady.up[family] = has_family ? Up::All : Up::None;
    }
    return steady;
}

}  // namespace

LiveTable::LiveTable(const Snapshot& snapshot) : steering_(snapshot.data().steering) {
    cells_.reserve(steering_->region_images.size());
    while (cells_.size() < steering_->region_images.size()) {
        cells_.push_back(steady_cell(*steering_, cells_.size()));
    }
}

std::shared_ptr<const LiveTable> LiveTable::carried_to(const Snapshot& next) const {
    // What one check says of a region's addresses is not what another one says of them.
    using Checked = std::pair<const Region*, const Health*>;
    std::map<Checked, LiveChange> known;
    for (const ServedService& service : steering_->services) {
        for (std::uint32_t cell = service.first_cell; cell < service.end_cell(); ++cell) {
            if (cells_[cell] != steady_cell(*steering_, cell)) {
                const Checked checked{&service.region_of(cell), service.service->health.get()};
                known.try_emplace(checked, state_of(cell));
            }
        }
    }
    auto carried = std::make_shared<LiveTable>(next);
    if (known.empty()) { return carried; }
    for (const ServedService& service : carried->steering_->services) {
        for (std::uint32_t cell = service.first_cell; cell < service.end_cell(); ++cell) {
            const auto state =
                known.find({&service.region_of(cell), service.service->health.get()});
            if (state == known.end()) { continue; }
            state->second.cell = cell;
            carried->set(state->second);
        }
    }
    return carried;
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
    switch (cells_[cell].up[family]) {
        case Up::None:
            return 0;
        case Up::Some:
            return std::ranges::lower_bound(parts_, key_of(cell, family), {}, &Part::key)->up;
        case Up::All:
            break;
    }
    return all_addresses(*steering_, cell, family);
}

LiveChange LiveTable::state_of(std::uint32_t cell) const {
    return {.cell = cell,
            .up_addresses = {up_addresses(cell, 0), up_addresses(cell, 1)},
            .ttl_ceiling_seconds = cells_[cell].ttl_ceiling_seconds,
            .deadline = cells_[cell].deadline};
}

void LiveTable::set(const LiveChange& change) {
    MERIDIAN_ASSERT(change.cell < cells_.size());
    LiveCell& cell = cells_[change.cell];
    cell.ttl_ceiling_seconds = change.ttl_ceiling_seconds;
    cell.deadline = change.deadline;
    for (std::size_t family = 0; family < cell.up.size(); ++family) {
        const std::uint64_t all = all_addresses(*steering_, change.cell, family);
        const std::uint64_t up = change.up_addresses[family] & all;
        cell.up[family] = up == 0 ? Up::None : up == all ? Up::All : Up::Some;
        set_part({key_of(change.cell, family), up}, cell.up[family] == Up::Some);
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
