// Probes one address once: connects, shakes hands, asks and reads, before a deadline.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/model/health.h"
#include "server/helper/command_runner.h"
#include "server/probing/check_result.h"
#include "server/probing/http_reply.h"
#include "server/probing/loop_watch.h"
#include "server/probing/pushed_state.h"
#include "server/probing/stream_step.h"
#include "server/probing/tls_context.h"
#include "server/probing/tls_session.h"

namespace meridian::server {

/// What is probed, how, and how often.
struct ProbeTarget {
    IpAddress address = {};
    std::string host_name = {};  ///< Where it is not empty, the addresses of that host instead.
    std::vector<zones::HealthCheck> checks = {};  ///< One at least.
    zones::CheckNeed need = zones::CheckNeed::All;
    std::chrono::milliseconds every{5'000};
    std::chrono::milliseconds timeout{3'000};  ///< For the whole probe.
    friend bool operator==(const ProbeTarget&, const ProbeTarget&) = default;
};

/// What all probes of this server share.
struct ProbeSettings {
    std::string user_agent = "meridian-health";
    std::optional<IpAddress> source_v4 = {};  ///< Where probes come from; none: the system decides.
    std::optional<IpAddress> source_v6 = {};
    std::shared_ptr<TlsContext> tls = {};  ///< None: https and tls give no result.
    /// What the file of a check says of an address; none: files give no result.
    std::function<PushedVerdict(const zones::HealthCheck&, const IpAddress&)> ask_file = {};
    std::vector<std::string> command_names = {};   ///< By their numbers in the helper.
    std::shared_ptr<CommandRunner> commands = {};  ///< Null: commands give no result.
};

/// How a probe went.
struct ProbeReport {
    using Duration = std::chrono::microseconds;

    /// None: no result, for the reason in `why_none`. It says nothing of the address.
    std::optional<CheckResult> result = {};
    std::string why_none = {};  ///< "it was read late by this server".
    /// What operators have to mend before there is a result again; empty: nothing.
    std::string problem = {};
    std::chrono::steady_clock::time_point began = {};
    std::optional<Duration> connect = {};      ///< Until the connection was there, from the begin.
    std::optional<Duration> tls = {};          ///< Until the handshake was done, from there.
    std::optional<Duration> first_octet = {};  ///< Until the reply began, from the request.
    Duration total{0};
    std::uint16_t status = 0;                  ///< Of HTTP; 0: none came.
    std::optional<int> certificate_days = {};  ///< Until it ends; https and tls only.
};

/// One check of an address, once, on the one thread of its context.
///
/// Where this server itself was late by over 0.2 s, or lacks descriptors or memory, there is no
/// result. Nothing here throws on what the address sends.
class Probe : public std::enable_shared_from_this<Probe> {
public:
    using Done = std::function<void(ProbeReport)>;

    /// Starts the check of that number. Calls `done` once, later and never from within, unless it
    /// is cancelled. `target` and `settings` are held; `watch` outlives the probe, or its end.
    /// `memory` may be null.
    static std::shared_ptr<Probe> start(boost::asio::io_context& context,
                                        std::shared_ptr<const ProbeTarget> target,
                                        std::size_t check,
                                        std::shared_ptr<const ProbeSettings> settings,
                                        LoopWatch& watch, std::shared_ptr<TlsMemory> memory,
                                        Done done);
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe();

    /// Closes the connection; `done` is not called.
    void cancel();

private:
    enum class Phase : std::uint8_t { Connect, Handshake, Request, Reply };
    using Next = void (Probe::*)();

    Probe(boost::asio::io_context& context, std::shared_ptr<const ProbeTarget> target,
          std::size_t check, std::shared_ptr<const ProbeSettings> settings, LoopWatch& watch,
          std::shared_ptr<TlsMemory> memory, Done done);
    void begin();
    void ask_file();
    void run_command();
    void take_command(const CommandOutcome& outcome);
    void finish_with_problem(std::string problem);
    [[nodiscard]] int connect_socket();
    void take_connection();
    void begin_tls();
    void shake_hands();
    void send_request();
    void read_reply();
    void send_question();
    void read_answer();
    void wait_for(const StreamStep& step, Next next);
    void set_deadline(std::chrono::milliseconds timeout);
    void take_deadline();

    [[nodiscard]] StreamStep read(std::span<char> octets);
    [[nodiscard]] StreamStep write(std::string_view octets);
    [[nodiscard]] bool is_self_connected();
    [[nodiscard]] std::string_view phase_name() const;
    void fail(const StreamStep& step);
    void fail_with(int error);
    void finish(CheckResult result);
    void finish_without(std::string why);
    void deliver();
    void close();
    [[nodiscard]] ProbeReport::Duration since(std::chrono::steady_clock::time_point begin) const;

    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer deadline_;
    std::shared_ptr<const ProbeTarget> target_;
    const zones::HealthCheck& check_;  // of the target
    std::shared_ptr<const ProbeSettings> settings_;
    LoopWatch& watch_;
    std::shared_ptr<TlsMemory> memory_;
    Done done_;
    ProbeReport report_;
    Phase phase_ = Phase::Connect;
    std::chrono::steady_clock::time_point phase_began_;
    std::unique_ptr<TlsSession> tls_;
    std::unique_ptr<HttpReply> reply_;
    std::string request_;                       // what is still to be sent
    std::vector<std::uint8_t> question_;        // of the DNS
    std::optional<CommandRunner::Id> command_;  // that runs
    std::size_t stray_count_ = 0;               // packets that were no reply to it
    bool finished_ = false;
};

}  // namespace meridian::server
