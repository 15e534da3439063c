// Has commands run by the helper, from the one thread of an event loop.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/command_runner.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <span>
#include <utility>

#include "meridian/limits.h"

namespace meridian::server {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

void CommandRunner::start(boost::asio::io_context& context, std::function<void()> on_end) {
    context_ = &context;
    on_end_ = std::move(on_end);
    if (!socket_.valid()) {
        boost::asio::post(context, [self = shared_from_this()] { self->end(); });
        return;
    }
    stream_.emplace(context, socket_.get());
    (void)socket_.release();  // Asio's now
    wait_for_reply();
    send_waiting();
}

void CommandRunner::stop() {
    waiting_.clear();
    sent_.clear();
    cancels_.clear();
    stream_.reset();
    on_end_ = nullptr;
    has_ended_ = true;
    context_ = nullptr;
}

CommandRunner::Id CommandRunner::run(std::uint16_t command, const CommandValues& values,
                                     std::chrono::milliseconds timeout, Done done) {
    const Id id = ++last_id_;
    if (has_ended_) {
        if (context_ == nullptr) { return id; }
        boost::asio::post(*context_, [done = std::move(done)] { done({CommandEnd::Lost, 0, {}}); });
        return id;
    }
    const HelperRequest request{.id = id,
                                .command = command,
                                .timeout_milliseconds = static_cast<std::uint32_t>(timeout.count()),
                                .values = values};
    waiting_.emplace(id, Request{request, std::move(done)});
    send_waiting();
    return id;
}

void CommandRunner::cancel(Id id) {
    waiting_.erase(id);
    if (sent_.erase(id) == 0 || has_ended_) { return; }
    cancels_.push_back({.kind = HelperRequest::Kind::Cancel, .id = id});
    send_waiting();
}

void CommandRunner::send_waiting() {
    if (waits_for_room_ || !stream_) { return; }
    for (; !cancels_.empty(); cancels_.pop_front()) {
        if (!send(cancels_.front())) { return; }
    }
    while (!waiting_.empty() && sent_.size() < kMaxCommandsAtOnce) {
        const auto first = waiting_.begin();
        if (!send(first->second.message)) { return; }
        sent_.emplace(first->first, std::move(first->second.done));
        waiting_.erase(first);
    }
}

/// False where it has to wait, or the helper has ended.
bool CommandRunner::send(const HelperRequest& request) {
    const std::vector<std::uint8_t> message = write_request(request);
    const int socket = stream_->native_handle();
    if (::send(socket, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        return true;
    }
    // That it has ended is seen where replies are read.
    if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) { wait_for_room(); }
    return false;
}

void CommandRunner::wait_for_room() {
    if (std::exchange(waits_for_room_, true)) { return; }
    stream_->async_wait(stream_descriptor::wait_write,
                        [self = shared_from_this()](const error_code& stopped) {
                            self->waits_for_room_ = false;
                            if (!stopped) { self->send_waiting(); }
                        });
}

void CommandRunner::wait_for_reply() {
    stream_->async_wait(stream_descriptor::wait_read,
                        [self = shared_from_this()](const error_code& stopped) {
                            if (!stopped && self->stream_) { self->read_replies(); }
                        });
}

void CommandRunner::read_replies() {
    std::array<std::uint8_t, kMaxHelperMessageOctets> octets;
    while (stream_) {  // a reply may lead to the end of the runner
        const ssize_t count =
            recv(stream_->native_handle(), octets.data(), octets.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (count < 0 && errno == EINTR) { continue; }
        if (count < 0 && errno == EAGAIN) { return wait_for_reply(); }
        const bool is_message = count > 0 && static_cast<std::size_t>(count) <= octets.size();
        const auto reply =
            is_message ? read_reply(std::span(octets).first(static_cast<std::size_t>(count)))
                       : std::nullopt;
        if (!reply) { return end(); }
        take(*reply);
    }
}

void CommandRunner::take(const HelperReply& reply) {
    const auto found = sent_.find(reply.id);
    if (found == sent_.end()) { return; }  // cancelled meanwhile
    const Done done = std::move(found->second);
    sent_.erase(found);
    done(reply.outcome);
    if (stream_) { send_waiting(); }
}

void CommandRunner::end() {
    has_ended_ = true;
    stream_.reset();
    const auto sent = std::exchange(sent_, {});
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& [id, done] : sent) {
        done({CommandEnd::Lost, 0, {}});
    }
    for (const auto& [id, request] : waiting) {
        request.done({CommandEnd::Lost, 0, {}});
    }
    if (on_end_) { std::exchange(on_end_, nullptr)(); }
}

}  // namespace meridian::server
