// Answers operators and probes of this machine over a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_server.h"

#include <pthread.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <exception>
#include <filesystem>
#include <list>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "server/control/control_request.h"
#include "server/control/control_session.h"
#include "server/control/control_socket.h"
#include "server/control/explanation_json.h"
#include "server/control/json_fields.h"
#include "server/control/override_json.h"
#include "server/control/peer_name.h"
#include "server/control/reload_json.h"
#include "server/control/status_json.h"

namespace meridian::server {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::chrono::milliseconds kOutOfDescriptorsPause{100};

std::string error_line(std::string_view error) {
    return json_line(boost::json::object{{"error", error}});
}

/// Why a request for the server of `meant` is not for the server of `ours`; empty where it is.
std::string why_not_ours(const std::string& ours, const std::string& meant) {
    std::error_code ignored;  // a file that is gone, or that we may not see, is another one
    const bool is_ours = meant.empty() || meant == ours ||
                         (!ours.empty() && std::filesystem::equivalent(ours, meant, ignored));
    if (is_ours) { return {}; }
    return "this server runs " + (ours.empty() ? "without a meridian.toml" : "with " + ours) +
           ", not with " + meant + "; --socket asks whichever server listens there";
}

}  // namespace

struct ControlServer::State final : ControlSessionOwner, std::enable_shared_from_this<State> {
    State(FileDescriptor its_directory, std::string its_path, ControlHandlers its_handlers,
          const ControlOptions& its_options)
        : handlers(std::move(its_handlers)),
          options(its_options),
          directory(std::move(its_directory)),
          path(std::move(its_path)) {}

    Result<Unit, std::string> listen();
    void accept();
    void take(stream_protocol::socket socket);
    [[nodiscard]] bool make_room();
    void on_line(ControlSession& session, std::string_view line) override;
    void on_closed(ControlSession& session) override;
    void answer(ControlSession& session, const boost::json::object& request);
    void reload(ControlSession& session, const ControlRequest& asked);
    void why(ControlSession& session, const QuestionText& text);
    void by_hand(ControlSession& session, const ControlRequest& asked);
    void run();
    void close_all();
    void look_later();
    void look();
    void take_place(ControlPlace place);
    void listen_again(ControlPlace place);
    void note_problem(const std::string& found);
    void warn(const std::string& line) const;

    ControlHandlers handlers;
    ControlOptions options;
    FileDescriptor directory;
    std::string path;
    boost::asio::io_context context{1};
    // While a place is looked for there may be neither an acceptor nor a timer.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    stream_protocol::acceptor acceptor{context};
    boost::asio::steady_timer pause{context};
    boost::asio::steady_timer look_timer{context};
    struct stat made{};                                   // as it was made
    bool is_made = false;                                 // and was there when we looked last
    bool was_removed = false;                             // since it was made last
    bool is_looking = false;                              // for a place
    std::string problem;                                  // the last that was logged
    std::list<std::shared_ptr<ControlSession>> sessions;  // the longest silent one first
    std::thread thread;
};

Result<Unit, std::string> ControlServer::State::listen() {
    const auto bound = listen_in(directory, path, acceptor, options.group);
    if (!bound) { return Failure{bound.error()}; }
    made = *bound;
    is_made = true;
    return Unit{};
}

void ControlServer::State::look_later() {
    look_timer.expires_after(options.look_every);
    look_timer.async_wait([this](const error_code& stopped) {
        if (!stopped) { look(); }
    });
}

void ControlServer::State::look() {
    if (is_looking) { return; }
    const bool is_there = is_made && leads_to_socket(path, directory, made);
    if (is_there || !handlers.find_place) { return look_later(); }
    was_removed = was_removed || is_made;
    is_made = false;  // once it is closed, another file may get its number
    is_looking = true;
    handlers.find_place([server = weak_from_this()](ControlPlace place) {
        const auto state = server.lock();
        if (!state) { return; }
        boost::asio::post(state->context,
                          [state = state.get(), place = std::move(place)]() mutable {
                              state->take_place(std::move(place));
                          });
    });
}

void ControlServer::State::take_place(ControlPlace place) {
    is_looking = false;
    if (place.directory.valid()) {
        listen_again(std::move(place));
    } else {
        note_problem(place.problem);
    }
    look_later();
}

void ControlServer::State::listen_again(ControlPlace place) {
    directory = std::move(place.directory);
    path = std::move(place.path);
    error_code ignored;
    ignored = acceptor.close(ignored);  // no client can reach it any more
    const auto listening = listen();
    if (!listening) { return note_problem(listening.error()); }
    problem.clear();
    warn(std::exchange(was_removed, false)
             ? path + " was removed; it is made anew, with its directory where need be"
             : "the control socket is made: " + path);
    accept();
}

void ControlServer::State::note_problem(const std::string& found) {
    if (found == std::exchange(problem, found)) { return; }
    warn((was_removed ? path + " was removed, and cannot be made anew: "
                      : "there is no control socket: ") +
         found + "; it is tried again every few seconds, and at a SIGHUP");
}

void ControlServer::State::warn(const std::string& line) const {
    if (handlers.warn) { handlers.warn(line); }
}

void ControlServer::State::accept() {
    acceptor.async_accept([this](const error_code& error, stream_protocol::socket socket) {
        if (error == boost::asio::error::operation_aborted) { return; }
        if (!error) {
            take(std::move(socket));
            return accept();
        }
        pause.expires_after(kOutOfDescriptorsPause);
        pause.async_wait([this](const error_code& stopped) {
            if (!stopped) { accept(); }
        });
    });
}

void ControlServer::State::take(stream_protocol::socket socket) {
    close_in_programs(socket.native_handle());
    if (!make_room()) {
        error_code ignored;
        const std::string line = error_line("too many connections wait for a reload") + "\n";
        if (socket.non_blocking(true, ignored)) { return; }
        (void)socket.send(boost::asio::buffer(line), 0, ignored);
        return;
    }
    const ControlSessionLimits limits{options.max_line_octets, options.patience};
    sessions.push_back(std::make_shared<ControlSession>(std::move(socket), limits, *this));
    sessions.back()->start();
}

bool ControlServer::State::make_room() {
    if (sessions.size() < options.max_connections) { return true; }
    const auto silent =
        std::ranges::find_if(sessions, [](const auto& session) { return !session->is_busy(); });
    if (silent == sessions.end()) { return false; }
    const std::shared_ptr<ControlSession> session = std::move(*silent);
    sessions.erase(silent);
    session->close();
    return true;
}

void ControlServer::State::on_closed(ControlSession& session) {
    std::erase_if(sessions, [&](const auto& other) { return other.get() == &session; });
}

void ControlServer::State::on_line(ControlSession& session, std::string_view line) {
    const auto self =
        std::ranges::find(sessions, &session, [](const auto& other) { return other.get(); });
    sessions.splice(sessions.end(), sessions, self);
    error_code error;
    boost::json::parse_options tolerant;
    tolerant.allow_invalid_utf8 = true;  // a path is whatever the file system holds
    const boost::json::value request = boost::json::parse(line, error, {}, tolerant);
    if (error || !request.is_object()) {
        return session.reply(error_line("expected a JSON object on each line"));
    }
    try {
        answer(session, request.get_object());
    } catch (const std::exception& failure) {  // no memory for a long status
        session.reply(error_line(failure.what()));
    }
}

void ControlServer::State::answer(ControlSession& session, const boost::json::object& request) {
    const auto asked = control_request_from_json(request);
    if (!asked) { return session.reply(error_line(asked.error())); }
    const std::string elsewhere = why_not_ours(options.configuration, asked->configuration);
    if (!elsewhere.empty()) { return session.reply(error_line(elsewhere)); }
    switch (asked->command) {
        case ControlCommand::Status:
            return session.reply(json_line(status_json(handlers.status())));
        case ControlCommand::Reload:
            return reload(session, *asked);
        case ControlCommand::Why:
            return why(session, asked->question);
        case ControlCommand::Drain:
        case ControlCommand::Force:
        case ControlCommand::Release:
            return by_hand(session, *asked);
    }
}

void ControlServer::State::why(ControlSession& session, const QuestionText& text) {
    const auto question = read_question(text);
    if (!question) { return session.reply(error_line(question.error())); }
    session.reply(json_line(explanation_json(handlers.why(*question))));
}

void ControlServer::State::by_hand(ControlSession& session, const ControlRequest& asked) {
    auto request = read_override_request(asked);
    if (!request) { return session.reply(error_line(request.error())); }
    request->author = author_of(session.descriptor(), asked.by_hand.sudo_user);
    handlers.by_hand(*request, [server = weak_from_this(),
                                asker = session.weak_from_this()](const OverrideOutcome& outcome) {
        const auto state = server.lock();
        if (!state) { return; }
        boost::asio::post(state->context,
                          [asker, line = json_line(override_outcome_json(outcome))] {
                              if (const auto waiting = asker.lock()) { waiting->reply(line); }
                          });
    });
}

void ControlServer::State::reload(ControlSession& session, const ControlRequest& asked) {
    handlers.reload(asked.force, author_of(session.descriptor(), asked.by_hand.sudo_user),
                    [server = weak_from_this(),
                     asker = session.weak_from_this()](const ReloadOutcome& outcome) {
                        const auto state = server.lock();
                        if (!state) { return; }
                        boost::asio::post(state->context,
                                          [asker, line = json_line(reload_json(outcome))] {
                                              if (const auto waiting = asker.lock()) {
                                                  waiting->reply(line);
                                              }
                                          });
                    });
}

void ControlServer::State::run() {
    pthread_setname_np(pthread_self(), "meridian-sock");
    context.run();
}

void ControlServer::State::close_all() {
    while (!sessions.empty()) {
        const auto session = sessions.front();
        session->close();
    }
    error_code error;
    error = acceptor.close(error);  // it is gone either way
    pause.cancel();
    look_timer.cancel();
}

ControlServer::ControlServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

ControlServer::~ControlServer() {
    stop();
}

Result<std::unique_ptr<ControlServer>, std::string> ControlServer::open(
    FileDescriptor directory, const std::string& path, ControlHandlers handlers,
    const ControlOptions& options) {
    auto state = std::make_shared<State>(std::move(directory), path, std::move(handlers), options);
    const auto listening = state->listen();
    if (!listening) { return Failure{listening.error()}; }
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

std::unique_ptr<ControlServer> ControlServer::without_socket(const std::string& problem,
                                                             ControlHandlers handlers,
                                                             const ControlOptions& options) {
    auto state =
        std::make_shared<State>(FileDescriptor(), std::string(), std::move(handlers), options);
    state->problem = problem;
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

void ControlServer::start() {
    if (state_->is_made) { state_->accept(); }
    state_->look_later();
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

void ControlServer::look() {
    boost::asio::post(state_->context, [state = state_.get()] { state->look(); });
}

void ControlServer::stop() {
    if (state_->thread.joinable()) {
        boost::asio::post(state_->context, [state = state_.get()] {
            state->close_all();
            state->context.stop();
        });
        state_->thread.join();
    }
    // Only now, since the thread may have taken another directory.
    if (state_->is_made) { remove_socket(state_->directory, state_->path, state_->made); }
    state_->is_made = false;
    state_->directory.reset();
}

}  // namespace meridian::server
