// Loads the files of a directory on all cores, and hands them over one by one.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/loads_in_order.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "meridian/limits.h"

namespace meridian::server {

namespace {

constexpr std::size_t kPieceFiles = 32;  // loading them takes longer than handing them over
constexpr std::size_t kPiecesAhead = 4;  // for each thread
constexpr std::size_t kFewFiles = 4 * kPieceFiles;  // no thread is worth its start

/// The numbers, piece by piece. Each piece is claimed by the thread that loads it.
class Pieces {
public:
    Pieces(std::size_t count, std::size_t thread_count,
           const std::function<ZoneLoading(std::size_t)>& load)
        : count_(count), load_(load), slots_(kPiecesAhead * (thread_count + 1)) {}
    Pieces(const Pieces&) = delete;
    Pieces& operator=(const Pieces&) = delete;
    ~Pieces() {
        {
            const std::scoped_lock lock(mutex_);
            claimed_ = piece_count();  // nothing is left to claim
        }
        changed_.notify_all();
        for (std::thread& thread : threads_) {
            thread.join();
        }
    }

    void start(std::size_t thread_count) {
        try {
            while (threads_.size() < thread_count) {
                threads_.emplace_back([this] { work(); });
            }
        } catch (const std::system_error&) {
            return;  // the others do it
        }
    }
    [[nodiscard]] std::size_t piece_count() const {
        return (count_ + kPieceFiles - 1) / kPieceFiles;
    }
    /// What came of the piece. Expects each in turn.
    std::vector<ZoneLoading> next(std::size_t piece) {
        std::unique_lock lock(mutex_);
        Slot& slot = slots_[piece % slots_.size()];
        while (!slot.is_done && can_claim()) {  // another thread loads it, so this one goes ahead
            load_claimed(lock);
        }
        changed_.wait(lock, [&] { return slot.is_done; });
        Slot done = std::exchange(slot, {});
        taken_ = piece + 1;
        lock.unlock();
        changed_.notify_all();
        if (done.failure) { std::rethrow_exception(done.failure); }
        return std::move(done.loadings);
    }

private:
    struct Slot {
        std::vector<ZoneLoading> loadings;
        std::exception_ptr failure;
        bool is_done = false;
    };

    [[nodiscard]] bool are_all_claimed() const { return claimed_ == piece_count(); }
    [[nodiscard]] bool can_claim() const {
        return !are_all_claimed() && claimed_ < taken_ + slots_.size();
    }
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return are_all_claimed() || can_claim(); });
            if (are_all_claimed()) { return; }
            load_claimed(lock);
        }
    }
    void load_claimed(std::unique_lock<std::mutex>& lock) {
        const std::size_t piece = claimed_++;
        lock.unlock();
        Slot done = load_piece(piece);
        lock.lock();
        slots_[piece % slots_.size()] = std::move(done);
        changed_.notify_all();
    }
    [[nodiscard]] Slot load_piece(std::size_t piece) const {
        Slot slot;
        slot.is_done = true;
        try {
            const std::size_t end = std::min(count_, (piece + 1) * kPieceFiles);
            for (std::size_t i = piece * kPieceFiles; i < end; ++i) {
                slot.loadings.push_back(load_(i));
            }
        } catch (...) { slot.failure = std::current_exception(); }
        return slot;
    }

    const std::size_t count_;
    const std::function<ZoneLoading(std::size_t)>& load_;
    std::mutex mutex_;  // of all below but the threads
    std::condition_variable changed_;
    std::vector<Slot> slots_;  // of the pieces from `taken_` on, in a ring
    std::size_t claimed_ = 0;  // pieces
    std::size_t taken_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace

void load_in_order(std::size_t count, std::size_t thread_count,
                   const std::function<ZoneLoading(std::size_t)>& load,
                   const std::function<void(std::size_t, ZoneLoading)>& take) {
    const std::size_t others = count > kFewFiles ? thread_count : 0;
    Pieces pieces(count, others, load);
    pieces.start(others);
    std::size_t number = 0;
    for (std::size_t piece = 0; piece < pieces.piece_count(); ++piece) {
        for (ZoneLoading& loading : pieces.next(piece)) {
            take(number++, std::move(loading));
        }
    }
}

std::size_t load_thread_count() {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    return std::min(cores - 1, kMaxLoadThreads);
}

}  // namespace meridian::server
