// Answers operators and probes of this machine over a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_server.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <list>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "server/control/control_request.h"
#include "server/control/control_session.h"
#include "server/control/explanation_json.h"
#include "server/control/json_fields.h"
#include "server/control/reload_json.h"
#include "server/control/socket_path.h"
#include "server/control/status_json.h"

namespace meridian::server {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr std::chrono::milliseconds kOutOfDescriptorsPause{100};
constexpr std::chrono::milliseconds kTryAgain{60'000};

std::string error_line(std::string_view error) {
    return json_line(boost::json::object{{"error", error}});
}

/// Why the request is not for a server with the meridian.toml `ours`; empty where it is.
std::string whom_else(const std::string& ours, const std::string& meant) {
    std::error_code ignored;  // a file that is gone, or that we may not see, is another one
    const bool is_ours = meant.empty() || meant == ours ||
                         (!ours.empty() && std::filesystem::equivalent(ours, meant, ignored));
    if (is_ours) { return {}; }
    return "this server runs " + (ours.empty() ? "without a meridian.toml" : "with " + ours) +
           ", not with " + meant + "; --socket asks whichever server listens there";
}

/// Only what is certainly a socket goes.
Result<Unit, std::string> remove_stale_socket(const std::string& path) {
    struct stat status{};
    if (lstat(path.c_str(), &status) != 0) { return Unit{}; }  // binding will tell
    if (!S_ISSOCK(status.st_mode)) { return Failure{std::string("something else is there")}; }
    if (unlink(path.c_str()) != 0) { return Failure{std::string(std::strerror(errno))}; }
    return Unit{};
}

/// Asio leaves sockets open in programs that we start; no other descriptor of ours is.
template <typename Socket>
void close_in_programs(Socket& socket) {
    fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
}

}  // namespace

struct ControlServer::State final : ControlSessionOwner, std::enable_shared_from_this<State> {
    State(ControlHandlers its_handlers, const ControlOptions& its_options)
        : handlers(std::move(its_handlers)), options(its_options) {}

    Result<Unit, std::string> listen(const std::string& its_path);
    void accept();
    void take(stream_protocol::socket socket);
    [[nodiscard]] bool make_room();
    void on_line(ControlSession& session, std::string_view line) override;
    void on_closed(ControlSession& session) override;
    void answer(ControlSession& session, const boost::json::object& request);
    void reload(ControlSession& session, bool force);
    void why(ControlSession& session, const QuestionText& text);
    void run();
    void close_all();
    [[nodiscard]] bool is_at_its_path() const;
    void look_later(std::chrono::milliseconds after);
    void look();
    [[nodiscard]] bool listen_again(bool directory_is_ours);

    ControlHandlers handlers;
    ControlOptions options;
    std::string path;
    boost::asio::io_context context{1};
    stream_protocol::acceptor acceptor{context};
    boost::asio::steady_timer pause{context};
    boost::asio::steady_timer look_timer{context};
    struct stat made{};                                   // as it was made
    std::list<std::shared_ptr<ControlSession>> sessions;  // the longest silent one first
    std::thread thread;
};

Result<Unit, std::string> ControlServer::State::listen(const std::string& its_path) {
    const auto address = SocketPath::open(its_path);
    if (!address) { return Failure{address.error()}; }
    const std::string& usable = address->usable();
    const auto removed = remove_stale_socket(usable);
    if (!removed) { return Failure{its_path + ": " + removed.error()}; }
    error_code error;
    if (acceptor.open(stream_protocol(), error) ||
        acceptor.bind(stream_protocol::endpoint(usable), error)) {
        return Failure{its_path + ": " + error.message()};
    }
    close_in_programs(acceptor);
    // Once, before there is a thread: who stops the server reads it while this may run again.
    if (path.empty()) { path = its_path; }
    // Nobody can connect until it listens, so it is never open to others, whatever the umask.
    if (chmod(usable.c_str(), S_IRUSR | S_IWUSR) != 0) {
        return Failure{its_path + ": " + std::strerror(errno)};
    }
    if (acceptor.listen(stream_protocol::acceptor::max_listen_connections, error)) {
        return Failure{its_path + ": " + error.message()};
    }
    if (lstat(usable.c_str(), &made) != 0) {
        return Failure{its_path + ": " + std::strerror(errno)};
    }
    return Unit{};
}

/// Another server's does not count: it may have the directory by now.
bool ControlServer::State::is_at_its_path() const {
    const auto address = SocketPath::open(path);
    struct stat there{};
    return address && lstat(address->usable().c_str(), &there) == 0 &&
           there.st_dev == made.st_dev && there.st_ino == made.st_ino;
}

void ControlServer::State::look_later(std::chrono::milliseconds after) {
    look_timer.expires_after(after);
    look_timer.async_wait([this](const error_code& stopped) {
        if (!stopped) { look(); }
    });
}

void ControlServer::State::look() {
    if (is_at_its_path() || !handlers.mend_directory) { return look_later(options.look_every); }
    handlers.mend_directory([server = weak_from_this()](bool is_ours) {
        const auto state = server.lock();
        if (!state) { return; }
        boost::asio::post(state->context, [state = state.get(), is_ours] {
            const bool is_mended = state->listen_again(is_ours);
            // Each try is told in the log: somebody has to help.
            state->look_later(is_mended ? state->options.look_every : kTryAgain);
        });
    });
}

bool ControlServer::State::listen_again(bool directory_is_ours) {
    if (!directory_is_ours) { return false; }
    error_code ignored;
    ignored = acceptor.close(ignored);  // nobody can reach it any more
    if (!listen(std::string(path))) { return false; }
    accept();
    return true;
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
    close_in_programs(socket);
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
    const std::string elsewhere = whom_else(options.configuration, asked->configuration);
    if (!elsewhere.empty()) { return session.reply(error_line(elsewhere)); }
    switch (asked->command) {
        case ControlCommand::Status:
            return session.reply(json_line(status_json(handlers.status())));
        case ControlCommand::Reload:
            return reload(session, asked->force);
        case ControlCommand::Why:
            return why(session, asked->question);
    }
}

void ControlServer::State::why(ControlSession& session, const QuestionText& text) {
    const auto question = read_question(text);
    if (!question) { return session.reply(error_line(question.error())); }
    session.reply(json_line(explanation_json(handlers.why(*question))));
}

void ControlServer::State::reload(ControlSession& session, bool force) {
    handlers.reload(force, [server = weak_from_this(),
                            asker = session.weak_from_this()](const ReloadOutcome& outcome) {
        const auto state = server.lock();
        if (!state) { return; }
        boost::asio::post(state->context, [asker, line = json_line(reload_json(outcome))] {
            if (const auto waiting = asker.lock()) { waiting->reply(line); }
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
    const std::string& path, ControlHandlers handlers, const ControlOptions& options) {
    auto state = std::make_shared<State>(std::move(handlers), options);
    const auto listening = state->listen(path);
    if (!listening) { return Failure{listening.error()}; }
    return std::unique_ptr<ControlServer>(new ControlServer(std::move(state)));
}

void ControlServer::start() {
    state_->accept();
    state_->look_later(state_->options.look_every);
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

void ControlServer::stop() {
    if (state_->path.empty()) { return; }
    if (state_->thread.joinable()) {
        boost::asio::post(state_->context, [state = state_.get()] {
            state->close_all();
            state->context.stop();
        });
        state_->thread.join();
    }
    if (state_->is_at_its_path()) { unlink(state_->path.c_str()); }
    state_->path.clear();
}

}  // namespace meridian::server
