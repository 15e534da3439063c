// Probes small servers on loopback that answer, refuse, hang, drip, reset and lie.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/probe.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/server/probing/back_end.h"
#include "tests/server/probing/certificates.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using test::BackEnd;
using test::Certificate;
using test::make_certificate;
using test::replies;
using test::replies_over_tls;
using testing::HasSubstr;
using testing::StartsWith;

const IpAddress kLoopback = *IpAddress::parse("127.0.0.1");
constexpr milliseconds kLong{20'000};  // a server that answers does so within it, however busy
constexpr milliseconds kShort{300};
const std::string kFine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

std::shared_ptr<ProbeTarget> http(std::uint16_t port, milliseconds timeout = kLong) {
    auto target = std::make_shared<ProbeTarget>();
    target->address = kLoopback;
    target->checks.resize(1);
    target->checks.front() = {.kind = zones::CheckKind::Http,
                              .port = port,
                              .host = "www.beigel.example",
                              .path = "/healthz"};
    target->timeout = timeout;
    return target;
}

std::shared_ptr<ProbeTarget> tcp(std::uint16_t port, milliseconds timeout = kLong) {
    auto target = http(port, timeout);
    target->checks.front().kind = zones::CheckKind::Tcp;
    return target;
}

std::shared_ptr<ProbeTarget> https(std::uint16_t port, milliseconds timeout = kLong) {
    auto target = http(port, timeout);
    target->checks.front().kind = zones::CheckKind::Https;
    return target;
}

class AProbe : public testing::Test {
protected:
    ProbeReport once(const std::shared_ptr<const ProbeTarget>& target) {
        std::optional<ProbeReport> report;
        const auto probe =
            Probe::start(context_, target, 0, settings(), watch_, memory_,
                         [&](ProbeReport reported) { report = std::move(reported); });
        EXPECT_FALSE(report) << "done from within";
        context_.restart();
        context_.run();
        EXPECT_TRUE(report);
        return report.value_or(ProbeReport{});
    }
    /// The first that this machine, which may be busy, does not read late itself.
    ProbeReport probe(const std::shared_ptr<const ProbeTarget>& target) {
        ProbeReport report = once(target);
        for (int again = 0; again < 20 && report.why_none == kLate; ++again) {
            report = once(target);
        }
        return report;
    }
    void expect(const std::shared_ptr<const ProbeTarget>& target, FailureKind kind,
                const std::string& text) {
        const ProbeReport report = probe(target);
        ASSERT_TRUE(report.result) << report.why_none;
        EXPECT_EQ(report.result->failure, kind);
        EXPECT_EQ(report.result->text, text);
    }
    /// The same where only a part of the text is known.
    void expect_part(const std::shared_ptr<const ProbeTarget>& target, FailureKind kind,
                     const std::string& part) {
        const ProbeReport report = probe(target);
        ASSERT_TRUE(report.result) << report.why_none;
        EXPECT_EQ(report.result->failure, kind);
        EXPECT_NE(report.result->text.find(part), std::string::npos) << report.result->text;
    }
    void expect_pass(const std::shared_ptr<const ProbeTarget>& target) {
        const ProbeReport report = probe(target);
        ASSERT_TRUE(report.result) << report.why_none;
        EXPECT_TRUE(report.result->passed()) << report.result->text;
    }
    std::shared_ptr<const ProbeSettings> settings() {
        return std::make_shared<const ProbeSettings>(settings_);
    }

    const std::string kLate = "it was read late by this server";
    boost::asio::io_context context_{1};
    LoopWatch watch_{context_};
    ProbeSettings settings_;
    std::shared_ptr<TlsMemory> memory_;
};

TEST_F(AProbe, OfTcpPassesWithAConnection) {
    BackEnd back_end(test::wait_for_close);
    const ProbeReport report = probe(tcp(back_end.port()));
    ASSERT_TRUE(report.result && report.result->passed());
    EXPECT_TRUE(report.connect);
    EXPECT_GE(report.total, *report.connect);
    EXPECT_FALSE(report.tls);
}

TEST_F(AProbe, OfHttpPassesAndMeasures) {
    std::mutex mutex;
    std::string request;
    BackEnd back_end([&](int socket) {
        const std::string header = test::read_header(socket);
        const std::lock_guard lock(mutex);
        request = header;
        test::send_all(socket, kFine);
    });
    settings_.user_agent = "probe of a test";
    const ProbeReport report = probe(http(back_end.port()));
    ASSERT_TRUE(report.result && report.result->passed());
    EXPECT_EQ(report.status, 200);
    EXPECT_TRUE(report.connect && report.first_octet);
    const std::lock_guard lock(mutex);
    EXPECT_THAT(request, StartsWith("GET /healthz HTTP/1.1\r\nHost: www.beigel.example:"));
    EXPECT_THAT(request, HasSubstr("User-Agent: probe of a test\r\n"));
}

TEST_F(AProbe, IsRefusedWhereNothingListens) {
    const test::BoundPort bound = test::bind_port(-1);
    expect(tcp(bound.port), FailureKind::Refused, "connection refused");
    expect(http(bound.port), FailureKind::Refused, "connection refused");
}

TEST_F(AProbe, TimesOutWhereNoConnectionIsTaken) {
    const test::BoundPort bound = test::bind_port(0);
    std::vector<FileDescriptor> waiting;  // they fill the queue, so that the kernel drops a SYN
    for (int i = 0; i < 8; ++i) {
        waiting.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(bound.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        // It begins, and most never come to an end.
        EXPECT_LE(connect(waiting.back().get(), reinterpret_cast<const sockaddr*>(&address),
                          sizeof address),
                  0);
    }
    expect(tcp(bound.port, kShort), FailureKind::TimedOut, "connect timed out");
}

TEST_F(AProbe, TimesOutWhereTheServerHangs) {
    BackEnd back_end(test::wait_for_close);
    expect(http(back_end.port(), kShort), FailureKind::TimedOut, "reply timed out");
    settings_.tls = std::move(TlsContext::make()).value();
    expect(https(back_end.port(), kShort), FailureKind::TimedOut, "TLS handshake timed out");
}

TEST_F(AProbe, TimesOutAsAWholeWhileTheReplyDrips) {
    BackEnd back_end([](int socket) {
        test::read_header(socket);
        test::send_all(socket, "HTTP/1.1 200 OK\r\nX-Slow: ");
        while (test::send_all(socket, "a")) {
            std::this_thread::sleep_for(milliseconds(20));
        }
    });
    expect(http(back_end.port(), kShort), FailureKind::TimedOut, "reply timed out");
}

TEST_F(AProbe, IsResetBeforeAReply) {
    BackEnd at_once(test::reset);
    expect(http(at_once.port()), FailureKind::Reset, "reset before a reply");
    BackEnd later([](int socket) {
        test::read_header(socket);
        test::reset(socket);
    });
    expect(http(later.port()), FailureKind::Reset, "reset before a reply");
}

TEST_F(AProbe, SaysThatTheServerClosed) {
    BackEnd back_end([](int socket) { test::read_header(socket); });
    expect(http(back_end.port()), FailureKind::Other, "closed before a reply");
}

TEST_F(AProbe, FailsWith503AndWithRedirects) {
    BackEnd busy(replies("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
    expect(http(busy.port()), FailureKind::BadStatus, "503");
    BackEnd moved(replies("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"));
    expect(http(moved.port()), FailureKind::Redirect, "302 redirect to /login");
}

TEST_F(AProbe, EndsEndlessBodiesAndHeaders) {
    const auto endless = [](const std::string& begin, const std::string& more) {
        return [=](int socket) {
            test::read_header(socket);
            test::send_all(socket, begin);
            while (test::send_all(socket, more)) {}
        };
    };
    BackEnd body(endless("HTTP/1.1 200 OK\r\n\r\n", std::string(4096, '.')));
    auto target = http(body.port());
    target->checks.front().body = "ok";
    expect(target, FailureKind::BadBody, "the body lacks \"ok\"");
    BackEnd header(endless("HTTP/1.1 200 OK\r\n", "X-Padding: more\r\n"));
    expect_part(http(header.port()), FailureKind::Other, "no HTTP: ");
}

TEST_F(AProbe, FindsTextInTheBody) {
    BackEnd back_end(replies(kFine));
    auto target = http(back_end.port());
    target->checks.front().body = "fine";
    expect_pass(target);
    target->checks.front().body = "good";
    expect(target, FailureKind::BadBody, "the body lacks \"good\"");
}

TEST_F(AProbe, ComesFromTheSourceAddress) {
    std::mutex mutex;
    std::uint32_t peer = 0;
    BackEnd back_end([&](int socket) {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size);
        {
            const std::lock_guard lock(mutex);
            peer = ntohl(address.sin_addr.s_addr);
        }
        replies(kFine)(socket);
    });
    settings_.source_v4 = *IpAddress::parse("127.0.0.77");
    expect_pass(http(back_end.port()));
    {
        const std::lock_guard lock(mutex);
        EXPECT_EQ(IpAddress::v4(peer), *settings_.source_v4);
    }
    settings_.source_v4 = *IpAddress::parse("192.0.2.77");
    expect_part(http(back_end.port()), FailureKind::Unreachable, "no way from here");
}

TEST_F(AProbe, ThatIsCancelledClosesAndReportsNothing) {
    BackEnd back_end(test::wait_for_close);
    bool reported = false;
    const auto probe = Probe::start(context_, http(back_end.port()), 0, settings(), watch_, nullptr,
                                    [&](const ProbeReport&) { reported = true; });
    context_.run_for(milliseconds(50));
    probe->cancel();
    context_.restart();
    context_.run();  // ends, since nothing is left to wait for
    EXPECT_FALSE(reported);
}

TEST_F(AProbe, IsNoResultWhenThisServerReadsLate) {
    BackEnd fine(replies(kFine));
    BackEnd hung(test::wait_for_close);
    for (const auto& target :
         {http(fine.port()), tcp(fine.port()), http(hung.port(), milliseconds(200))}) {
        boost::asio::post(context_, [] { std::this_thread::sleep_for(milliseconds(600)); });
        const ProbeReport report = once(target);
        EXPECT_FALSE(report.result);
        EXPECT_EQ(report.why_none, kLate);
    }
}

/// An authority that probes trust, and servers with certificates of it.
class AProbeOfTls : public AProbe {
protected:
    void SetUp() override {
        authority_ = make_certificate({.common_name = "Test Authority", .is_authority = true});
        settings_.tls = std::move(TlsContext::make()).value();
        ASSERT_TRUE(settings_.tls->add_authority(authority_.pem()));
    }
    void expect_certificate(const Certificate& certificate, const std::string& text) {
        BackEnd back_end(replies_over_tls(certificate, kFine));
        expect(https(back_end.port()), FailureKind::BadCertificate, text);
    }
    [[nodiscard]] Certificate good() const {
        return make_certificate(
            {.common_name = "www", .alternative_names = "DNS:www.beigel.example"}, &authority_);
    }
    Certificate authority_;
};

TEST_F(AProbeOfTls, OfAHandshakePassesWithItAndAsksForNothing) {
    std::atomic<bool> was_asked = false;
    BackEnd back_end([&](int socket) {
        replies_over_tls(good(), kFine)(socket);
        was_asked = !test::read_header(socket).empty();
    });
    auto target = https(back_end.port());
    target->checks.front().kind = zones::CheckKind::Tls;
    const ProbeReport report = probe(target);
    ASSERT_TRUE(report.result) << report.why_none;
    EXPECT_TRUE(report.result->passed()) << report.result->text;
    EXPECT_EQ(report.certificate_days, 90);
    EXPECT_FALSE(report.first_octet);
    EXPECT_FALSE(was_asked);
}

TEST_F(AProbeOfTls, OfAHandshakeVerifiesTheCertificate) {
    const Certificate other = make_certificate(
        {.common_name = "www", .alternative_names = "DNS:other.example"}, &authority_);
    BackEnd back_end(replies_over_tls(other, kFine));
    auto target = https(back_end.port());
    target->checks.front().kind = zones::CheckKind::Tls;
    expect(target, FailureKind::BadCertificate, "certificate is for other.example");
}

TEST_F(AProbeOfTls, PassesAndKnowsWhenTheCertificateEnds) {
    const auto seen = std::make_shared<test::TlsSeen>();
    BackEnd back_end(replies_over_tls(good(), kFine, seen));
    auto target = https(back_end.port());
    target->checks.front().body = "fine";
    const ProbeReport report = probe(target);
    ASSERT_TRUE(report.result) << report.why_none;
    EXPECT_TRUE(report.result->passed()) << report.result->text;
    EXPECT_EQ(report.certificate_days, 90);
    EXPECT_TRUE(report.tls);
    const std::lock_guard lock(seen->mutex);
    EXPECT_EQ(seen->server_names.back(), "www.beigel.example");
}

TEST_F(AProbeOfTls, SaysThatTheCertificateEnded) {
    expect_certificate(make_certificate({.common_name = "www",
                                         .alternative_names = "DNS:www.beigel.example",
                                         .begins_in_seconds = -30L * 86'400,
                                         .ends_in_seconds = -3L * 86'400 - 3600},
                                        &authority_),
                       "certificate ended 3 days ago");
    expect_certificate(make_certificate({.common_name = "www",
                                         .alternative_names = "DNS:www.beigel.example",
                                         .begins_in_seconds = 5L * 3600 + 1800},
                                        &authority_),
                       "certificate begins in 5 hours");
}

TEST_F(AProbeOfTls, SaysForWhomTheCertificateIs) {
    expect_certificate(
        make_certificate({.common_name = "www", .alternative_names = "IP:192.0.2.1,IP:2001:db8::1"},
                         &authority_),
        "certificate is for 192.0.2.1 and 1 other name");
    expect_certificate(
        make_certificate({.common_name = "www", .alternative_names = "DNS:other.example"},
                         &authority_),
        "certificate is for other.example");
    expect_certificate(
        make_certificate({.common_name = "www",
                          .alternative_names = "DNS:a.example,DNS:*.b.example,DNS:c.example"},
                         &authority_),
        "certificate is for a.example and 2 other names");
    expect_certificate(make_certificate({.common_name = "old\x1b.example"}, &authority_),
                       "certificate is for old\\u001b.example");
}

TEST_F(AProbeOfTls, SaysThatTheAuthorityIsUnknown) {
    const Certificate other =
        make_certificate({.common_name = "Other Authority", .is_authority = true});
    expect_certificate(
        make_certificate({.common_name = "www", .alternative_names = "DNS:www.beigel.example"},
                         &other),
        "certificate is from an unknown authority, Other Authority");
    expect_certificate(
        make_certificate({.common_name = "www", .alternative_names = "DNS:www.beigel.example"}),
        "certificate is signed by itself");
}

TEST_F(AProbeOfTls, VerifiesTheAddressWhereThereIsNoHost) {
    BackEnd back_end(replies_over_tls(
        make_certificate({.common_name = "www", .alternative_names = "IP:127.0.0.1"}, &authority_),
        kFine));
    auto target = https(back_end.port());
    target->checks.front().host = "";
    expect_pass(target);
    BackEnd other(replies_over_tls(good(), kFine));
    target->checks.front().port = other.port();
    expect(target, FailureKind::BadCertificate, "certificate is for www.beigel.example");
}

TEST_F(AProbeOfTls, SaysThatTheServerSpeaksNoTls) {
    BackEnd plain(replies(kFine));
    BackEnd talkative([](int socket) {
        test::send_all(socket, kFine);
        test::wait_for_close(socket);
    });
    expect_part(https(talkative.port()), FailureKind::Other, "in the TLS handshake");
    BackEnd closing([](int socket) {
        std::array<char, 1> octet{};
        recv(socket, octet.data(), 1, 0);
        shutdown(socket, SHUT_WR);
        test::wait_for_close(socket);
    });
    expect(https(closing.port()), FailureKind::Other, "closed in the TLS handshake");
    BackEnd resetting(test::reset);
    expect(https(resetting.port()), FailureKind::Reset, "reset before a reply");
}

TEST_F(AProbeOfTls, SaysThatTheServerClosedBehindTheHandshake) {
    BackEnd back_end(replies_over_tls(good(), ""));
    expect(https(back_end.port()), FailureKind::Other, "closed before a reply");
}

TEST_F(AProbeOfTls, ResumesASessionForAMinute) {
    const auto seen = std::make_shared<test::TlsSeen>();
    BackEnd back_end(replies_over_tls(good(), kFine, seen));
    memory_ = std::make_shared<TlsMemory>();
    auto target = https(back_end.port());
    target->checks.front().body = "fine";
    expect_pass(target);
    expect_pass(target);
    {
        const std::lock_guard lock(seen->mutex);
        EXPECT_FALSE(seen->resumed.front());
        EXPECT_TRUE(seen->resumed.back());
    }
    EXPECT_EQ(probe(target).certificate_days, 90);
    EXPECT_EQ(memory_->recall(std::chrono::steady_clock::now() + std::chrono::minutes(1)), nullptr);
    expect_pass(target);
    const std::lock_guard lock(seen->mutex);
    EXPECT_FALSE(seen->resumed.back());
}

}  // namespace
}  // namespace meridian::server
