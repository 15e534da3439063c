// Checks that the journal says what changed, is bounded, and survives damage and a full disk.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "meridian/limits.h"
#include "server/journal/journal_reading.h"
#include "server/journal/journal_segments.h"
#include "server/journal/journal_state.h"
#include "tests/server/set_clock.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

JournalEntry target(const std::string& address, const std::string& state, std::int64_t at = 5) {
    return {.kind = JournalKind::Target,
            .at = at,
            .subject = address,
            .state = state,
            .detail = "0123",
            .region = "frankfurt",
            .cause = "503 with\ttabs"};
}

JournalEntry override_entry(const std::string& state, const std::string& before = {}) {
    return {.kind = JournalKind::Override,
            .at = 7,
            .until = 99,
            .subject = "frankfurt",
            .state = state,
            .before = before,
            .author = "alice"};
}

std::vector<std::string> subjects(const JournalState& state) {
    std::vector<std::string> subjects;
    for (const JournalEntry& entry : state.entries()) {
        subjects.push_back(entry.subject);
    }
    return subjects;
}

TEST(JournalEntry, IsReadAsItWasWritten) {
    JournalEntry entry = override_entry("drain");
    entry.is_state = true;
    const std::string line = journal_line(entry);
    ASSERT_TRUE(line.ends_with('\n'));
    EXPECT_EQ(parse_journal_line(line.substr(0, line.size() - 1)), entry);
}

TEST(JournalEntry, StaysOneLineWhateverTheNetworkSays) {
    JournalEntry entry = target("192.0.2.1", "down");
    entry.cause = "a\nb\tc" + std::string(5000, 'x');
    const std::string line = journal_line(entry);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto read = parse_journal_line(line.substr(0, line.size() - 1));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->cause.starts_with("a b cx"));
    EXPECT_EQ(read->cause.size(), kMaxJournalFieldOctets);
}

TEST(JournalEntry, IsRefusedWithAnyOctetChanged) {
    std::string line = journal_line(override_entry("drain"));
    line.pop_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
        std::string changed = line;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(parse_journal_line(changed)) << i;
        EXPECT_FALSE(parse_journal_line(line.substr(0, i))) << i;
    }
}

TEST(JournalReading, PassesOverALineThatWasCutAnywhere) {
    const std::string first = journal_line(target("192.0.2.1", "down"));
    const std::string second = journal_line(target("192.0.2.2", "down"));
    for (std::size_t octets = 1; octets < second.size(); ++octets) {
        JournalReading reading;
        const std::string text = journal_title() + first + second.substr(0, octets) + "\n" + first;
        ASSERT_TRUE(read_journal_segment(text, reading));
        const bool is_whole = octets == second.size() - 1;
        EXPECT_EQ(reading.damaged_lines, is_whole ? 0U : 1U) << octets;
        EXPECT_THAT(reading.entries, SizeIs(is_whole ? 3 : 2)) << octets;
    }
    JournalReading reading;
    EXPECT_FALSE(read_journal_segment("meridian journal 2\n" + first, reading));
    EXPECT_THAT(reading.entries, IsEmpty());
}

TEST(JournalState, HasWhatHoldsAndForgetsWhatEnded) {
    JournalState state;
    state.apply(target("192.0.2.1", "down"));
    state.apply(target("192.0.2.2", "pending"));
    state.apply(override_entry("drain"));
    state.apply(override_entry("force-up"));
    EXPECT_THAT(subjects(state), ElementsAre("192.0.2.1", "192.0.2.2", "frankfurt", "frankfurt"));
    state.apply(target("192.0.2.1", "up"));
    state.apply(target("192.0.2.2", "none"));
    state.apply(override_entry(std::string(kReleased), "drain"));
    ASSERT_THAT(subjects(state), ElementsAre("frankfurt"));
    EXPECT_EQ(state.entries().front().state, "force-up");
    state.apply({.kind = JournalKind::Start});
    EXPECT_THAT(state.entries(), IsEmpty()) << "another process";
}

TEST(JournalReading, KnowsWhatHeldAtATime) {
    JournalReading reading;
    reading.entries = {target("192.0.2.1", "down", 10), target("192.0.2.1", "up", 20),
                       target("192.0.2.1", "down", 30)};
    EXPECT_THAT(subjects(reading.state_at(9)), IsEmpty());
    EXPECT_THAT(subjects(reading.state_at(10)), ElementsAre("192.0.2.1"));
    EXPECT_THAT(subjects(reading.state_at(29)), IsEmpty());
    EXPECT_THAT(subjects(reading.state_at(30)), ElementsAre("192.0.2.1"));
}

class JournalTest : public testing::Test {
protected:
    [[nodiscard]] StateDirectory open() const {
        return StateDirectory::open_to_write({directory_.path("state")});
    }
    [[nodiscard]] JournalReading read() const {
        return read_journal(StateDirectory::open_to_read({directory_.path("state")}));
    }

    test::TemporaryDirectory directory_;
};

TEST_F(JournalTest, IsBoundedAndEachSegmentBeginsWithTheWholeState) {
    const StateDirectory state = open();
    JournalSegments segments;
    ASSERT_TRUE(segments.use(state.for_thread(), {}, 1));
    JournalState known;
    known.apply(target("192.0.2.99", "down", 1));
    // Some 500 octets a line, written a thousand at a time.
    JournalEntry entry = target("192.0.2.1", "down");
    entry.cause = std::string(400, 'x');
    const std::vector<JournalEntry> batch(1000, entry);
    for (int i = 0; i < 100; ++i) {
        const auto written = segments.append(batch, known);
        ASSERT_TRUE(written) << written.error();
    }
    const std::vector<std::string> names = journal_segments(state);
    EXPECT_THAT(names, SizeIs(kMaxJournalSegments));
    for (const std::string& name : names) {
        const auto file = state.read(name, kMaxJournalStateOctets);
        ASSERT_TRUE(file);
        EXPECT_LT(file->text.size(), kMaxJournalSegmentOctets + 1000);
        JournalReading one;
        ASSERT_TRUE(read_journal_segment(file->text, one));
        EXPECT_THAT(subjects(one.state_at(1)), ElementsAre("192.0.2.99")) << name;
        const fs::perms mode = fs::status(directory_.path("state/" + name)).permissions();
        EXPECT_EQ(mode, fs::perms::owner_read | fs::perms::owner_write) << name;
    }
}

TEST_F(JournalTest, GoesOnBehindALineThatAKilledProcessCut) {
    const StateDirectory state = open();
    JournalSegments segments;
    ASSERT_TRUE(segments.use(state.for_thread(), {}, 1));
    ASSERT_TRUE(segments.append({target("192.0.2.1", "down")}, {}));
    const std::string path = directory_.path("state/" + journal_segments(state).front());
    fs::resize_file(path, fs::file_size(path) - 3);
    ASSERT_TRUE(segments.use(state.for_thread(), {}, 1));
    ASSERT_TRUE(segments.append({target("192.0.2.2", "down")}, {}));
    const JournalReading reading = read();
    EXPECT_EQ(reading.damaged_lines, 1U);
    EXPECT_THAT(subjects(reading.state_at(5)), ElementsAre("192.0.2.2"));
    EXPECT_THAT(journal_segments(state), SizeIs(1));
}

TEST_F(JournalTest, ADirectoryThatIsMadeAnewGetsWhatHolds) {
    const StateDirectory state = open();
    JournalState known;
    known.apply(target("192.0.2.1", "down"));
    JournalSegments segments;
    ASSERT_TRUE(segments.use(state.for_thread(), known, 9));
    EXPECT_THAT(subjects(read().state_at(9)), ElementsAre("192.0.2.1"));
}

TEST_F(JournalTest, BeginsASegmentWhereTheFileIsGoneOrAnother) {
    const StateDirectory state = open();
    JournalSegments segments;
    ASSERT_TRUE(segments.use(state.for_thread(), {}, 1));
    ASSERT_TRUE(segments.append({target("192.0.2.1", "down")}, {}));
    fs::remove(directory_.path("state/" + journal_segments(state).front()));
    JournalState known;
    known.apply(target("192.0.2.1", "down"));
    ASSERT_TRUE(segments.append({target("192.0.2.2", "down")}, known));
    EXPECT_THAT(subjects(read().state_at(5)), ElementsAre("192.0.2.1", "192.0.2.2"));
}

/// What a journal reports from its thread.
class Problems {
public:
    void add(const std::string& problem) {
        const std::scoped_lock lock(mutex_);
        all_.push_back(problem);
    }
    [[nodiscard]] bool comes_to(std::size_t count) const {
        for (int i = 0; i < 1000; ++i) {
            {
                const std::scoped_lock lock(mutex_);
                if (all_.size() >= count) { return true; }
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

/// While it lives no file may grow, as on a full disk.
class NoRoom {
public:
    NoRoom() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        EXPECT_EQ(getrlimit(RLIMIT_FSIZE, &before_), 0);
        rlimit none = before_;
        none.rlim_cur = 0;
        EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
    }
    NoRoom(const NoRoom&) = delete;
    NoRoom& operator=(const NoRoom&) = delete;
    ~NoRoom() {
        EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before_), 0);
        (void)std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

TEST_F(JournalTest, ADiskThatTakesNothingCostsAWarningAndNoLine) {
    const StateDirectory state = open();
    const test::SetClock clock;
    Problems problems;
    {
        Journal journal(clock, [&](const std::string& problem) { problems.add(problem); });
        {
            const NoRoom no_room;
            journal.use(state.for_thread());
            journal.note(target("192.0.2.1", "down"));
            ASSERT_TRUE(problems.comes_to(1));
        }
        journal.note(target("192.0.2.2", "down"));
        journal.use(state.for_thread());  // does not wait for the next try
        ASSERT_TRUE(problems.comes_to(2));
    }
    EXPECT_THAT(subjects(read().state_at(5)), ElementsAre("192.0.2.1", "192.0.2.2"));
}

}  // namespace
}  // namespace meridian::server
