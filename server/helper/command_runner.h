// Has commands run by the helper, from the one thread of an event loop.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/file_descriptor.h"
#include "server/helper/command.h"
#include "server/helper/helper_message.h"

namespace meridian::server {

/// At most kMaxCommandsAtOnce are with the helper; further ones wait, the oldest first. All members
/// are for the thread of the context, or while it does not run.
class CommandRunner : public std::enable_shared_from_this<CommandRunner> {
public:
    using Done = std::function<void(const CommandOutcome&)>;
    using Id = std::uint32_t;

    /// `socket` is that of `start_helper`; without one every command is lost.
    explicit CommandRunner(FileDescriptor socket) : socket_(std::move(socket)) {}

    /// Begins to work in the context. `on_end` is called once if the helper ends by itself, never
    /// from within.
    void start(boost::asio::io_context& context, std::function<void()> on_end = {});
    /// Gives the helper up, which ends then; nothing is called any more.
    void stop();

    /// Runs the command of that number. `done` is called once, never from within.
    Id run(std::uint16_t command, const CommandValues& values, std::chrono::milliseconds timeout,
           Done done);
    /// Kills it, or takes it out of those that wait; `done` is not called.
    void cancel(Id id);

private:
    struct Request {
        HelperRequest message;
        Done done;
    };
    void send_waiting();
    void read_replies();
    void wait_for_reply();
    void wait_for_room();
    void take(const HelperReply& reply);
    void end();
    bool send(const HelperRequest& request);

    FileDescriptor socket_;
    boost::asio::io_context* context_ = nullptr;
    std::optional<boost::asio::posix::stream_descriptor> stream_;
    std::map<Id, Request> waiting_;  // by age
    std::map<Id, Done> sent_;
    std::deque<HelperRequest> cancels_;
    bool waits_for_room_ = false;
    bool has_ended_ = false;  // then nothing is run until the server starts anew
    std::function<void()> on_end_;
    Id last_id_ = 0;
};

}  // namespace meridian::server
