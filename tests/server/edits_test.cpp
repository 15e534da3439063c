// Checks that an edit comes to the same whether its files alone are read or all of them.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/last_good.h"
#include "server/sources/served_data.h"
#include "server/state/serial_store.h"
#include "server/state/state_directory.h"
#include "tests/server/served_directory.h"
#include "tests/server/set_clock.h"
#include "tests/server/told.h"
#include "tests/support/seeds.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

constexpr int kZones = 6;
constexpr int kEdits = 60;

/// A server over the zones, with a state directory of its own.
class OneServer {
public:
    OneServer(const test::ServedDirectory& directory, const std::string& state, const Clock& clock)
        : state_(directory.path(state)),
          data_(directory.data(), StateDirectory::open_to_write({state_}), clock),
          keeper_(data_, board_, clock) {
        const LoadReport report = data_.load();
        EXPECT_TRUE(report.snapshot) << test::told(report.diagnostics);
        snapshot_ = report.snapshot;
        keeper_.note_start(report);
        save();
    }
    /// Whether it took the short way.
    bool edit(const std::set<std::string>& paths) {
        const auto report = data_.reload_files(paths);
        if (report) { note(*report); }
        return report.has_value();
    }
    /// An edit whose server is killed before it saves anything.
    std::optional<LoadReport> edit_unsaved(const std::set<std::string>& paths) {
        return data_.reload_files(paths);
    }
    void reload() { note(data_.reload()); }

    [[nodiscard]] LoadStatus status() const { return *board_.latest(); }
    [[nodiscard]] std::shared_ptr<const SeenFiles> seen() const { return board_.seen(); }
    [[nodiscard]] const ReloadOutcome& outcome() const { return outcome_; }
    [[nodiscard]] const ZonesByFile& files() const { return data_.files(); }
    [[nodiscard]] SourceLook look() const { return data_.look(); }
    /// What it serves: counts, and some answers of each zone.
    [[nodiscard]] std::string served() const {
        const zones::SnapshotInfo info = snapshot_->info();
        std::string text = std::to_string(info.zone_count) + ' ' + std::to_string(info.name_count) +
                           ' ' + std::to_string(info.region_count) + ' ' +
                           std::to_string(info.policy_count) + ' ' +
                           std::to_string(info.name_octets) + '\n';
        test::ZoneAsker asker(snapshot_);
        for (int zone = 0; zone <= kZones; ++zone) {
            const std::string apex = "z" + std::to_string(zone) + ".example";
            for (const std::string label : {"www.", "x1.", "part.", "geo.", "sub.", ""}) {
                const auto reply =
                    asker.ask(label + apex, label.empty() ? dns::Type::SOA : dns::Type::A);
                text += test::head_of(reply);
                for (const auto* section : {&reply.answer, &reply.authority}) {
                    for (const std::string& record : test::texts_of(*section)) {
                        text += "; " + record;
                    }
                }
                text += '\n';
            }
        }
        return text;
    }
    /// What the next start would find: the index and the serials, with their journals.
    [[nodiscard]] std::string saved() const {
        const StateDirectory state = StateDirectory::open_to_read({state_});
        std::string warning;
        const SavedFiles files = LastGood::read(state, warning).files();
        const SerialStore serials = SerialStore::read(state, warning);
        EXPECT_EQ(warning, "");
        std::string text = last_good_text(files);
        for (const auto& [path, file] : files) {
            for (const ZoneSummary& zone : file.zones) {
                const auto served = serials.find(zone.apex);
                EXPECT_TRUE(served) << path;
                if (!served) { continue; }
                text += served->content.to_text() + ' ' + std::to_string(served->serial) + '\n';
            }
        }
        return text;
    }
    /// Of a file in the state directory.
    [[nodiscard]] std::string state_of(std::string_view name) const {
        return file_state_of(state_ + "/" + std::string(name));
    }
    [[nodiscard]] std::size_t text_count() const {
        const std::filesystem::directory_iterator texts(state_ + "/" +
                                                        std::string(kLastGoodFolder));
        return static_cast<std::size_t>(std::distance(begin(texts), end(texts)));
    }
    [[nodiscard]] std::uint32_t saved_serial(const dns::Name& apex) const {
        std::string warning;
        const auto served =
            SerialStore::read(StateDirectory::open_to_read({state_}), warning).find(apex);
        return served ? served->serial : 0;
    }
    void write_journaled() { ASSERT_TRUE(data_.write_journaled()); }

private:
    void note(const LoadReport& report) {
        if (report.snapshot) { snapshot_ = report.snapshot; }
        outcome_ = keeper_.note_reload(report, std::chrono::milliseconds(1));
        save();
        data_.give_back_memory();
    }
    void save() {
        for (;;) {
            const auto saved = data_.save_state();
            ASSERT_TRUE(saved) << saved.error();
            if (*saved) { return; }
        }
    }

    std::string state_;
    ServedData data_;
    StatusBoard board_;
    StatusKeeper keeper_;
    ReloadOutcome outcome_;
    std::shared_ptr<const zones::Snapshot> snapshot_;
};

class Edits : public testing::Test {
protected:
    explicit Edits() {
        write("lib.toml", "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"192.0.2.1\"]\n");
        write("part.zone", "part A 192.0.2.1\n");
        for (int i = 0; i < kZones; ++i) {
            write_zone(i, "192.0.2.1");
        }
    }
    void write(const std::string& file, const std::string& text) {
        names_.insert(directory_.write_zone(file, text));
    }
    void write_zone(int number, const std::string& address, const std::string& more = "") {
        const std::string name = "z" + std::to_string(number);
        const bool is_user = number == 1 || number == 2;
        const std::string uses = is_user       ? "use = \"lib.toml\"\n"
                                 : number == 3 ? "records_from = [\"part.zone\"]\n"
                                               : "";
        write(name + ".toml", "zone = \"" + name + ".example\"\n" + uses +
                                  "nameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n" +
                                  "[records]\n" +
                                  (address.empty() ? "" : "www.a = \"" + address + "\"\n") +
                                  (is_user ? "geo.steer = \"nearest\"\n" : "") + more);
    }
    /// With a warning that concerns no other file.
    void write_zone_of_one_nameserver(int number, const std::string& address) {
        write_zone(number, address);
        const std::string file = "z" + std::to_string(number) + ".toml";
        std::string text = test::text_of(directory_.zone_path(file));
        const std::string second = ", \"ns2.example.net.\"";
        write(file, text.erase(text.find(second), second.size()));
    }
    void remove(const std::string& file) {
        names_.insert(directory_.zone_path(file));
        std::filesystem::remove(directory_.zone_path(file));
    }

    void edit_at_random(std::mt19937_64& random) {
        names_.clear();
        const auto below = [&](int end) {
            return static_cast<int>(random() % static_cast<unsigned>(end));
        };
        const int zone = below(kZones);
        const std::string address = "192.0.2." + std::to_string(1 + below(250));
        const std::string file = "z" + std::to_string(zone) + ".toml";
        switch (below(15)) {
            case 0:
                write("lib.toml",
                      "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"" + address + "\"]\n");
                break;
            case 1:
                write("part.zone", "part A " + address + "\n");
                break;
            case 2:
                write_zone(zone, "wrong");
                break;
            case 3:
                write_zone(zone, "");
                break;  // a guard
            case 4:
                remove(file);
                break;
            case 5:
                write_zone(kZones, address);
                break;
            case 6:
                remove("z" + std::to_string(kZones) + ".toml");
                break;
            case 7:
                write_zone(zone, address, "\"sub\".ns = \"ns.sub\"\n");
                break;
            case 8:
                write(file, test::text_of(directory_.zone_path(file)));
                break;
            case 9:
                write("lib.toml", "[regions\n");
                break;
            case 10:
                write_zone_of_one_nameserver(zone, address);
                break;
            default:
                for (int count = 1 + below(3); count > 0; --count) {
                    write_zone(below(kZones), address,
                               "x" + std::to_string(count) + ".a = \"" + address + "\"\n");
                }
        }
    }

    test::ServedDirectory directory_;
    test::SetClock clock_;
    std::set<std::string> names_;  // what inotify names
};

TEST_F(Edits, ComeToTheSameAsAReloadOfAll) {
    int short_ways = 0;
    for (const std::uint64_t seed : test::seeds(4)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        OneServer edited(directory_, "edited" + std::to_string(seed), clock_);
        OneServer reloaded(directory_, "reloaded" + std::to_string(seed), clock_);
        for (int i = 0; i < kEdits; ++i) {
            SCOPED_TRACE(i);
            edit_at_random(random);
            ++clock_.now;
            if (edited.edit(names_)) {
                ++short_ways;
            } else {
                edited.reload();
            }
            reloaded.reload();
            ASSERT_EQ(edited.status(), reloaded.status());
            ASSERT_EQ(edited.outcome().change, reloaded.outcome().change);
            ASSERT_EQ(edited.served(), reloaded.served());
            ASSERT_EQ(edited.outcome().result, reloaded.outcome().result);
            ASSERT_EQ(test::told(edited.outcome().diagnostics),
                      test::told(reloaded.outcome().diagnostics));
            ASSERT_EQ(edited.seen()->states, reloaded.seen()->states);
            ASSERT_EQ(edited.seen()->named, reloaded.seen()->named);
            ASSERT_EQ(edited.saved(), reloaded.saved());
            ASSERT_EQ(edited.text_count(), reloaded.text_count());
        }
        names_.clear();
        write("lib.toml", "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"192.0.2.1\"]\n");
        write("part.zone", "part A 192.0.2.1\n");
        remove("z" + std::to_string(kZones) + ".toml");
        for (int zone = 0; zone < kZones; ++zone) {
            write_zone(zone, "192.0.2.1");
        }
    }
    EXPECT_GT(short_ways, kEdits / 4) << "the test compares nothing";
}

TEST_F(Edits, ReadNoOtherFile) {
    OneServer server(directory_, "state", clock_);
    const ZonesByFile before = server.files();
    write_zone(4, "192.0.2.9");
    write_zone(5, "192.0.2.9");  // not named, as where the event comes later
    ASSERT_TRUE(server.edit({directory_.zone_path("z4.toml")}));
    EXPECT_NE(server.files().at(directory_.zone_path("z4.toml")),
              before.at(directory_.zone_path("z4.toml")));
    for (const char* file : {"z0.toml", "z1.toml", "z5.toml"}) {
        EXPECT_EQ(server.files().at(directory_.zone_path(file)),
                  before.at(directory_.zone_path(file)));
    }
    EXPECT_NE(LookDigests(server.look()), server.seen()->states) << "the next look finds z5.toml";
}

TEST_F(Edits, TakeTheShortWayBesideWarningsOfOneFile) {
    write_zone_of_one_nameserver(0, "192.0.2.1");
    OneServer server(directory_, "state", clock_);
    for (int i = 1; i <= 3; ++i) {
        ++clock_.now;
        write_zone_of_one_nameserver(i % 2, "192.0.2." + std::to_string(i + 1));
        const std::string path = directory_.zone_path("z" + std::to_string(i % 2) + ".toml");
        EXPECT_TRUE(server.edit({path})) << i;
        ASSERT_EQ(server.outcome().diagnostics.size(), 1U);
        EXPECT_EQ(server.outcome().diagnostics[0].file, path);
    }
    write_zone(4, "192.0.2.1", "sub.ns = { ttl = 5, data = [\"ns.example.net.\"] }\n");
    write("z6.toml", "zone = \"sub.z4.example\"\nnameservers = [\"ns1.example.net.\"]\n");
    server.reload();
    EXPECT_FALSE(server.edit({directory_.zone_path("z5.toml")}))
        << "the NS of z4 and of z6 differ: an edit of either may end that warning";
}

TEST_F(Edits, RewriteNoFileThatTellsOfAllZones) {
    OneServer server(directory_, "state", clock_);
    const std::string index = server.state_of(kLastGoodFile);
    const std::string serials = server.state_of(kSerialsFile);
    for (int i = 1; i <= 3; ++i) {
        ++clock_.now;
        write_zone(4, "192.0.2." + std::to_string(i + 1));
        ASSERT_TRUE(server.edit({directory_.zone_path("z4.toml")}));
    }
    EXPECT_EQ(server.state_of(kLastGoodFile), index);
    EXPECT_EQ(server.state_of(kSerialsFile), serials);
    EXPECT_NE(server.state_of(kLastGoodJournal), "");
    EXPECT_NE(server.state_of(kSerialsJournal), "");

    const std::string saved = server.saved();
    server.write_journaled();
    EXPECT_NE(server.state_of(kLastGoodFile), index);
    EXPECT_NE(server.state_of(kSerialsFile), serials);
    EXPECT_EQ(server.state_of(kLastGoodJournal), "");
    EXPECT_EQ(server.state_of(kSerialsJournal), "");
    EXPECT_EQ(server.saved(), saved);
}

TEST_F(Edits, WriteTheIndexAnewWhereItIsGone) {
    OneServer server(directory_, "state", clock_);
    for (int i = 1; i <= 3; ++i) {
        SCOPED_TRACE(i);
        std::filesystem::remove(directory_.path("state/" + std::string(kLastGoodFile)));
        ++clock_.now;
        write_zone(4, "192.0.2." + std::to_string(i + 1));
        ASSERT_TRUE(server.edit({directory_.zone_path("z4.toml")}));
        EXPECT_NE(server.state_of(kLastGoodFile), "");
        std::string warning;
        const auto state = StateDirectory::open_to_read({directory_.path("state")});
        EXPECT_EQ(LastGood::read(state, warning).files().size(), std::size_t{kZones});
    }
}

TEST_F(Edits, AreSavedByAServerThatFoundJournals) {
    const auto edit = [this](OneServer& server, const char* address) {
        ++clock_.now;
        write_zone(4, address);
        ASSERT_TRUE(server.edit({directory_.zone_path("z4.toml")}));
    };
    std::string saved;
    {
        OneServer killed(directory_, "state", clock_);
        edit(killed, "192.0.2.2");
        saved = killed.saved();
    }
    OneServer server(directory_, "state", clock_);
    EXPECT_EQ(server.saved(), saved);
    EXPECT_EQ(server.state_of(kSerialsJournal), "") << "the start has written all of it";
    const std::string serials = server.state_of(kSerialsFile);
    edit(server, "192.0.2.3");
    EXPECT_NE(server.saved(), saved);
    EXPECT_EQ(server.state_of(kSerialsFile), serials);
}

TEST_F(Edits, HaveTheirSerialsInTheStateDirectoryBeforeTheyAreServed) {
    OneServer server(directory_, "state", clock_);
    ++clock_.now;
    write_zone(4, "192.0.2.2");
    const auto news = server.edit_unsaved({directory_.zone_path("z4.toml")});
    ASSERT_TRUE(news && news->snapshot);
    const auto& zone = server.files().at(directory_.zone_path("z4.toml"))->zones.at(0);
    EXPECT_EQ(server.saved_serial(zone.apex()), zone.serial()) << "kill -9 comes next";
}

TEST_F(Edits, OfASharedFileReadItsUsers) {
    OneServer server(directory_, "state", clock_);
    const ZonesByFile before = server.files();
    write("lib.toml", "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"192.0.2.7\"]\n");
    ASSERT_TRUE(server.edit({directory_.zone_path("lib.toml")}));
    for (const char* file : {"z1.toml", "z2.toml"}) {
        EXPECT_NE(server.files().at(directory_.zone_path(file)),
                  before.at(directory_.zone_path(file)));
    }
    write("part.zone", "part A 192.0.2.7\n");
    ASSERT_TRUE(server.edit({directory_.zone_path("part.zone")}));
    EXPECT_NE(server.files().at(directory_.zone_path("z3.toml")),
              before.at(directory_.zone_path("z3.toml")));
}

TEST_F(Edits, AreReadWithAllFilesWhereAFileHasTwoNames) {
    std::filesystem::create_hard_link(directory_.zone_path("part.zone"),
                                      directory_.zone_path("alias"));
    write("z4.toml",
          "zone = \"z4.example\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n"
          "records_from = [\"alias\"]\n");
    OneServer server(directory_, "state", clock_);
    write("part.zone", "part A 192.0.2.7\n");
    EXPECT_FALSE(server.edit({directory_.zone_path("part.zone")})) << "z4.toml has to be read too";
}

}  // namespace
}  // namespace meridian::server
