// Checks which zones a reload compiles, and that a zone knows of the zones below it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "meridian/clock.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

using test::head_of;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string zone_with(const std::string& apex, const std::string& records) {
    return "zone = \"" + apex + "\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n" +
           "[records]\n" + records;
}

class ZonesCompilerTest : public testing::Test {
protected:
    using Compiled = std::map<std::string, std::shared_ptr<const zones::CompiledZone>>;

    void write(const std::string& apex, const std::string& records) {
        directory_.write_zone(apex + ".toml", zone_with(apex, records));
    }
    void start(bool with_state) {
        data_ = std::make_unique<ServedData>(
            directory_.data(), with_state ? directory_.state() : StateDirectory(), clock_);
        publish(data_->load());
        ASSERT_TRUE(snapshot_);
    }
    LoadReport reload() {
        LoadReport report = data_->reload();
        publish(report);
        return report;
    }
    [[nodiscard]] Compiled compiled() const {
        Compiled compiled;
        for (const auto& [path, file] : data_->files()) {
            for (const LoadedZone& zone : file->zones) {
                compiled[zone.apex().to_text()] = zone.compiled();
            }
        }
        return compiled;
    }
    std::string head(const std::string& name, dns::Type type = dns::Type::A) {
        return head_of(test::ZoneAsker(snapshot_).ask(name, type));
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    std::unique_ptr<ServedData> data_;
    std::shared_ptr<const zones::Snapshot> snapshot_;

private:
    /// As a server does once the snapshot is published.
    void publish(const LoadReport& report) {
        if (report.snapshot) { snapshot_ = report.snapshot; }
        ASSERT_TRUE(data_->save_state());
        data_->give_back_memory();
    }
};

TEST_F(ZonesCompilerTest, AnEditCompilesNoOtherZone) {
    write("a.test", "www.a = \"192.0.2.1\"\n");
    write("b.test", "www.a = \"192.0.2.1\"\n");
    write("child.a.test", "www.a = \"192.0.2.1\"\n");
    start(true);
    const Compiled before = compiled();
    write("b.test", "www.a = \"192.0.2.1\"\nnew.a = \"192.0.2.2\"\n");
    ASSERT_TRUE(reload().snapshot);
    const Compiled after = compiled();
    EXPECT_EQ(after.at("a.test."), before.at("a.test."));
    EXPECT_EQ(after.at("child.a.test."), before.at("child.a.test."));
    EXPECT_NE(after.at("b.test."), before.at("b.test."));
    EXPECT_EQ(head("new.b.test."), "NOERROR aa");
    for (const auto& [path, file] : data_->files()) {
        for (const LoadedZone& zone : file->zones) {
            EXPECT_EQ(zone.model(), nullptr) << path << ": the model takes memory";
        }
    }
}

TEST_F(ZonesCompilerTest, AZoneBelowThatComesOrGoesChangesTheOneAbove) {
    write("a.test", "\"old.x.child\".a = \"192.0.2.1\"\n\"*\".a = \"192.0.2.3\"\n");
    write("b.test", "www.a = \"192.0.2.1\"\n");
    start(true);
    const Compiled before = compiled();
    EXPECT_EQ(head("old.x.child.a.test."), "NOERROR aa");
    write("deep.child.a.test", "www.a = \"192.0.2.1\"\n");
    ASSERT_TRUE(reload().snapshot);
    EXPECT_NE(compiled().at("a.test."), before.at("a.test."));
    EXPECT_EQ(compiled().at("b.test."), before.at("b.test."));
    EXPECT_EQ(head("www.deep.child.a.test."), "NOERROR aa");
    EXPECT_EQ(head("old.x.child.a.test."), "NOERROR aa");
    write("x.child.a.test", "www.a = \"192.0.2.1\"\n");
    ASSERT_TRUE(reload().snapshot);
    EXPECT_EQ(head("old.x.child.a.test."), "NXDOMAIN aa") << "it belongs to the new zone";

    for (const char* file : {"x.child.a.test.toml", "deep.child.a.test.toml"}) {
        std::filesystem::remove(directory_.zone_path(file));
    }
    ASSERT_TRUE(data_->reload(true).snapshot);
    snapshot_ = nullptr;
}

TEST_F(ZonesCompilerTest, TheSavedTextServesWhereTheFileAboveHasAnErrorMeanwhile) {
    write("a.test", "\"old.child\".a = \"192.0.2.1\"\n");
    start(true);
    write("a.test", "\"old.child\".a = \"192.0.2.\"\n");
    EXPECT_THAT(test::told(reload().diagnostics), HasSubstr("192.0.2."));
    write("child.a.test", "www.a = \"192.0.2.1\"\n");
    const LoadReport report = reload();
    ASSERT_TRUE(report.snapshot);
    EXPECT_THAT(test::told(report.diagnostics), Not(HasSubstr("came or went")));
    EXPECT_EQ(head("old.child.a.test."), "NXDOMAIN aa");
    EXPECT_EQ(head("www.child.a.test."), "NOERROR aa");
    std::filesystem::remove(directory_.zone_path("child.a.test.toml"));
    const LoadReport gone = data_->reload(true);
    ASSERT_TRUE(gone.snapshot);
    EXPECT_EQ(head_of(test::ZoneAsker(gone.snapshot).ask("old.child.a.test.", dns::Type::A)),
              "NOERROR aa");
}

TEST_F(ZonesCompilerTest, WithoutAnyTextTheZoneAboveStaysWithAWarning) {
    write("a.test", "www.a = \"192.0.2.1\"\n");
    start(false);
    write("a.test", "www.a = \"192.0.2.\"\n");
    write("deep.child.a.test", "www.a = \"192.0.2.1\"\n");
    LoadReport report = reload();
    ASSERT_TRUE(report.snapshot);
    EXPECT_THAT(test::told(report.diagnostics), HasSubstr("zones below a.test. came or went"));
    EXPECT_EQ(head("www.deep.child.a.test."), "NOERROR aa");
    EXPECT_EQ(head("www.a.test."), "NOERROR aa");
    EXPECT_EQ(head("child.a.test."), "NXDOMAIN aa") << "the fault that the warning is about";
    write("a.test", "www.a = \"192.0.2.4\"\n");
    report = reload();
    EXPECT_THAT(report.diagnostics, IsEmpty());
    EXPECT_EQ(head("child.a.test."), "NOERROR aa");
}

TEST_F(ZonesCompilerTest, AnOutdatedZoneIsMendedOnceItsFileIsAsItIsServed) {
    write("a.test", "\"old.child\".a = \"192.0.2.1\"\n");
    write("child.a.test", "www.a = \"192.0.2.1\"\n");
    start(false);
    EXPECT_EQ(head("old.child.a.test."), "NXDOMAIN aa");
    write("a.test", "\"old.child\".a = \"192.0.2.\"\n");
    std::filesystem::remove(directory_.zone_path("child.a.test.toml"));
    LoadReport report = reload();
    EXPECT_THAT(test::told(report.diagnostics), HasSubstr("zones below a.test. came or went"));
    EXPECT_EQ(head("old.child.a.test."), "NXDOMAIN aa") << "the fault that the warning is about";
    write("a.test", "\"old.child\".a = \"192.0.2.1\"\n");
    report = reload();
    EXPECT_THAT(report.diagnostics, IsEmpty());
    EXPECT_EQ(head("old.child.a.test."), "NOERROR aa");
    EXPECT_FALSE(reload().snapshot) << "there is nothing left to mend";
}

TEST_F(ZonesCompilerTest, AStartFromSavedCopiesKnowsWhichZonesLieBelowWhich) {
    write("a.test", "alias.cname = \"www.deep.child\"\n");
    write("deep.child.a.test", "www.a = \"192.0.2.1\"\n");
    start(true);
    data_.reset();
    std::filesystem::rename(directory_.path("zones"), directory_.path("away"));
    start(true);
    EXPECT_EQ(head("child.a.test."), "NOERROR aa");
    EXPECT_EQ(head("www.deep.child.a.test."), "NOERROR aa");
    const auto reply = test::ZoneAsker(snapshot_).ask("alias.a.test.", dns::Type::A);
    EXPECT_EQ(reply.answer.size(), 2U);
}

}  // namespace
}  // namespace meridian::server
