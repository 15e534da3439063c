// Probes one address once: connects, shakes hands, asks and reads, before a deadline.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/probe.h"

#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "meridian/dns/reply.h"
#include "meridian/file_descriptor.h"
#include "meridian/limits.h"
#include "server/probing/command_failure.h"
#include "server/probing/dns_reply.h"
#include "server/probing/http_request.h"
#include "server/probing/probe_failure.h"

namespace meridian::server {

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using Outcome = StreamStep::Outcome;

namespace {

constexpr std::size_t kReadOctets = 4096;
/// Beyond a command's timeout, for all that wait before it.
constexpr std::chrono::seconds kHelperPatience{2};

tcp::endpoint endpoint_of(const IpAddress& address, std::uint16_t port) {
    const auto octets = address.octets();
    if (address.is_v4()) { return {boost::asio::ip::address_v4(address.as_v4()), port}; }
    return {boost::asio::ip::address_v6(octets), port};
}

StreamStep plain_step(ssize_t count, Outcome again) {
    if (count > 0) { return {.octets = static_cast<std::size_t>(count)}; }
    if (count == 0) { return {.outcome = Outcome::Closed}; }
    if (errno == EAGAIN || errno == EINTR) { return {.outcome = again}; }
    return {.outcome = Outcome::Error, .error = errno};
}

}  // namespace

Probe::Probe(boost::asio::io_context& context, std::shared_ptr<const ProbeTarget> target,
             std::size_t check, std::shared_ptr<const ProbeSettings> settings, LoopWatch& watch,
             std::shared_ptr<TlsMemory> memory, Done done)
    : socket_(context),
      deadline_(context),
      target_(std::move(target)),
      check_(target_->checks.at(check)),
      settings_(std::move(settings)),
      watch_(watch),
      memory_(std::move(memory)),
      done_(std::move(done)) {}

Probe::~Probe() {
    close();  // the session before the socket that it uses
}

std::shared_ptr<Probe> Probe::start(boost::asio::io_context& context,
                                    std::shared_ptr<const ProbeTarget> target, std::size_t check,
                                    std::shared_ptr<const ProbeSettings> settings, LoopWatch& watch,
                                    std::shared_ptr<TlsMemory> memory, Done done) {
    std::shared_ptr<Probe> probe(new Probe(context, std::move(target), check, std::move(settings),
                                           watch, std::move(memory), std::move(done)));
    probe->watch_.hold();
    probe->begin();
    return probe;
}

void Probe::begin() {
    report_.began = steady_clock::now();
    phase_began_ = report_.began;
    if (check_.kind == zones::CheckKind::File) { return ask_file(); }
    if (check_.kind == zones::CheckKind::Command) { return run_command(); }
    set_deadline(target_->timeout);
    if (is_over_tls(check_.kind) && settings_->tls == nullptr) {
        return finish_without("this server has no TLS");
    }
    if (const int error = connect_socket(); error != 0) { return fail_with(error); }
    wait_for({.outcome = Outcome::WantsWrite}, &Probe::take_connection);
}

/// What was pushed holds whenever it is read, so no reading of it is late.
void Probe::ask_file() {
    PushedVerdict verdict{.problem = "this server reads no files of states"};
    if (settings_->ask_file) { verdict = settings_->ask_file(check_, target_->address); }
    report_.result = std::move(verdict.result);
    report_.why_none = verdict.problem;
    report_.problem = std::move(verdict.problem);
    deliver();
}

/// The helper keeps the time; where it does not, there is no result.
void Probe::run_command() {
    const std::vector<std::string>& names = settings_->command_names;
    const auto known = std::ranges::find(names, check_.command);
    if (known == names.end()) {
        return finish_with_problem("meridian.toml declares no command called " + check_.command);
    }
    if (settings_->commands == nullptr) { return finish_with_problem("no commands are run here"); }
    const CommandValues values{target_->address.to_string(), check_.place.region,
                               check_.place.service};
    command_ = settings_->commands->run(static_cast<std::uint16_t>(known - names.begin()), values,
                                        target_->timeout,
                                        [self = shared_from_this()](const CommandOutcome& outcome) {
                                            self->take_command(outcome);
                                        });
    set_deadline(target_->timeout + kHelperPatience);
}

void Probe::take_command(const CommandOutcome& outcome) {
    command_ = {};
    if (finished_) { return; }
    if (outcome.end == CommandEnd::NotStarted || outcome.end == CommandEnd::Lost) {
        const bool is_lost = outcome.end == CommandEnd::Lost;
        return finish_with_problem(
            is_lost ? kHelperEnded : "command " + check_.command + ' ' + failure_text(outcome));
    }
    if (watch_.was_late_since(report_.began)) {
        return finish_without("it was read late by this server");
    }
    report_.result = CheckResult{};
    if (!outcome.is_success()) { report_.result = {FailureKind::Other, failure_text(outcome)}; }
    deliver();
}

void Probe::finish_with_problem(std::string problem) {
    report_.problem = problem;
    finish_without(std::move(problem));
}

/// Returns 0 where the connection is there or on its way, else an `errno`.
int Probe::connect_socket() {
    const bool is_v4 = target_->address.is_v4();
    const int type = check_.kind == zones::CheckKind::Dns ? SOCK_DGRAM : SOCK_STREAM;
    // Programs that are started inherit no probe.
    FileDescriptor socket(
        ::socket(is_v4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.valid()) { return errno; }
    if (const auto& source = is_v4 ? settings_->source_v4 : settings_->source_v6) {
        const int on = 1;  // ports are chosen when the address to reach is known: there are enough
        setsockopt(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        const auto local = endpoint_of(*source, 0);
        if (bind(socket.get(), local.data(), static_cast<socklen_t>(local.size())) != 0) {
            return errno;
        }
    }
    const auto remote = endpoint_of(target_->address, check_.port);
    // Before Asio watches it: a socket without a connection counts as hung up.
    if (connect(socket.get(), remote.data(), static_cast<socklen_t>(remote.size())) != 0 &&
        errno != EINPROGRESS) {
        return errno;
    }
    error_code error;
    error = socket_.assign(socket.get(), error);
    if (error) { return error.value(); }
    (void)socket.release();  // Asio's now
    return 0;
}

void Probe::take_connection() {
    int error = 0;
    socklen_t octets = sizeof error;
    getsockopt(socket_.native_handle(), SOL_SOCKET, SO_ERROR, &error, &octets);
    if (error != 0) { return fail_with(error); }
    if (is_self_connected()) { return fail_with(ECONNREFUSED); }
    if (check_.kind != zones::CheckKind::Dns) { report_.connect = since(phase_began_); }
    phase_began_ = steady_clock::now();
    switch (check_.kind) {
        case zones::CheckKind::Tcp:
            return finish({});
        case zones::CheckKind::Https:
        case zones::CheckKind::Tls:
            return begin_tls();
        case zones::CheckKind::Http:
            phase_ = Phase::Request;
            return send_request();
        case zones::CheckKind::Dns:
            phase_ = Phase::Request;
            return send_question();
        case zones::CheckKind::File:
        case zones::CheckKind::Command:
            break;  // these connect to nothing
    }
}

/// A port of this host that nothing listens at, and that the system chose for the probe itself
/// (RFC 9293 §3.5, a simultaneous open).
bool Probe::is_self_connected() {
    tcp::endpoint local(target_->address.is_v4() ? tcp::v4() : tcp::v6(), 0);
    auto octets = static_cast<socklen_t>(local.capacity());
    const int descriptor = socket_.native_handle();
    if (getsockname(descriptor, local.data(), &octets) != 0) { return false; }
    return local == endpoint_of(target_->address, check_.port);
}

void Probe::begin_tls() {
    // Not before: a session takes 40 KB, and most of those that hang do so in the connect.
    auto made = TlsSession::make(*settings_->tls, socket_.native_handle(), check_.host,
                                 target_->address, memory_);
    if (!made) { return finish_without(made.error()); }
    tls_ = std::move(made).value();
    phase_ = Phase::Handshake;
    shake_hands();
}

void Probe::shake_hands() {
    const StreamStep step = tls_->shake_hands();
    if (step.outcome != Outcome::Done) { return wait_for(step, &Probe::shake_hands); }
    report_.tls = since(phase_began_);
    report_.certificate_days = tls_->certificate_days();
    if (check_.kind == zones::CheckKind::Tls) { return finish({}); }
    phase_began_ = steady_clock::now();
    phase_ = Phase::Request;
    send_request();
}

void Probe::send_request() {
    if (reply_ == nullptr) {
        request_ = http_request(check_, target_->address, settings_->user_agent);
        reply_ = std::make_unique<HttpReply>(check_);
    }
    while (!request_.empty()) {
        const StreamStep step = write(request_);
        if (step.outcome != Outcome::Done) { return wait_for(step, &Probe::send_request); }
        request_.erase(0, step.octets);
    }
    phase_ = Phase::Reply;
    wait_for({.outcome = Outcome::WantsRead}, &Probe::read_reply);
}

void Probe::read_reply() {
    std::array<char, kReadOctets> octets;
    for (;;) {  // ends, since a reply of too many octets is a result
        const StreamStep step = read(octets);
        if (step.outcome == Outcome::Closed) { return finish(reply_->take_end()); }
        if (step.outcome != Outcome::Done) { return wait_for(step, &Probe::read_reply); }
        if (!report_.first_octet) { report_.first_octet = since(phase_began_); }
        auto result = reply_->take({octets.data(), step.octets});
        report_.status = reply_->status();
        if (result) { return finish(std::move(*result)); }
    }
}

void Probe::send_question() {
    // Where random numbers fail, a fixed ID does no harm: strangers do not know the port either.
    std::uint16_t id = 0;
    (void)getrandom(&id, sizeof id, GRND_NONBLOCK);
    question_ = dns::question_message(id, check_.question.name, check_.question.type);
    const StreamStep step = plain_step(send(socket_.native_handle(), question_.data(),
                                            question_.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
                                       Outcome::WantsWrite);
    if (step.outcome != Outcome::Done) { return wait_for(step, &Probe::send_question); }
    phase_ = Phase::Reply;
    wait_for({.outcome = Outcome::WantsRead}, &Probe::read_answer);
}

void Probe::read_answer() {
    std::array<std::uint8_t, kReadOctets> octets;
    for (;;) {  // ends, since few packets are passed over
        const ssize_t count =
            recv(socket_.native_handle(), octets.data(), octets.size(), MSG_DONTWAIT);
        const StreamStep step = plain_step(count, Outcome::WantsRead);
        const bool is_empty = count == 0;  // a datagram without octets, and no end
        if (step.outcome != Outcome::Done && !is_empty) {
            return wait_for(step, &Probe::read_answer);
        }
        auto result =
            judge_dns_reply(std::span(octets).first(step.octets), question_, check_.question);
        if (result) {
            report_.first_octet = since(phase_began_);
            return finish(std::move(*result));
        }
        if (++stray_count_ == kMaxProbeReplies) {
            return finish({FailureKind::Other, "replies that are to another question"});
        }
    }
}

StreamStep Probe::read(std::span<char> octets) {
    if (tls_ != nullptr) { return tls_->read(octets); }
    return plain_step(recv(socket_.native_handle(), octets.data(), octets.size(), MSG_DONTWAIT),
                      Outcome::WantsRead);
}

StreamStep Probe::write(std::string_view octets) {
    if (tls_ != nullptr) { return tls_->write(octets); }
    return plain_step(
        send(socket_.native_handle(), octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL),
        Outcome::WantsWrite);
}

void Probe::wait_for(const StreamStep& step, Next next) {
    const bool wants_read = step.outcome == Outcome::WantsRead;
    if (!wants_read && step.outcome != Outcome::WantsWrite) { return fail(step); }
    using Descriptor = boost::asio::posix::descriptor_base;
    socket_.async_wait(wants_read ? Descriptor::wait_read : Descriptor::wait_write,
                       [self = shared_from_this(), next](const error_code& error) {
                           if (self->finished_) { return; }
                           if (error) { return self->fail_with(error.value()); }
                           ((*self).*next)();
                       });
}

void Probe::set_deadline(std::chrono::milliseconds timeout) {
    deadline_.expires_at(report_.began + timeout);
    deadline_.async_wait([self = shared_from_this()](const error_code& stopped) {
        if (!stopped && !self->finished_) { self->take_deadline(); }
    });
}

void Probe::take_deadline() {
    if (command_) { return finish_with_problem("the process that runs commands gives no answer"); }
    finish({FailureKind::TimedOut, std::string(phase_name()) + " timed out"});
}

std::string_view Probe::phase_name() const {
    switch (phase_) {
        case Phase::Connect:
            return "connect";
        case Phase::Handshake:
            return "TLS handshake";
        case Phase::Request:
            return "request";
        case Phase::Reply:
            break;
    }
    return "reply";
}

void Probe::fail(const StreamStep& step) {
    if (step.outcome == Outcome::Error) { return fail_with(step.error); }
    if (tls_ != nullptr && !tls_->certificate_problem().empty()) {
        return finish({FailureKind::BadCertificate, tls_->certificate_problem()});
    }
    const bool closed = step.outcome == Outcome::Closed;
    const std::string during = " in the " + std::string(phase_name());
    finish({FailureKind::Other, closed ? "closed" + during : tls_->problem() + during});
}

void Probe::fail_with(int error) {
    if (is_own_shortage(error)) { return finish_without(own_shortage_text(error)); }
    finish(failure_of(error, phase_name(), report_.first_octet.has_value()));
}

void Probe::finish(CheckResult result) {
    const auto now = steady_clock::now();
    const auto deadline = report_.began + target_->timeout;
    if (now > deadline + kLateProbe || watch_.was_late_since(report_.began)) {
        return finish_without("it was read late by this server");
    }
    if (now > deadline && result.passed()) {
        result = {FailureKind::TimedOut, std::string(phase_name()) + " timed out"};
    }
    report_.result = std::move(result);
    deliver();
}

void Probe::finish_without(std::string why) {
    report_.why_none = std::move(why);
    deliver();
}

void Probe::deliver() {
    report_.total = since(report_.began);
    close();
    boost::asio::post(deadline_.get_executor(), [self = shared_from_this()] {
        if (self->done_) { std::exchange(self->done_, nullptr)(std::move(self->report_)); }
    });
}

void Probe::cancel() {
    done_ = nullptr;
    close();
}

void Probe::close() {
    if (std::exchange(finished_, true)) { return; }
    watch_.release();
    deadline_.cancel();
    if (command_) { settings_->commands->cancel(*std::exchange(command_, std::nullopt)); }
    tls_.reset();
    reply_.reset();
    error_code error;
    error = socket_.close(error);  // it is gone either way
}

ProbeReport::Duration Probe::since(steady_clock::time_point begin) const {
    return std::chrono::duration_cast<ProbeReport::Duration>(steady_clock::now() - begin);
}

}  // namespace meridian::server
