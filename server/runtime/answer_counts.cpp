// Counts answers by the region that was chosen, on each worker.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/answer_counts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "meridian/assert.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {

AnswersByRegion busiest(const AnswersByRegion& answers, std::size_t count) {
    if (answers.size() <= count) { return answers; }
    std::vector<AnswersByRegion::const_iterator> order;
    for (auto each = answers.begin(); each != answers.end(); ++each) {
        order.push_back(each);
    }
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [](const auto& each) { return each->second; });
    AnswersByRegion chosen;
    for (const auto& each : std::span(order).first(count)) {
        chosen.insert(*each);
    }
    return chosen;
}

AnswersByRegion AnswerTotals::read() const {
    const std::scoped_lock lock(mutex_);
    AnswersByRegion sums = ended_;
    for (const AnswerCounts* counts : running_) {
        counts->add_to(sums);
    }
    return sums;
}

AnswerCounts::AnswerCounts(const zones::Snapshot& snapshot, std::size_t worker_count,
                           std::shared_ptr<AnswerTotals> totals)
    : totals_(std::move(totals)) {
    for (const zones::ServiceInfo& service : snapshot.services()) {
        MERIDIAN_ASSERT(service.first_cell == regions_.size());
        for (const auto& region : service.regions) {
            regions_.push_back({service.name, region->name, region->file});
        }
        if (service.last_resort == nullptr) { continue; }
        regions_.push_back({service.name, service.last_resort->name, service.last_resort->file});
    }
    workers_.reserve(worker_count);
    for (std::size_t worker = 0; worker < worker_count; ++worker) {
        workers_.emplace_back(regions_.size());
    }
    const std::scoped_lock lock(totals_->mutex_);
    totals_->running_.push_back(this);
}

AnswerCounts::~AnswerCounts() {
    const std::scoped_lock lock(totals_->mutex_);
    add_to(totals_->ended_);
    std::erase(totals_->running_, this);
}

void AnswerCounts::count(std::size_t worker, std::span<const dns::Request> batch) {
    MERIDIAN_ASSERT(worker < workers_.size());
    for (const dns::Request& request : batch) {
        const bool has_region =
            request.reply_octets != 0 && request.outcome.region != dns::Outcome::kNoRegion;
        if (!has_region) { continue; }
        Cell& cell = workers_[worker][request.outcome.region];
        // No other thread writes, so this needs no locked instruction.
        cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
}

void AnswerCounts::add_to(AnswersByRegion& sums) const {
    for (std::size_t cell = 0; cell < regions_.size(); ++cell) {
        std::uint64_t& sum = sums[regions_[cell]];
        for (const auto& worker : workers_) {
            sum += worker[cell].load(std::memory_order_relaxed);
        }
    }
}

}  // namespace meridian::server
