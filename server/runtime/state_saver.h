// Saves what is served for the next start, and logs a warning where that fails.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string>

#include "server/runtime/background.h"
#include "server/runtime/log.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// Saves all state. For a server that stops.
void save_state(ServedData& data, Log& log);

/// Saves state in pieces on the control thread. Thousands of new zones take seconds to write, and
/// edits do not wait for that. What fails is tried again after a minute, and the status shows it
/// until then.
class StateSaver {
public:
    StateSaver(ServedData& data, StatusKeeper& keeper, Log& log, boost::asio::io_context& context,
               Background& background,
               std::chrono::milliseconds try_again_after = std::chrono::minutes(1))
        : data_(data),
          keeper_(keeper),
          log_(log),
          context_(context),
          background_(background),
          again_(context),
          try_again_after_(try_again_after) {}

    /// Saves some of it now. The rest goes on from the context's queue.
    void save_bit_by_bit();
    /// Writes whole what edits have appended to.
    void write_journaled();
    /// Saves the compiled copies.
    void save_copies();
    /// Why the last try failed, in words; empty where it did not.
    [[nodiscard]] std::string problem() const;

private:
    void note_problem();

    ServedData& data_;
    StatusKeeper& keeper_;
    Log& log_;
    boost::asio::io_context& context_;
    Background& background_;
    boost::asio::steady_timer again_;
    std::chrono::milliseconds try_again_after_;
    std::string state_problem_;
    std::string copies_problem_;
    bool is_queued_ = false;  ///< The rest is in the queue.
};

}  // namespace meridian::server
