// Appends changes to the journal in the state directory, on a thread of its own.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "meridian/limits.h"
#include "server/journal/journal_segments.h"
#include "server/journal/journal_state.h"

namespace meridian::server {
namespace {

constexpr std::chrono::seconds kTryAgainAfter{5};

}  // namespace

struct Journal::State {
    State(const Clock& its_clock, NoteProblem its_note)
        : clock(its_clock), note_problem(std::move(its_note)) {}

    void add(JournalEntry entry) {
        if (entry.at == 0) { entry.at = now(); }
        const std::scoped_lock lock(mutex);
        known.apply(entry);
        waiting.push_back(std::move(entry));
        if (waiting.size() <= kMaxJournalWaiting) { return; }
        waiting.pop_front();
        ++lost_count;
    }

    /// The lines that wait, and the state behind them.
    struct Batch {
        std::vector<JournalEntry> entries;
        JournalState state;
    };

    Batch take() {
        Batch batch;
        if (lost_count > 0) {
            batch.entries.push_back(
                {.kind = JournalKind::Lost, .at = now(), .state = std::to_string(lost_count)});
        }
        batch.entries.insert(batch.entries.end(), std::make_move_iterator(waiting.begin()),
                             std::make_move_iterator(waiting.end()));
        batch.state = known;
        waiting.clear();
        lost_count = 0;
        return batch;
    }

    /// They come before those that were noted meanwhile.
    void give_back(Batch batch) {
        const std::scoped_lock lock(mutex);
        for (auto entry = batch.entries.rbegin(); entry != batch.entries.rend(); ++entry) {
            if (waiting.size() < kMaxJournalWaiting) {
                waiting.push_front(std::move(*entry));
            } else {
                ++lost_count;
            }
        }
    }

    void run() {
        pthread_setname_np(pthread_self(), "meridian-jrnl");
        std::unique_lock lock(mutex);
        while (!is_stopping) {
            wakes.wait(lock, [this] { return is_stopping || !waiting.empty() || next_place; });
            if (!write(lock) && !is_stopping) {
                wakes.wait_for(lock, kTryAgainAfter,
                               [this] { return is_stopping || next_place.has_value(); });
            }
        }
        (void)write(lock);  // what is left; the problem was noted
    }

    /// False where the disk took nothing. Without the lock while it writes.
    bool write(std::unique_lock<std::mutex>& lock) {
        const std::optional<StateDirectory> place = std::exchange(next_place, std::nullopt);
        Batch batch = take();
        lock.unlock();
        auto written = place ? segments.use(place->for_thread(), batch.state, now()) : Unit{};
        if (written && !batch.entries.empty()) {
            written = segments.append(batch.entries, batch.state);
        }
        const std::string found = written ? std::string() : written.error();
        if (std::exchange(problem, found) != found) { note_problem(found); }
        if (!written) { give_back(std::move(batch)); }
        lock.lock();
        return problem.empty();
    }

    [[nodiscard]] std::int64_t now() const { return unix_seconds(clock.wall()); }

    const Clock& clock;
    const NoteProblem note_problem;
    std::mutex mutex;  // of what follows
    std::condition_variable wakes;
    std::deque<JournalEntry> waiting;
    JournalState known;
    std::size_t lost_count = 0;
    std::optional<StateDirectory> next_place;
    bool is_stopping = false;
    // Of the thread alone.
    JournalSegments segments;
    std::string problem;
    std::thread thread;
};

Journal::Journal(const Clock& clock, NoteProblem note_problem)
    : state_(std::make_unique<State>(clock, std::move(note_problem))) {
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Journal::~Journal() {
    stop();
}

void Journal::use(StateDirectory state) {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->next_place = std::move(state);
    }
    state_->wakes.notify_one();
}

void Journal::note(JournalEntry entry) {
    state_->add(std::move(entry));
    state_->wakes.notify_one();
}

void Journal::stop() {
    if (!state_->thread.joinable()) { return; }
    {
        const std::scoped_lock lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->wakes.notify_one();
    state_->thread.join();
}

}  // namespace meridian::server
