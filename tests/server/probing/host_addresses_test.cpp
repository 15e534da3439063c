// Checks that hosts are looked up without holding up the checks, and what follows of what is found.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/host_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/probing/kernel_routes.h"
#include "server/probing/prober.h"
#include "tests/server/probing/back_end.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

IpAddress address(const std::string& text) {
    return IpAddress::parse(text).value();
}

/// A resolver whose answers a test sets, and that counts its questions. Threads that ask it may
/// outlive the test.
class Resolver : public std::enable_shared_from_this<Resolver> {
public:
    void set(LookedUp answer) {
        const std::scoped_lock lock(mutex_);
        answer_ = std::move(answer);
    }
    [[nodiscard]] LookUp look_up() {
        return [self = shared_from_this()](const std::string& name) {
            ++self->count;
            while (self->hangs) {
                std::this_thread::sleep_for(milliseconds(1));
            }
            const std::scoped_lock lock(self->mutex_);
            return name == "gone.test" ? LookedUp(Failure{std::string("no such name")})
                                       : self->answer_;
        };
    }
    std::atomic<int> count = 0;
    std::atomic<bool> hangs = false;

private:
    std::mutex mutex_;
    LookedUp answer_ = std::vector{address("127.0.0.1")};
};

class HostAddressesTest : public testing::Test {
protected:
    bool run_until(const std::function<bool()>& done) {
        const auto end = steady_clock::now() + seconds(60);
        while (!done() && steady_clock::now() < end) {
            context_.restart();
            context_.run_for(milliseconds(5));
        }
        return done();
    }

    std::shared_ptr<Resolver> resolver_ = std::make_shared<Resolver>();
    boost::asio::io_context context_{1};
    HostAddresses hosts_{context_, resolver_->look_up()};
};

TEST_F(HostAddressesTest, AreKnownOnceTheResolverHasAnswered) {
    const LookedUp first = hosts_.of("db.test");
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error(), "db.test is being looked up");
    ASSERT_TRUE(run_until([&] { return hosts_.of("db.test").ok(); }));
    EXPECT_THAT(*hosts_.of("db.test"), ElementsAre(address("127.0.0.1")));
    EXPECT_EQ(resolver_->count, 1);
}

TEST_F(HostAddressesTest, AreAskedForAgainInBounds) {
    ASSERT_TRUE(run_until([&] { return hosts_.of("db.test").ok(); }));
    const auto known = steady_clock::now();
    resolver_->set(std::vector{address("127.0.0.2")});
    (void)hosts_.of("db.test", known + kLookUpEvery - seconds(1));
    EXPECT_EQ(resolver_->count, 1);
    EXPECT_THAT(*hosts_.of("db.test", known + kLookUpEvery + seconds(1)),
                ElementsAre(address("127.0.0.1")))
        << "until the resolver answers";
    ASSERT_TRUE(run_until([&] { return hosts_.of("db.test")->front() == address("127.0.0.2"); }));
    EXPECT_EQ(resolver_->count, 2);
}

TEST_F(HostAddressesTest, AFailureIsTriedAgainSooner) {
    ASSERT_TRUE(run_until([&] {
        const LookedUp found = hosts_.of("gone.test");
        return !found && found.error() == "no such name";
    }));
    const auto known = steady_clock::now();
    (void)hosts_.of("gone.test", known + kLookUpAgain - seconds(1));
    EXPECT_EQ(resolver_->count, 1);
    (void)hosts_.of("gone.test", known + kLookUpAgain + seconds(1));
    ASSERT_TRUE(run_until([&] { return resolver_->count == 2; }));
}

TEST_F(HostAddressesTest, AResolverThatHangsGivesNoneAndNeverMoreThanAFewThreads) {
    resolver_->hangs = true;
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(hosts_.of(std::to_string(i) + ".test"));
    }
    ASSERT_TRUE(run_until([&] { return resolver_->count == static_cast<int>(kMaxLookUps); }));
    const LookedUp late = hosts_.of("0.test", steady_clock::now() + kLookUpTakes + seconds(1));
    EXPECT_THAT(late.error(), HasSubstr("no answer comes"));
    resolver_->hangs = false;
    ASSERT_TRUE(run_until([&] { return hosts_.of("19.test").ok(); }));
}

TEST(HostAddresses, EndWithoutWaitingForTheResolver) {
    const auto resolver = std::make_shared<Resolver>();
    resolver->hangs = true;
    {
        boost::asio::io_context context{1};
        HostAddresses hosts(context, resolver->look_up());
        (void)hosts.of("db.test");
    }
    resolver->hangs = false;
}

TEST(LookUpHost, KnowsThisHost) {
    const LookedUp found = look_up_host("localhost");
    ASSERT_TRUE(found) << found.error();
    EXPECT_TRUE(std::ranges::count(*found, address("127.0.0.1")) == 1 ||
                std::ranges::count(*found, address("::1")) == 1);
}

TEST(LookUpHost, LeavesOutWhatIsNeverChecked) {
    const LookedUp found = look_up_host("169.254.169.254");  // the resolver reads addresses, too
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(),
              "169.254.169.254 leads to 169.254.169.254, which is never checked, since it is local "
              "to a link");
}

TEST(LookUpHost, SaysWhyThereIsNone) {
    EXPECT_THAT(look_up_host("no.such.name.invalid").error(),
                HasSubstr("no.such.name.invalid cannot be looked up: "));
}

TEST(KernelRoutes, LeadToThisHost) {
    EXPECT_TRUE(has_any_route(std::vector{address("127.0.0.1")}));
    EXPECT_TRUE(has_any_route({}));
}

/// The prober with a resolver of its own.
class HostsOfTheProber : public HostAddressesTest {
protected:
    HostsOfTheProber() {
        prober_ = std::make_unique<Prober>(
            context_, ProberOptions{.seed = 18, .look_up = resolver_->look_up()},
            [this](std::span<const Probed> probed) {
                for (const Probed& one : probed) {
                    reports_.push_back(one.report);
                }
            });
    }
    void probe(const std::string& host, std::uint16_t port) {
        ProbeTarget target{.host_name = host,
                           .checks = {{.kind = zones::CheckKind::Tcp, .port = port}},
                           .every = milliseconds(100),
                           .timeout = milliseconds(90)};
        prober_->replace(std::vector{target});
    }
    /// Waits for a report that comes from now on.
    const TargetReport* next(const std::function<bool(const TargetReport&)>& is_wanted) {
        reports_.clear();
        const TargetReport* found = nullptr;
        (void)run_until([&] {
            const auto report = std::ranges::find_if(reports_, is_wanted);
            if (report != reports_.end()) { found = &*report; }
            return found != nullptr;
        });
        return found;
    }
    static bool passes(const TargetReport& report) {
        return report.result && report.result->passed();
    }

    std::unique_ptr<Prober> prober_;
    std::vector<TargetReport> reports_;
};

TEST_F(HostsOfTheProber, PassWhereOneAddressPasses) {
    test::BackEnd back_end(test::replies("hello"));  // at 127.0.0.1 alone
    resolver_->set(std::vector{address("127.0.0.9"), address("127.0.0.1")});
    probe("db.test", back_end.port());
    const TargetReport* report = next(passes);
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->families, (FamilySet{true, false}));
}

TEST_F(HostsOfTheProber, FailWithTheAddressWhereNonePasses) {
    test::BackEnd back_end(test::replies("hello"));
    resolver_->set(std::vector{address("127.0.0.9")});
    probe("db.test", back_end.port());
    const TargetReport* report =
        next([](const TargetReport& each) { return each.result && !each.result->passed(); });
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->result->text, "127.0.0.9: connection refused");
}

TEST_F(HostsOfTheProber, HaveNoResultWhileTheyCannotBeLookedUp) {
    probe("gone.test", 1);
    const TargetReport* report =
        next([](const TargetReport& each) { return each.why_none == "no such name"; });
    ASSERT_NE(report, nullptr);
    EXPECT_FALSE(report->result);
}

TEST_F(HostsOfTheProber, AreAskedNoMoreWhenTheTargetIsGone) {
    test::BackEnd back_end(test::replies("hello"));
    probe("db.test", back_end.port());
    ASSERT_NE(next(passes), nullptr);
    prober_->replace({});
    EXPECT_EQ(prober_->in_flight_count(), 0U);
    EXPECT_EQ(prober_->target_count(), 0U);
}

}  // namespace
}  // namespace meridian::server
