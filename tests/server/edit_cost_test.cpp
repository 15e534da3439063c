// Proves that an edit of one zone goes over no other: it asks for as much memory beside many zones.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/set_clock.h"
#include "tests/server/told.h"
#include "tests/support/call_counters.h"

namespace meridian::server {
namespace {

constexpr int kFew = 20;
constexpr int kMany = 400;
// A pass that asks for memory once for each zone asks for far more, and a deeper map for none.
constexpr std::uint64_t kSlack = 40;

class EditedServer {
public:
    explicit EditedServer(int zones) {
        for (int zone = 0; zone < zones; ++zone) {
            write(zone, "192.0.2.1");
        }
        const LoadReport report = data_.load();
        EXPECT_TRUE(report.snapshot) << test::told(report.diagnostics);
        keeper_.note_start(report);
        save();
        data_.give_back_memory();
        (void)edit();  // the first one begins the journals
    }
    /// How often memory is asked for until the edit is live, shown and saved.
    std::uint64_t edit() {
        ++clock_.now;
        const std::string path = write(3, "192.0.2." + std::to_string(++edits_ + 1));
        const std::uint64_t before = allocation_count();
        const auto report = data_.reload_files({path});
        EXPECT_TRUE(report && report->snapshot);
        if (!report) { return 0; }
        (void)keeper_.note_reload(*report, std::chrono::milliseconds(1));
        save();
        data_.give_back_memory();
        return allocation_count() - before;
    }

private:
    std::string write(int zone, const std::string& address) {
        const std::string name = "z" + std::to_string(1000 + zone);
        return directory_.write_zone(name + ".toml",
                                     "zone = \"" + name +
                                         ".example\"\nnameservers = [\"ns1.example.net.\", "
                                         "\"ns2.example.net.\"]\n[records]\nwww.a = \"" +
                                         address + "\"\n");
    }
    void save() {
        for (;;) {
            const auto saved = data_.save_state();
            ASSERT_TRUE(saved) << saved.error();
            if (*saved) { return; }
        }
    }

    test::ServedDirectory directory_;
    test::SetClock clock_;
    StatusBoard board_;
    ServedData data_{directory_.data(), directory_.state(), clock_};
    StatusKeeper keeper_{data_, board_, clock_};
    int edits_ = 0;
};

TEST(EditCost, IsThatOfTheZoneAndNotOfThoseBesideIt) {
    EditedServer few(kFew);
    EditedServer many(kMany);
    const std::uint64_t beside_few = few.edit();
    const std::uint64_t beside_many = many.edit();
    EXPECT_GT(beside_few, 0U) << "the counter counts nothing";
    EXPECT_LE(beside_many, beside_few + kSlack);
}

}  // namespace
}  // namespace meridian::server
