// Checks under which serials zones are served, over edits, restarts and clocks that are set back.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utime.h>

#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "meridian/zones/verdict.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/set_clock.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;

constexpr std::time_t kEdited = 1'780'000'000;

/// A server that can be stopped and started over one directory of zones and one of state.
class ServedSerials : public testing::Test {
protected:
    void write(std::string_view file, const std::string& text, std::time_t modified) const {
        const std::string path = directory_.write_zone(file, text);
        const utimbuf times{modified, modified};
        ASSERT_EQ(utime(path.c_str(), &times), 0);
    }
    void write_zone(std::string_view address, std::time_t modified,
                    std::string_view soa = "") const {
        write("a.toml",
              "zone = \"a.example\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n" +
                  std::string(soa) + "[records]\nwww.a = \"" + std::string(address) + "\"\n",
              modified);
    }

    void start() {
        data_.reset();  // lets go of the state directory
        data_ = std::make_unique<ServedData>(directory_.data(), directory_.state(), clock_);
        take(data_->load());
        keep();
    }
    void reload() {
        take(data_->reload());
        keep();
    }
    void keep() {
        const auto kept = data_->save_state();
        save_error_ = kept ? "" : kept.error();
    }

    /// Of a.example, as a client gets it.
    [[nodiscard]] std::uint32_t serial() const {
        zones::VerdictQuestion question;
        question.name = dns::Name::parse_absolute("a.example.").value();
        question.type = dns::Type::SOA;
        const std::string text =
            zones::explain(zones::Serving(snapshot_), {}, question).answer.at(0);
        const std::string mailbox = "hostmaster.a.example. ";
        return static_cast<std::uint32_t>(
            std::stoul(text.substr(text.find(mailbox) + mailbox.size())));
    }

    test::ServedDirectory directory_;
    test::SetClock clock_;
    std::unique_ptr<ServedData> data_;
    std::shared_ptr<const zones::Snapshot> snapshot_;
    std::string reported_;  ///< At the last load.
    std::string save_error_;

private:
    void take(const LoadReport& report) {
        reported_ = test::told(report.diagnostics);
        if (report.snapshot) { snapshot_ = report.snapshot; }
        ASSERT_TRUE(snapshot_) << reported_ << report.database_error;
    }
};

TEST_F(ServedSerials, BeginWithTheTimeOfTheNewestFile) {
    write_zone("192.0.2.1", kEdited);
    start();
    EXPECT_EQ(serial(), kEdited);
    EXPECT_EQ(reported_, "");

    write("a.toml",
          "zone = \"a.example\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n"
          "records_from = [\"more\"]\n",
          kEdited + 10);
    write("more", "www A 192.0.2.7\n", kEdited + 20);
    reload();
    EXPECT_EQ(serial(), kEdited + 20);
}

TEST_F(ServedSerials, StayWhereOnlyTheTextChanged) {
    write_zone("192.0.2.1", kEdited);
    start();
    write_zone("192.0.2.1", kEdited + 50);
    reload();
    EXPECT_EQ(serial(), kEdited) << "touched";
    write_zone("192.0.2.1", kEdited + 60, "# a remark\n");
    reload();
    EXPECT_EQ(serial(), kEdited);
    start();
    EXPECT_EQ(serial(), kEdited);
}

TEST_F(ServedSerials, RiseWithEveryChangeAndAreThereAfterARestart) {
    write_zone("192.0.2.1", kEdited);
    start();
    write_zone("192.0.2.2", kEdited + 50);
    reload();
    EXPECT_EQ(serial(), kEdited + 50);
    write_zone("192.0.2.3", kEdited + 50);
    reload();
    EXPECT_EQ(serial(), clock_.now) << "two changes in one second of the file";
    start();
    EXPECT_EQ(serial(), clock_.now);
    clock_.now += 1000;
    start();
    EXPECT_EQ(serial(), clock_.now - 1000);
    write_zone("192.0.2.4", clock_.now - 5);  // while nothing ran
    start();
    EXPECT_EQ(serial(), clock_.now - 5);
}

TEST_F(ServedSerials, RiseWhenAnOldFileIsPutBackAndTheClockIsSetBack) {
    write_zone("192.0.2.1", kEdited);
    start();
    clock_.now = 1000;
    write_zone("192.0.2.2", 500);
    reload();
    EXPECT_EQ(serial(), kEdited + 1);
    write_zone("192.0.2.1", 400);
    start();
    EXPECT_EQ(serial(), kEdited + 2);
}

TEST_F(ServedSerials, BelongToTheZoneNotToItsFile) {
    write_zone("192.0.2.1", kEdited);
    start();
    std::filesystem::rename(directory_.path("zones/a.toml"), directory_.path("zones/b.toml"));
    write("c.toml", "zone = \"c.example\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n",
          kEdited + 9);
    reload();
    EXPECT_EQ(serial(), kEdited);
    std::filesystem::rename(directory_.path("zones/b.toml"), directory_.path("b"));
    reload();
    start();
    write_zone("192.0.2.2", 5);
    clock_.now = 0;
    reload();
    EXPECT_EQ(serial(), kEdited + 1) << "gone, but not forgotten";
}

TEST_F(ServedSerials, AreKeptOnlyOnceTheyAreServed) {
    write_zone("192.0.2.1", kEdited);
    start();
    write_zone("nonsense", kEdited + 50);
    reload();
    EXPECT_EQ(serial(), kEdited);
    write_zone("192.0.2.1", kEdited + 70);
    reload();
    EXPECT_EQ(serial(), kEdited);
}

TEST_F(ServedSerials, ThatAreWrittenAreServedAndWatched) {
    write_zone("192.0.2.1", kEdited, "soa.serial = 2026112201\n");
    start();
    EXPECT_EQ(serial(), 2026112201U);
    EXPECT_EQ(reported_, "");
    write_zone("192.0.2.2", kEdited, "soa.serial = 2026112201\n");
    reload();
    EXPECT_EQ(serial(), 2026112201U);
    EXPECT_THAT(reported_,
                HasSubstr("a.toml:3:14: warning: soa.serial: the zone has changed, but its "
                          "serial is 2026112201 as before"));
    start();
    EXPECT_EQ(reported_, "") << "that is how it is served now";
    write_zone("192.0.2.2", kEdited, "soa.serial = 2026112200\n");
    start();
    EXPECT_EQ(serial(), 2026112200U) << "as the operator wants it";
    EXPECT_THAT(reported_, HasSubstr("the serial 2026112200 does not come after 2026112201"));
    write_zone("192.0.2.3", kEdited);
    reload();
    EXPECT_EQ(serial(), 2026112201U) << "no longer written, and never behind";
}

TEST_F(ServedSerials, BeginAgainWhereTheStateIsGoneOrDamaged) {
    write_zone("192.0.2.1", kEdited);
    start();
    write_zone("192.0.2.2", kEdited + 50);
    reload();
    write_zone("192.0.2.2", kEdited + 60);
    std::filesystem::remove_all(directory_.path("state"));
    start();
    EXPECT_EQ(serial(), kEdited + 60) << "not below the time of the file";
    EXPECT_EQ(reported_, "");
    directory_.write("state/serials", "rubbish");
    start();
    EXPECT_EQ(serial(), kEdited + 60);
    EXPECT_THAT(reported_, HasSubstr("state/serials: it is damaged"));
    EXPECT_THAT(reported_, HasSubstr(": warning: "));
    write_zone("192.0.2.2", kEdited + 70);
    start();
    EXPECT_EQ(reported_, "") << "written anew";
    EXPECT_EQ(serial(), kEdited + 60);
}

TEST_F(ServedSerials, AreServedWithoutAStateDirectory) {
    directory_.write("state", "a file in its place");
    write_zone("192.0.2.1", kEdited);
    start();
    EXPECT_FALSE(data_->state().saves());
    EXPECT_EQ(save_error_, "");
    write_zone("192.0.2.1", kEdited + 50);
    reload();
    EXPECT_EQ(serial(), kEdited) << "remembered while it runs";
    write_zone("192.0.2.2", kEdited);
    reload();
    EXPECT_EQ(serial(), clock_.now);
    start();
    EXPECT_EQ(serial(), kEdited);
}

TEST_F(ServedSerials, AreWrittenLaterWhereWritingFails) {
    std::filesystem::create_directories(directory_.path("state/serials"));
    write_zone("192.0.2.1", kEdited);
    start();
    EXPECT_THAT(reported_, HasSubstr("no ordinary file"));
    EXPECT_THAT(save_error_, HasSubstr("cannot write"));
    std::filesystem::remove(directory_.path("state/serials"));
    reload();
    EXPECT_EQ(save_error_, "");
    write_zone("192.0.2.1", kEdited + 50);
    start();
    EXPECT_EQ(serial(), kEdited);
}

}  // namespace
}  // namespace meridian::server
