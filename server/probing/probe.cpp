// Probes one address once: connects, shakes hands, asks and reads, before a deadline.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/probe.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <utility>

#include "server/probing/http_request.h"
#include "server/probing/probe_failure.h"

namespace meridian::server {

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using Outcome = StreamStep::Outcome;

namespace {

constexpr std::size_t kReadOctets = 4096;

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
             std::shared_ptr<const ProbeSettings> settings, LoopWatch& watch,
             std::shared_ptr<TlsMemory> memory, Done done)
    : socket_(context),
      deadline_(context),
      target_(std::move(target)),
      settings_(std::move(settings)),
      watch_(watch),
      memory_(std::move(memory)),
      done_(std::move(done)) {}

Probe::~Probe() {
    close();  // the session before the socket that it uses
}

std::shared_ptr<Probe> Probe::start(boost::asio::io_context& context,
                                    std::shared_ptr<const ProbeTarget> target,
                                    std::shared_ptr<const ProbeSettings> settings, LoopWatch& watch,
                                    std::shared_ptr<TlsMemory> memory, Done done) {
    std::shared_ptr<Probe> probe(new Probe(context, std::move(target), std::move(settings), watch,
                                           std::move(memory), std::move(done)));
    probe->watch_.hold();
    probe->begin();
    return probe;
}

void Probe::begin() {
    report_.began = steady_clock::now();
    phase_began_ = report_.began;
    set_deadline();
    if (target_->check.kind == zones::CheckKind::Https && settings_->tls == nullptr) {
        return finish_without("this server has no TLS");
    }
    if (const int error = open_socket(); error != 0) { return fail_with(error); }
    socket_.async_connect(endpoint_of(target_->address, target_->check.port),
                          [self = shared_from_this()](const error_code& error) {
                              if (!self->finished_) { self->take_connection(error); }
                          });
}

/// Returns 0 or an `errno`.
int Probe::open_socket() {
    const bool is_v4 = target_->address.is_v4();
    error_code error;
    error = socket_.open(is_v4 ? tcp::v4() : tcp::v6(), error);
    if (error) { return error.value(); }
    const int descriptor = socket_.native_handle();
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // programs that are started inherit no probe
    error = socket_.native_non_blocking(true, error);
    if (error) { return error.value(); }
    const auto& source = is_v4 ? settings_->source_v4 : settings_->source_v6;
    if (!source) { return 0; }
    const int on = 1;  // ports are chosen when the address to reach is known: there are enough
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    error = socket_.bind(endpoint_of(*source, 0), error);
    return error.value();
}

void Probe::take_connection(const error_code& error) {
    if (error) { return fail_with(error.value()); }
    if (is_self_connected()) { return fail_with(ECONNREFUSED); }
    report_.connect = since(phase_began_);
    phase_began_ = steady_clock::now();
    switch (target_->check.kind) {
        case zones::CheckKind::Tcp:
            return finish({});
        case zones::CheckKind::Https:
            return begin_tls();
        case zones::CheckKind::Http:
            phase_ = Phase::Request;
            return send_request();
    }
}

/// A port of this host that nothing listens at, and that the system chose for the probe itself
/// (RFC 9293 §3.5, a simultaneous open).
bool Probe::is_self_connected() const {
    error_code error;
    const auto local = socket_.local_endpoint(error);
    return !error && local == endpoint_of(target_->address, target_->check.port);
}

void Probe::begin_tls() {
    // Not before: a session takes 40 KB, and most of those that hang do so in the connect.
    auto made = TlsSession::make(*settings_->tls, socket_.native_handle(), target_->check.host,
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
    phase_began_ = steady_clock::now();
    phase_ = Phase::Request;
    send_request();
}

void Probe::send_request() {
    if (reply_ == nullptr) {
        request_ = http_request(target_->check, target_->address, settings_->user_agent);
        reply_ = std::make_unique<HttpReply>(target_->check);
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
    socket_.async_wait(wants_read ? tcp::socket::wait_read : tcp::socket::wait_write,
                       [self = shared_from_this(), next](const error_code& error) {
                           if (self->finished_) { return; }
                           if (error) { return self->fail_with(error.value()); }
                           ((*self).*next)();
                       });
}

void Probe::set_deadline() {
    deadline_.expires_at(report_.began + target_->timeout);
    deadline_.async_wait([self = shared_from_this()](const error_code& stopped) {
        if (!stopped && !self->finished_) { self->take_deadline(); }
    });
}

void Probe::take_deadline() {
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
    tls_.reset();
    reply_.reset();
    error_code error;
    error = socket_.close(error);  // it is gone either way
}

ProbeReport::Duration Probe::since(steady_clock::time_point begin) const {
    return std::chrono::duration_cast<ProbeReport::Duration>(steady_clock::now() - begin);
}

}  // namespace meridian::server
