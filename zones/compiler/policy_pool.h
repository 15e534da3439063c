// Makes equal services, policies and regions of many zones one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meridian/zones/model/zone.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {

/// Regions, policies and services are the same where no answer, no explanation and no check can
/// differ.
bool is_same(const Health& left, const Health& right);
bool is_same(const Region& left, const Region& right);
bool is_same(const SteeringPolicy& left, const SteeringPolicy& right);
bool is_same(const SteeringService& left, const SteeringService& right);
std::size_t hash_of(const Health& health);
std::size_t hash_of(const Region& region);
std::size_t hash_of(const SteeringPolicy& policy);
std::size_t hash_of(const SteeringService& service);

/// Values of one type that are in use, each once. For one thread.
template <typename T>
class Pool {
public:
    /// The value in the pool that is the same as this one; adds it if there is none.
    std::shared_ptr<const T> share(T value) {
        const std::size_t hash = hash_of(value);
        const auto [begin, end] = values_.equal_range(hash);
        for (auto each = begin; each != end; ++each) {
            auto known = each->second.lock();
            if (known != nullptr && is_same(*known, value)) { return known; }
        }
        auto added = std::make_shared<const T>(std::move(value));
        values_.emplace(hash, added);
        return added;
    }
    /// Forgets values that are not in use any more.
    void tidy() {
        std::erase_if(values_, [](const auto& each) { return each.second.expired(); });
        tidy_beyond_ = 2 * values_.size() + kLeastToTidy;
    }
    /// The same once they may be half of all, so that it costs an edit little.
    void tidy_if_many() {
        if (values_.size() > tidy_beyond_) { tidy(); }
    }

private:
    static constexpr std::size_t kLeastToTidy = 64;

    std::size_t tidy_beyond_ = kLeastToTidy;
    std::unordered_multimap<std::size_t, std::weak_ptr<const T>> values_;
};

/// Of all zones that were compiled for one server.
class PolicyPool {
public:
    std::shared_ptr<const Region> share(const Region& region) { return regions_.share(region); }
    /// A policy of the zone.
    std::shared_ptr<const SteeringPolicy> share(const Zone& zone, const Policy& policy);
    /// A service of the zone. Expects its policy and what it depends on, shared.
    std::shared_ptr<const SteeringService> share(
        const Zone& zone, const Service& service, std::shared_ptr<const SteeringPolicy> policy,
        std::vector<std::shared_ptr<const SteeringService>> depends);
    /// Forgets what no zone uses any more.
    void tidy() {
        healths_.tidy();
        regions_.tidy();
        policies_.tidy();
        services_.tidy();
    }
    void tidy_if_many() {
        healths_.tidy_if_many();
        regions_.tidy_if_many();
        policies_.tidy_if_many();
        services_.tidy_if_many();
    }

private:
    Pool<Health> healths_;
    Pool<Region> regions_;
    Pool<SteeringPolicy> policies_;
    Pool<SteeringService> services_;
};

}  // namespace meridian::zones
