// Hands what is served to the readers, and frees what was served once no reader uses it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "meridian/zones/serving.h"
#include "server/runtime/answer_counts.h"

namespace meridian::server {

/// Hazard pointers, one slot a reader (Michael, IEEE TPDS 2004). A reader stores the value that it
/// is about to use into its slot and checks that it is still the current one: one store with a
/// fence, two loads, no lock and no shared count, once a batch. Epochs would save the fence, but a
/// worker that waits in `poll` would have to announce it, and the transport knows no publisher.
///
/// Any thread publishes and collects, one at a time; readers wait for none of them. Each Reader
/// belongs to one thread. Tests use the template with something lighter than a snapshot.
template <typename T>
class BasicPublisher {
public:
    static constexpr std::size_t kMaxReaders = 1024;  // threads: UDP workers and the one for TCP

    explicit BasicPublisher(std::shared_ptr<const T> first)
        : current_(first.get()), owner_(std::move(first)) {
        MERIDIAN_ASSERT(owner_ != nullptr);
    }
    BasicPublisher(const BasicPublisher&) = delete;
    BasicPublisher& operator=(const BasicPublisher&) = delete;
    /// Expects that no reader reads any more.
    ~BasicPublisher() = default;

    class Reader;

    /// A reader for one more thread; at most kMaxReaders. Call before that thread starts.
    Reader add_reader() {
        MERIDIAN_ASSERT(reader_count_ < kMaxReaders);
        return Reader(*this, slots_[reader_count_++]);
    }

    /// Makes what `make` makes of the current value what readers get from their next batch on;
    /// nothing changes where that is null. No other thread publishes meanwhile, so two that change
    /// different parts of the value do not undo each other's work. What is replaced is freed by a
    /// later `collect`.
    template <typename Make>
    void publish(Make make) {
        const std::scoped_lock lock(mutex_);
        std::shared_ptr<const T> next = make(*owner_);
        if (next == nullptr) { return; }
        current_.store(next.get(), std::memory_order_seq_cst);
        retired_.push_back(std::exchange(owner_, std::move(next)));
    }

    /// Frees what no reader uses; returns how many old ones are still in use.
    std::size_t collect() {
        std::vector<std::shared_ptr<const T>> unused;  // freed without the lock: that may take long
        const std::scoped_lock lock(mutex_);
        const auto first = std::partition(retired_.begin(), retired_.end(),
                                          [&](const auto& old) { return in_use(old.get()); });
        unused.assign(std::move_iterator(first), std::move_iterator(retired_.end()));
        retired_.erase(first, retired_.end());
        return retired_.size();
    }

    /// What readers get now.
    [[nodiscard]] std::shared_ptr<const T> current() const {
        const std::scoped_lock lock(mutex_);
        return owner_;
    }

private:
    struct alignas(64) Slot {  // a cache line each: neighbours do not disturb one another
        std::atomic<const T*> in_use = nullptr;
    };

    [[nodiscard]] bool in_use(const T* value) const {
        for (std::size_t i = 0; i < reader_count_; ++i) {
            if (slots_[i].in_use.load(std::memory_order_seq_cst) == value) { return true; }
        }
        return false;
    }

    std::atomic<const T*> current_;
    mutable std::mutex mutex_;  // of what follows
    std::shared_ptr<const T> owner_;
    std::vector<std::shared_ptr<const T>> retired_;
    std::array<Slot, kMaxReaders> slots_;
    std::size_t reader_count_ = 0;
};

/// Reads for one thread. The publisher outlives it.
template <typename T>
class BasicPublisher<T>::Reader {
public:
    /// The value, held from here to the end of the guard. One guard at a time.
    class Guard {
    public:
        explicit Guard(Reader& reader) : reader_(reader), value_(reader.hold()) {}
        ~Guard() { reader_.slot_->in_use.store(nullptr, std::memory_order_release); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        const T& operator*() const { return *value_; }
        const T* operator->() const { return value_; }

    private:
        Reader& reader_;
        const T* value_;
    };
    [[nodiscard]] Guard read() { return Guard(*this); }

private:
    friend class BasicPublisher;
    Reader(BasicPublisher& publisher, Slot& slot) : publisher_(&publisher), slot_(&slot) {}

    const T* hold() {
        const T* seen = publisher_->current_.load(std::memory_order_acquire);
        for (;;) {
            // Sequentially consistent on both sides: either this store is seen by `collect`, or the
            // load below sees what was published before it.
            slot_->in_use.store(seen, std::memory_order_seq_cst);
            const T* now = publisher_->current_.load(std::memory_order_seq_cst);
            if (now == seen) { return seen; }
            seen = now;
        }
    }

    BasicPublisher* publisher_;
    Slot* slot_;
};

/// What workers read, and where they count.
struct Served {
    zones::Serving serving;
    std::shared_ptr<AnswerCounts> counts;  ///< For the services of the snapshot.
};

using Publisher = BasicPublisher<Served>;

/// The first value of a publisher, for workers 0 to `worker_count` - 1.
std::shared_ptr<const Served> first_served(std::shared_ptr<const zones::Snapshot> snapshot,
                                           std::size_t worker_count,
                                           std::shared_ptr<AnswerTotals> totals);

/// Makes a live table for a snapshot. Called by one thread at a time.
using LiveMaker =
    std::function<std::shared_ptr<const zones::LiveTable>(const zones::Snapshot& snapshot)>;

/// Makes one in which all regions are up.
std::shared_ptr<const zones::LiveTable> all_up(const zones::Snapshot& snapshot);

/// Publishes a snapshot. Where it steers otherwise than the one before, `make_live` says what is
/// up.
void publish_snapshot(Publisher& publisher, std::shared_ptr<const zones::Snapshot> next,
                      const LiveMaker& make_live);

/// Publishes the live table that `change` makes for what is current, which is a Serving; none: it
/// stays.
template <typename Change>
void publish_live(Publisher& publisher, Change change) {
    publisher.publish([&change](const Served& now) -> std::shared_ptr<const Served> {
        std::shared_ptr<const zones::LiveTable> live = change(now.serving);
        if (live == nullptr) { return nullptr; }
        return std::make_shared<const Served>(
            Served{{now.serving.snapshot(), std::move(live)}, now.counts});
    });
}

}  // namespace meridian::server
