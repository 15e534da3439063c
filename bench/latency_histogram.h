// Counts latencies in logarithmic buckets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace meridian::bench {

/// Sixteen buckets per doubling, so a percentile is at most 6 % off.
class LatencyHistogram {
public:
    void add(std::uint64_t nanoseconds) {
        ++buckets_[bucket_of(nanoseconds)];
        ++count_;
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// The latency in nanoseconds below which `share` (0-1) of all values stay; 0 when there is
    /// none.
    [[nodiscard]] std::uint64_t percentile(double share) const {
        const double wanted = share * static_cast<double>(count_);
        double seen = 0;
        for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
            seen += static_cast<double>(buckets_[bucket]);
            if (seen >= wanted && seen > 0) { return upper_edge(bucket); }
        }
        return 0;
    }

private:
    static constexpr unsigned kStepBits = 4;
    static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;

    static std::size_t bucket_of(std::uint64_t value) {
        if (value < kSteps) { return value; }
        const unsigned doublings = static_cast<unsigned>(std::bit_width(value)) - kStepBits - 1;
        return (doublings + 1) * kSteps + ((value >> doublings) & (kSteps - 1));
    }
    static std::uint64_t upper_edge(std::size_t bucket) {
        if (bucket < kSteps) { return bucket; }
        const std::size_t doublings = bucket / kSteps - 1;
        return ((kSteps + bucket % kSteps + 1) << doublings) - 1;
    }

    std::array<std::uint64_t, (65 - kStepBits) * kSteps> buckets_{};
    std::uint64_t count_ = 0;
};

}  // namespace meridian::bench
