// Checks that a start takes what was compiled before only where that is what it would compile.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/compiled_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "meridian/geo/world.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/verdict.h"
#include "server/sources/served_data.h"
#include "server/state/file_text.h"
#include "server/state/state_lock.h"
#include "tests/server/temporary_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr const char* kFrankfurt = "[50.03, 8.57]";
constexpr const char* kSingapore = "[1.36, 103.99]";

/// A world in which 192.0.2.0/24 lies at `at`.
std::string world_at(geo::Coordinates at) {
    geo::AtlasBuilder builder;
    geo::Location location;
    location.country = *geo::CountryCode::parse("DE");
    location.has_coordinates = true;
    location.at = at;
    builder.add(*IpPrefix::parse("192.0.2.0/24"), builder.add_location(location));
    const auto octets = geo::write_world(std::move(builder).build(), {});
    return {octets.begin(), octets.end()};
}

/// A server of one steered name that can be stopped and started over one directory of state.
class Copies : public testing::Test {
protected:
    Copies() {
        write_world({50.1, 8.7});
        write_zone("a", kFrankfurt);
    }

    /// In place of the old one: the same inode could have the same time.
    void write_world(geo::Coordinates at) const {
        std::filesystem::rename(directory_.write("test.world.new", world_at(at)),
                                directory_.path("test.world"));
    }
    void write_zone(const std::string& name, const std::string& first_at) const {
        directory_.write("zones/" + name + ".toml",
                         "zone = \"" + name + ".example\"\n" +
                             "nameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n"
                             "[regions.one]\nat = " +
                             first_at + "\naddresses = [\"192.0.2.10\"]\n" +
                             "[regions.two]\nat = [38.95, -77.45]\naddresses = [\"192.0.2.20\"]\n"
                             "[records]\nwww.steer = \"nearest\"\n");
    }
    void start() { start_in(StateDirectory::open_to_write({state_path()})); }
    void start_in(StateDirectory state, std::uint64_t least_leaves = 0) {
        data_ = std::make_unique<ServedData>(
            DataPaths{directory_.path("zones"), {directory_.path("test.world")}, least_leaves},
            std::move(state), clock_);
        take(data_->load());
    }
    void stop() { data_.reset(); }  // lets go of the state directory
    /// Starts, saves what there is to save, and stops, like a server that ran before.
    void live_once() {
        start();
        keep();
        ASSERT_EQ(save_error_, "");
        stop();
    }
    void reload() {
        take(data_->reload());
        keep();
    }
    void keep() {
        const auto kept = data_->save_copies();
        save_error_ = kept ? "" : kept.error();
    }

    [[nodiscard]] std::string used() const { return data_->copies().used_text(); }
    [[nodiscard]] std::string state_path() const { return directory_.path("state"); }
    [[nodiscard]] std::string atlas_file() const { return state_path() + "/atlas"; }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(state_path())) {
            const std::string name = entry.path().filename().string();
            if (name != kLockFile) { names.push_back(name); }  // who holds the directory
        }
        return names;
    }
    [[nodiscard]] std::string table_file() const {
        for (const std::string& name : names()) {
            if (name.starts_with("routes-")) { return state_path() + "/" + name; }
        }
        return {};
    }
    static std::string text_of(const std::string& path) {
        return read_file(path, std::size_t{64} << 20)->text;
    }
    void write_state(const std::string& path, const std::string& text) const {
        directory_.write("state/" + std::filesystem::path(path).filename().string(), text);
    }
    /// The address that a client in 192.0.2.0/24 gets.
    [[nodiscard]] std::string answer() const {
        zones::VerdictQuestion question;
        question.name = dns::Name::parse_absolute("www.a.example.").value();
        question.type = dns::Type::A;
        question.peer = *IpAddress::parse("192.0.2.1");
        const std::string text =
            zones::explain(zones::Serving(snapshot_), {}, question).answer.at(0);
        return text.substr(text.rfind(' ') + 1);
    }

    test::TemporaryDirectory directory_;
    SystemClock clock_;
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

TEST_F(Copies, AreMadeOnceAndUsedAtTheNextStart) {
    start();
    EXPECT_EQ(used(), "none");
    EXPECT_THAT(names(), IsEmpty());
    keep();
    EXPECT_THAT(names(), UnorderedElementsAre("atlas", StartsWith("routes-")));
    const auto made = std::filesystem::last_write_time(atlas_file());
    EXPECT_EQ(answer(), "192.0.2.10");
    stop();

    start();
    EXPECT_EQ(reported_, "");
    EXPECT_EQ(used(), "atlas, 1 table");
    EXPECT_EQ(answer(), "192.0.2.10");
    EXPECT_THAT(data_->atlas()->info().paths, ElementsAre(directory_.path("test.world")));
    keep();
    reload();
    EXPECT_EQ(std::filesystem::last_write_time(atlas_file()), made);
}

TEST_F(Copies, OfAnotherDatabaseAreNotUsedAndReplaced) {
    live_once();
    const std::string old_atlas = text_of(atlas_file());
    const std::string old_table = table_file();
    write_world({39.0, -77.0});
    start();
    EXPECT_EQ(used(), "none");
    EXPECT_EQ(reported_, "");
    EXPECT_EQ(answer(), "192.0.2.20");
    keep();
    EXPECT_NE(text_of(atlas_file()), old_atlas);
    EXPECT_FALSE(std::filesystem::exists(old_table));
    EXPECT_EQ(names().size(), 2U);
    stop();
    start();
    EXPECT_EQ(used(), "atlas, 1 table");
    EXPECT_EQ(answer(), "192.0.2.20");
}

TEST_F(Copies, FollowAReload) {
    start();
    keep();
    write_world({39.0, -77.0});
    reload();
    write_zone("a", kSingapore);
    reload();
    EXPECT_EQ(names().size(), 2U);
    stop();
    start();
    EXPECT_EQ(used(), "atlas, 1 table");
    EXPECT_EQ(answer(), "192.0.2.20");
}

TEST_F(Copies, OfTablesAreMadeForEachPolicyAndGoWithIt) {
    live_once();
    write_zone("b", kSingapore);
    start();
    EXPECT_EQ(used(), "atlas, 1 table");
    keep();
    EXPECT_EQ(names().size(), 3U);
    stop();
    start();
    EXPECT_EQ(used(), "atlas, 2 tables");
    std::filesystem::remove(directory_.path("zones/b.toml"));
    reload();
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(Copies, AreBoundedInNumber) {
    for (int i = 0; i < 20; ++i) {
        write_zone("z" + std::to_string(i), "[" + std::to_string(i) + ", 20]");
    }
    start();
    keep();
    EXPECT_EQ(save_error_, "");
    EXPECT_EQ(names().size(), 1 + kMaxSavedTables);
}

TEST_F(Copies, ThatAreDamagedAreToldAndMadeAnew) {
    live_once();
    const std::string table_path = table_file();
    for (const std::string& path : {atlas_file(), table_path}) {
        const std::string good = text_of(path);
        std::string flipped = good;
        flipped[flipped.size() - 9] ^= 1;
        for (const std::string& bad :
             {std::string(), std::string("rubbish"), flipped, good.substr(0, good.size() / 2),
              good + "more", std::string(5000, '\0')}) {
            write_state(path, bad);
            start();
            EXPECT_THAT(reported_, HasSubstr("warning: cannot use " + path + ": it is damaged"));
            EXPECT_EQ(answer(), "192.0.2.10");
            keep();
            EXPECT_EQ(text_of(path), good);
            stop();
            start();
            EXPECT_EQ(reported_, "");
            EXPECT_EQ(used(), "atlas, 1 table");
            stop();
        }
    }
}

TEST_F(Copies, OfANewerVersionAreToldAndReplaced) {
    live_once();
    const std::string good = text_of(atlas_file());
    std::string newer = good;
    newer[24] = 9;
    write_state(atlas_file(), newer);
    start();
    EXPECT_THAT(reported_, HasSubstr("atlas: it is in version 9 of its form"));
    keep();
    EXPECT_EQ(text_of(atlas_file()), good);
}

TEST_F(Copies, ThatCannotBeReadAreToldAndDoNoHarm) {
    std::filesystem::create_directories(atlas_file());
    start();
    EXPECT_EQ(used(), "none");
    EXPECT_EQ(answer(), "192.0.2.10");
    keep();
    EXPECT_THAT(save_error_, HasSubstr("cannot write " + atlas_file()));
    EXPECT_EQ(answer(), "192.0.2.10");
    stop();
    std::filesystem::remove(atlas_file());
    ASSERT_EQ(mkfifo(atlas_file().c_str(), 0600), 0);
    start();
    EXPECT_EQ(answer(), "192.0.2.10");
}

TEST_F(Copies, ThatTheDiskHasNoRoomForAreToldAndLeaveNothing) {
    start();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{1000, old.rlim_max};  // too few for the roots of a table
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    keep();
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    EXPECT_THAT(save_error_, HasSubstr("cannot write " + state_path() + "/routes-"));
    EXPECT_THAT(names(), ElementsAre("atlas"));
    EXPECT_EQ(answer(), "192.0.2.10");
    keep();
    EXPECT_EQ(save_error_, "");
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(Copies, AreReadWhereNothingIsKeptAndNeverWritten) {
    live_once();
    const auto made = std::filesystem::last_write_time(atlas_file());
    start_in(StateDirectory::open_to_read({state_path()}));
    EXPECT_EQ(used(), "atlas, 1 table");
    write_world({39.0, -77.0});
    reload();
    EXPECT_EQ(save_error_, "");
    EXPECT_EQ(answer(), "192.0.2.20");
    EXPECT_EQ(std::filesystem::last_write_time(atlas_file()), made);
    start_in({});
    keep();
    EXPECT_EQ(used(), "none");
    EXPECT_EQ(save_error_, "");
}

TEST_F(Copies, OfTablesOverSmallDatabasesAreNotWantedAndGo) {
    live_once();
    start_in(StateDirectory::open_to_write({state_path()}), kLeastSavedLeaves);
    EXPECT_EQ(answer(), "192.0.2.10");
    keep();
    EXPECT_THAT(names(), ElementsAre("atlas")) << "for a start that finds a bad database";
}

TEST_F(Copies, AreNotMadeOfATableThatPoliciesShare) {
    write_zone("b", kSingapore);
    start();
    zones::CompileInput input;
    for (const auto& [path, file] : data_->files()) {
        LoadedFile again = *file;
        again.recall_texts(path);
        for (zones::Zone& zone : again.read_again(path)) {
            input.zones.push_back(std::make_shared<const zones::Zone>(std::move(zone)));
        }
    }
    input.atlas = data_->atlas();
    input.own_table_octets = 0;
    const auto snapshot = zones::compile(input).value();
    ASSERT_TRUE(snapshot->route_maps().at(0).routes->is_joint());
    CompiledCopies copies(0);
    EXPECT_TRUE(copies.save(data_->state(), Digest{1, 2}, *snapshot).ok());
    EXPECT_THAT(names(), ElementsAre("atlas"));
}

TEST_F(Copies, LeaveNothingUnfinishedBehind) {
    live_once();
    write_state(".atlas.123-0.new", "half of one");
    write_state(".keep", "somebody's");
    live_once();
    EXPECT_THAT(names(), UnorderedElementsAre("atlas", StartsWith("routes-"), ".keep"));
}

TEST_F(Copies, AreNotMadeOfAFileThatHasChangedSinceItWasRead) {
    start();
    write_world({39.0, -77.0});
    keep();
    EXPECT_THAT(names(), IsEmpty());
    reload();
    EXPECT_EQ(names().size(), 2U);
    stop();
    start();
    EXPECT_EQ(used(), "atlas, 1 table");
    EXPECT_EQ(answer(), "192.0.2.20");
}

}  // namespace
}  // namespace meridian::server
