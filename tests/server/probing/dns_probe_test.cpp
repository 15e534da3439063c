// Asks small nameservers on loopback that answer, hang, refuse, and answer what was not asked.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "meridian/dns/reply.h"
#include "meridian/file_descriptor.h"
#include "meridian/limits.h"
#include "server/probing/probe.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using Octets = std::vector<std::uint8_t>;

/// Answers each question at a port of 127.0.0.1 with packets that a test makes of it.
class Nameserver {
public:
    using Answer = std::function<std::vector<Octets>(const Octets& question)>;

    explicit Nameserver(Answer answer) : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in local{};
        local.sin_family = AF_INET;
        local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(socket_.get(), reinterpret_cast<sockaddr*>(&local), sizeof local), 0);
        socklen_t octets = sizeof local;
        EXPECT_EQ(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&local), &octets), 0);
        port_ = ntohs(local.sin_port);
        thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
    }
    Nameserver(const Nameserver&) = delete;
    Nameserver& operator=(const Nameserver&) = delete;
    ~Nameserver() {
        shutdown(socket_.get(), SHUT_RDWR);
        thread_.join();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    void serve(const Answer& answer) {
        for (;;) {
            Octets packet(512);
            sockaddr_in client{};
            socklen_t octets = sizeof client;
            const ssize_t count = recvfrom(socket_.get(), packet.data(), packet.size(), 0,
                                           reinterpret_cast<sockaddr*>(&client), &octets);
            if (count <= 0) { return; }
            packet.resize(static_cast<std::size_t>(count));
            for (const Octets& reply : answer(packet)) {
                sendto(socket_.get(), reply.data(), reply.size(), 0,
                       reinterpret_cast<sockaddr*>(&client), octets);
            }
        }
    }

    FileDescriptor socket_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

Octets reply_of(Octets question, std::uint8_t rcode = 0) {
    question[2] |= 0x80;
    question[3] = rcode;
    return question;
}

Octets of_another_id(Octets reply) {
    reply[0] ^= 1;
    return reply;
}

std::shared_ptr<ProbeTarget> dns(std::uint16_t port, milliseconds timeout = milliseconds(20'000)) {
    auto target = std::make_shared<ProbeTarget>();
    target->address = *IpAddress::parse("127.0.0.1");
    target->timeout = timeout;
    zones::HealthCheck& check = target->checks.emplace_back();
    check.kind = zones::CheckKind::Dns;
    check.port = port;
    check.question.name = dns::Name::parse_absolute("www.beigel.example").value();
    return target;
}

class AProbeOfDns : public testing::Test {
protected:
    ProbeReport once(const std::shared_ptr<const ProbeTarget>& target) {
        std::optional<ProbeReport> report;
        const auto probe =
            Probe::start(context_, target, 0, std::make_shared<const ProbeSettings>(), watch_, {},
                         [&](ProbeReport reported) { report = std::move(reported); });
        context_.restart();
        context_.run();
        EXPECT_TRUE(report);
        return report.value_or(ProbeReport{});
    }
    /// "passes" or the text of the failure. This machine may be late itself; then it asks again.
    std::string probed(const std::shared_ptr<const ProbeTarget>& target) {
        for (int left = 20; left > 0; --left) {
            const ProbeReport report = once(target);
            if (!report.result) { continue; }
            return report.result->passed() ? "passes" : report.result->text;
        }
        return "no result";
    }

    boost::asio::io_context context_{1};
    LoopWatch watch_{context_};
};

TEST_F(AProbeOfDns, PassesWithAReplyOfTheCode) {
    Nameserver server(
        [](const Octets& question) { return std::vector<Octets>{reply_of(question)}; });
    EXPECT_EQ(probed(dns(server.port())), "passes");
    const ProbeReport report = once(dns(server.port()));
    EXPECT_FALSE(report.connect);
    if (report.result) { EXPECT_TRUE(report.first_octet); }
}

TEST_F(AProbeOfDns, FailsWithAnotherCode) {
    Nameserver server(
        [](const Octets& question) { return std::vector<Octets>{reply_of(question, 2)}; });
    EXPECT_EQ(probed(dns(server.port())), "SERVFAIL");
}

TEST_F(AProbeOfDns, WaitsBehindRepliesToOtherQuestions) {
    Nameserver server([](const Octets& question) {
        const Octets reply = reply_of(question);
        return std::vector<Octets>{of_another_id(reply), Octets(), question, reply};
    });
    EXPECT_EQ(probed(dns(server.port())), "passes");
}

TEST_F(AProbeOfDns, TakesFewRepliesToOtherQuestions) {
    Nameserver server([](const Octets& question) {
        return std::vector(kMaxProbeReplies, of_another_id(reply_of(question)));
    });
    EXPECT_EQ(probed(dns(server.port())), "replies that are to another question");
}

TEST_F(AProbeOfDns, FailsWhereNothingAnswersAndWhereNothingListens) {
    Nameserver silent([](const Octets&) { return std::vector<Octets>(); });
    EXPECT_EQ(probed(dns(silent.port(), milliseconds(300))), "reply timed out");
    std::uint16_t port = 0;
    {
        const Nameserver gone([](const Octets&) { return std::vector<Octets>(); });
        port = gone.port();
    }
    EXPECT_EQ(probed(dns(port)), "connection refused");
}

}  // namespace
}  // namespace meridian::server
