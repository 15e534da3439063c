// Reads files of states, and notices when they say something else.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/state_file.h"

#include <pthread.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "meridian/limits.h"
#include "server/sources/folder_place.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

std::string folder_of(const StateFilePath& file) {
    return fs::path(file.named_by).parent_path().string();
}

std::string shown_path(const StateFilePath& file) {
    return (fs::path(folder_of(file)) / file.name).string();
}

}  // namespace

StateFileReading read_state_file(const StateFilePath& file) {
    const std::string shown = shown_path(file);
    const auto place = find_in_folder(folder_of(file), shown);
    const std::string by = file.named_by + ": ";
    if (!place) { return {.problem = by + place.error()}; }
    const auto read = read_file(place->real, kMaxStateFileOctets);
    if (!read) { return {.problem = by + "cannot read " + shown + ": " + read.error().reason}; }
    auto state = PushedState::read(read->text);
    if (!state) { return {.problem = by + shown + ": " + state.error()}; }
    return {.state = std::make_shared<const PushedState>(std::move(state).value()),
            .modified = std::chrono::system_clock::from_time_t(read->modified)};
}

StateFileWatch::~StateFileWatch() {
    {
        const std::scoped_lock lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) { thread_.join(); }
}

void StateFileWatch::watch(std::vector<StateFilePath> files) {
    if (files.empty() && !thread_.joinable()) { return; }
    {
        const std::scoped_lock lock(mutex_);
        files_ = std::move(files);
        is_new_ = true;
    }
    changed_.notify_one();
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { run(); });
    }
}

void StateFileWatch::run() {
    pthread_setname_np(pthread_self(), "meridian-states");
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const std::vector<StateFilePath> files = files_;
        is_new_ = false;
        lock.unlock();
        std::erase_if(seen_, [&](const auto& seen) {
            return !std::ranges::binary_search(files, seen.first);
        });
        for (const StateFilePath& file : files) {
            look(file);
        }
        lock.lock();
        const auto has_news = [this] { return is_stopping_ || is_new_; };
        if (files_.empty()) {
            changed_.wait(lock, has_news);
        } else {
            changed_.wait_for(lock, kLookEvery, has_news);
        }
    }
}

void StateFileWatch::look(const StateFilePath& file) {
    std::string state = file_state_of(shown_path(file));
    const auto known = seen_.find(file);
    if (known != seen_.end() && known->second.shows_each_change && known->second.state == state) {
        return;
    }
    const bool shows_each_change = !state.empty() && has_rested(state);
    StateFileReading reading = read_state_file(file);
    const bool is_news = known == seen_.end() || !says_the_same(known->second.reading, reading);
    seen_.insert_or_assign(file, Seen{std::move(state), shows_each_change, reading});
    if (is_news) { take_(file, std::move(reading)); }
}

}  // namespace meridian::server
