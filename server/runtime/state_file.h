// Reads files of states, and notices when they say something else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/probing/pushed_state.h"

namespace meridian::server {

/// Reads the file as it is now. It has to lie below the folder of the file that names it, wherever
/// links lead, and has at most kMaxStateFileOctets.
StateFileReading read_state_file(const StateFilePath& file);

/// A thread that looks at files while there are any: a file system that hangs holds up no check.
///
/// A look costs a `stat` a file. It also sees what another machine writes to a shared file system.
class StateFileWatch {
public:
    using Take = std::function<void(const StateFilePath& file, StateFileReading reading)>;

    /// Well below the second within which a change is to be in the answers.
    static constexpr std::chrono::milliseconds kLookEvery{400};

    /// `take` is called on the thread of the watch.
    explicit StateFileWatch(Take take) : take_(std::move(take)) {}
    ~StateFileWatch();
    StateFileWatch(const StateFileWatch&) = delete;
    StateFileWatch& operator=(const StateFileWatch&) = delete;

    /// Reads these, in ascending order, and no others from now on; one that is new is read at once.
    /// Any thread, one at a time.
    void watch(std::vector<StateFilePath> files);

private:
    struct Seen {
        std::string state;               // as `file_state_of` gave it before the reading
        bool shows_each_change = false;  // else the file is read at each look
        StateFileReading reading;
    };
    void run();
    void look(const StateFilePath& file);

    Take take_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<StateFilePath> files_;
    bool is_stopping_ = false;
    bool is_new_ = false;                 // since the last look
    std::map<StateFilePath, Seen> seen_;  // of the thread
    std::thread thread_;                  // while there was a file
};

}  // namespace meridian::server
