// Hands each new snapshot to the readers and frees the old one once nobody reads it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "meridian/zones/snapshot.h"

namespace meridian::server {

/// Hazard pointers, one slot a reader (Michael, IEEE TPDS 2004). A reader stores the snapshot that
/// it is about to use into its slot and checks that it is still the current one: one store with a
/// fence, two loads, no lock, no count shared with others, once a batch. Epochs would save the
/// fence, but a worker parked in `poll` would have to say so, and the transport knows of none of
/// this.
///
/// One thread publishes and collects; each Reader belongs to one thread. Tests use the template
/// with something lighter than a snapshot.
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

    /// Makes `next` what readers get from their next batch on. What it replaces is freed by a later
    /// `collect`.
    void publish(std::shared_ptr<const T> next) {
        MERIDIAN_ASSERT(next != nullptr);
        current_.store(next.get(), std::memory_order_seq_cst);
        retired_.push_back(std::exchange(owner_, std::move(next)));
    }

    /// Frees what no reader uses; tells how many old ones are still in use.
    std::size_t collect() {
        std::erase_if(retired_, [&](const auto& old) { return !in_use(old.get()); });
        return retired_.size();
    }

    /// What readers get now. For the publishing thread.
    [[nodiscard]] const std::shared_ptr<const T>& current() const { return owner_; }

private:
    struct alignas(64) Slot {  // a cache line each: neighbours do not disturb one another
        std::atomic<const T*> in_use = nullptr;
    };

    [[nodiscard]] bool in_use(const T* snapshot) const {
        for (std::size_t i = 0; i < reader_count_; ++i) {
            if (slots_[i].in_use.load(std::memory_order_seq_cst) == snapshot) { return true; }
        }
        return false;
    }

    std::atomic<const T*> current_;
    std::shared_ptr<const T> owner_;
    std::vector<std::shared_ptr<const T>> retired_;
    std::array<Slot, kMaxReaders> slots_;
    std::size_t reader_count_ = 0;
};

/// Reads for one thread. The publisher outlives it.
template <typename T>
class BasicPublisher<T>::Reader {
public:
    /// The snapshot, held from here to the end of the guard. One guard at a time.
    class Guard {
    public:
        explicit Guard(Reader& reader) : reader_(reader), snapshot_(reader.hold()) {}
        ~Guard() { reader_.slot_->in_use.store(nullptr, std::memory_order_release); }
        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        const T& operator*() const { return *snapshot_; }
        const T* operator->() const { return snapshot_; }

    private:
        Reader& reader_;
        const T* snapshot_;
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

using Publisher = BasicPublisher<zones::Snapshot>;

}  // namespace meridian::server
