// Checks what a watch asks of its owner while changes settle.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/change_watch.h"

#include <gtest/gtest.h>

#include <chrono>

namespace meridian::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// Of files that always differ from what was read.
class RestlessOwner final : public ChangeWatchOwner {
public:
    [[nodiscard]] FileWatcher::Paths watched_paths() const override { return {}; }
    [[nodiscard]] SourceLook look() const override { return {{"a.toml", "1 2 3"}}; }
    [[nodiscard]] bool has_changed() const override { return true; }
    [[nodiscard]] bool is_due(const SourceLook&, const FileIds&) const override { return true; }
    void on_look() override { ++looks; }
    void on_change() override { ++changes; }
    bool on_edit(const std::set<std::string>&) override { return false; }
    void on_problem(const std::string&) override {}
    void on_slow_writer(const std::string&) override {}

    int looks = 0;
    int changes = 0;
};

TEST(ChangeWatch, LooksGoOnWhileChangesSettle) {
    boost::asio::io_context context;
    const SystemClock clock;
    const WatchOptions options{.settle = hours(1),
                               .settle_at_most = hours(1),
                               .rest = hours(1),
                               .look_every = milliseconds(5),
                               .inotify = false};
    RestlessOwner owner;
    ChangeWatch watch(context, clock, options, owner);
    watch.refresh();
    const auto deadline = clock.steady() + std::chrono::seconds(20);
    while (owner.looks < 3 && clock.steady() < deadline) {
        context.run_one();
    }
    watch.stop();
    EXPECT_GE(owner.looks, 3);
    EXPECT_EQ(owner.changes, 0);
}

}  // namespace
}  // namespace meridian::server
