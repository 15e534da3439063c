// Checks that serials come back from the state directory, whatever happened to it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/serial_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "meridian/octet_hash.h"
#include "tests/server/served_directory.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;

dns::Name name(std::string_view text) {
    return dns::Name::parse_absolute(text).value();
}

zones::ServedSerial served(std::uint64_t content, std::uint32_t serial) {
    return {{zones::ContentHash::kFormat, {0, content}}, serial};
}

SerialStore::Serials samples() {
    return {{name("example."), served(1, 1'790'000'000)},
            {name("Other.Example."), served(2, 0)},
            {name("."), served(3, 0xffffffff)},
            {name("with\\032space\\.dot\\\\.\\000\\010.example."), served(4, 7)},
            {name("end."), served(5, 8)}};
}

TEST(Serials, AreLinesForPeople) {
    EXPECT_EQ(serials_text({{name("beigel.example."), served(0xabc, 1'790'000'000)}}),
              "meridian serials 2\n"
              "beigel.example. 2-00000000000000000000000000000abc 1790000000\n"
              "end 0bfa7c07e0858c4d17a99b67c148fd09\n");
}

TEST(Serials, ComeBackFromTheirText) {
    for (const SerialStore::Serials& serials : {SerialStore::Serials(), samples()}) {
        const auto read = parse_serials(serials_text(serials));
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(*read, serials);
    }
}

TEST(Serials, OfWhichAnOctetIsMissingChangedOrAddedAreDamaged) {
    const std::string text = serials_text(samples());
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string changed = text;
        changed[i] ^= 1;
        EXPECT_FALSE(parse_serials(changed)) << i;
        EXPECT_FALSE(parse_serials(text.substr(0, i))) << i;
        EXPECT_FALSE(parse_serials(text.substr(i + 1))) << i;
        EXPECT_FALSE(parse_serials(text.substr(0, i) + "\n" + text.substr(i))) << i;
    }
    EXPECT_FALSE(parse_serials(text + "x"));
    EXPECT_FALSE(parse_serials(text + text));
}

std::string sealed(const std::string& text) {
    OctetHash hash;
    hash.add(text);
    return text + "end " + hash.digest().to_text() + "\n";
}

TEST(Serials, ThatMakeNoSenseAreDamaged) {
    const std::string hash = served(1, 1).content.to_text();
    ASSERT_TRUE(parse_serials(sealed("meridian serials 2\na. " + hash + " 1\n")));
    for (const std::string& line :
         std::vector<std::string>{"a. " + hash, "a. " + hash + " 4294967296", "a. " + hash + " -1",
                                  "a. " + hash + " 1 2", "a. 1-beef 1", "a..b. " + hash + " 1",
                                  std::string(), "a. " + hash + " 1\nA. " + hash + " 1"}) {
        EXPECT_FALSE(parse_serials(sealed("meridian serials 2\n" + line + "\n"))) << line;
    }
    const auto newer = parse_serials(sealed("meridian serials 3\nwhatever comes\n"));
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error(), "it is in version 3 of its form, and this Meridian reads version 2");
}

class KeptSerials : public testing::Test {
protected:
    SerialStore read() {
        warning_.clear();
        return SerialStore::read(state_, warning_);
    }
    [[nodiscard]] std::string file() const { return directory_.path("state/serials"); }

    test::TemporaryDirectory directory_;
    StateDirectory state_ = StateDirectory::open_to_write({directory_.path("state")});
    std::string warning_;
};

TEST_F(KeptSerials, AreThereAfterARestart) {
    SerialStore store = read();
    EXPECT_EQ(warning_, "") << "none yet";
    EXPECT_FALSE(store.find(name("example.")));
    store.remember(samples());
    EXPECT_EQ(store.find(name("EXAMPLE.")), served(1, 1'790'000'000));
    ASSERT_TRUE(store.save(state_));

    SerialStore again = read();
    EXPECT_EQ(warning_, "");
    EXPECT_EQ(again.find(name("example.")), served(1, 1'790'000'000));
    again.remember({{name("example."), served(9, 1'790'000'001)}});
    ASSERT_TRUE(again.save(state_));
    EXPECT_EQ(read().find(name("example.")), served(9, 1'790'000'001));
    EXPECT_EQ(read().find(name("end.")), served(5, 8)) << "gone, but it may come back";
}

TEST_F(KeptSerials, AreWrittenOnlyWhenTheyChange) {
    SerialStore store = read();
    ASSERT_TRUE(store.save(state_));
    EXPECT_FALSE(std::filesystem::exists(file())) << "nothing to say";
    store.remember(samples());
    ASSERT_TRUE(store.save(state_));
    std::filesystem::remove(file());
    store.remember(samples());
    ASSERT_TRUE(store.save(state_));
    EXPECT_FALSE(std::filesystem::exists(file())) << "said already";
}

TEST_F(KeptSerials, AreWrittenAgainAfterAFailure) {
    SerialStore store = read();
    store.remember(samples());
    std::filesystem::create_directory(file());
    const auto saved = store.save(state_);
    ASSERT_FALSE(saved);
    EXPECT_THAT(saved.error(), HasSubstr(file()));
    std::filesystem::remove(file());
    ASSERT_TRUE(store.save(state_));
    EXPECT_EQ(read().find(name("end.")), served(5, 8));
}

TEST_F(KeptSerials, AreAWarningWhenTheyCannotBeUsed) {
    for (const std::string& text : std::vector<std::string>{
             "", "rubbish", serials_text(samples()).substr(1), "meridian serials 3\nend 0\n"}) {
        directory_.write("state/serials", text);
        SerialStore store = read();
        EXPECT_THAT(warning_, HasSubstr("cannot use " + file() + ": it is"));
        EXPECT_FALSE(store.find(name("example.")));
        store.remember(samples());
        ASSERT_TRUE(store.save(state_));
        EXPECT_TRUE(read().find(name("example.")));
        EXPECT_EQ(warning_, "");
    }
    std::filesystem::remove(file());
    std::filesystem::create_directory(file());
    EXPECT_FALSE(read().find(name("example.")));
    EXPECT_THAT(warning_, HasSubstr("no ordinary file"));
}

class JournaledSerials : public KeptSerials {
protected:
    JournaledSerials() {
        SerialStore store = read();
        store.remember(samples());
        EXPECT_TRUE(store.save(state_));
    }
    /// The serial of "end." after a restart.
    std::uint32_t kept() {
        const auto served = read().find(name("end."));
        EXPECT_EQ(warning_, "");
        return served ? served->serial : 0;
    }
    [[nodiscard]] std::string journal() const { return directory_.path("state/serials-journal"); }
    [[nodiscard]] std::string text() const { return test::text_of(journal()); }
};

TEST_F(JournaledSerials, AreThereWithoutTheFileBeingWritten) {
    SerialStore store = read();
    const std::string before = test::text_of(file());
    for (std::uint32_t serial = 9; serial < 12; ++serial) {
        store.remember_edit({{name("end."), served(9, serial)}}, state_);
        EXPECT_EQ(kept(), serial) << "before anything is saved";
        ASSERT_TRUE(store.save(state_));
        EXPECT_EQ(kept(), serial);
    }
    EXPECT_EQ(test::text_of(file()), before);
    EXPECT_EQ(read().find(name("Other.Example.")), served(2, 0));
}

TEST_F(JournaledSerials, CountUpToWhereACrashCutThem) {
    SerialStore store = read();
    store.remember_edit({{name("end."), served(9, 9)}}, state_);
    const std::size_t first = text().size();
    store.remember_edit({{name("end."), served(9, 10)}, {name("example."), served(9, 11)}}, state_);
    const std::string whole = text();
    ASSERT_EQ(kept(), 10U);
    for (std::size_t octets = 0; octets < whole.size(); ++octets) {
        directory_.write("state/serials-journal", whole.substr(0, octets));
        // The last line feed is all that may be missing of an entry.
        const bool has_second = octets + 1 >= whole.size();
        const bool has_first = octets + 1 >= first;
        EXPECT_EQ(kept(), has_second ? 10U : has_first ? 9U : 8U) << octets;
        EXPECT_EQ(read().find(name("example.")),
                  has_second ? served(9, 11) : served(1, 1'790'000'000))
            << octets;
    }
}

TEST_F(JournaledSerials, OfWhichAnOctetChangedAreLeftOut) {
    SerialStore store = read();
    store.remember_edit({{name("end."), served(9, 9)}}, state_);
    const std::string whole = text();
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] ^= 1;
        directory_.write("state/serials-journal", changed);
        EXPECT_EQ(read().find(name("end.")), served(5, 8)) << i;
    }
}

TEST_F(JournaledSerials, ThatDoNotCountAreReported) {
    SerialStore store = read();
    store.remember_edit({{name("end."), served(9, 9)}}, state_);
    store.remember_edit({{name("end."), served(9, 10)}}, state_);
    const std::string whole = text();
    const std::size_t first_entry = whole.find('\n') + 1;
    std::string first_damaged = whole;
    first_damaged[first_entry] ^= 1;
    std::string lines_of_windows = whole;
    lines_of_windows.insert(first_entry - 1, "\r");
    for (const std::string& damaged :
         {first_damaged, lines_of_windows, std::string("no journal")}) {
        directory_.write("state/serials-journal", damaged);
        (void)read();
        EXPECT_THAT(warning_, HasSubstr("serials-journal: it is damaged; some of the edits"));
    }
    std::filesystem::remove(journal());
    std::filesystem::create_directory(journal());
    (void)read();
    EXPECT_THAT(warning_, HasSubstr("serials-journal: "));
    std::filesystem::remove(journal());
    directory_.write("state/serials-journal", whole);
    std::filesystem::remove(file());
    (void)read();
    EXPECT_THAT(warning_, HasSubstr("state/serials: it is gone; the edits in serials-journal"));
}

TEST_F(JournaledSerials, CountForTheFileThatTheyWereAppendedToAlone) {
    SerialStore store = read();
    store.remember_edit({{name("end."), served(9, 9)}}, state_);
    const std::string old = text();
    store.remember({{name("end."), served(10, 20)}});
    ASSERT_TRUE(store.save(state_));
    EXPECT_FALSE(std::filesystem::exists(journal()));
    directory_.write("state/serials-journal", old);  // as where a crash kept it
    EXPECT_EQ(kept(), 20U) << "a serial that goes back is no news to secondaries";
}

TEST_F(JournaledSerials, AreWrittenWholeWhereNothingCanBeAppended) {
    SerialStore store = read();
    store.remember_edit({{name("end."), served(9, 9)}}, state_);
    directory_.write("state/serials-journal", text() + "whoever wrote this");
    store.remember_edit({{name("end."), served(9, 10)}}, state_);
    EXPECT_EQ(kept(), 9U) << "what is there stays as it is";
    ASSERT_TRUE(store.save(state_));
    EXPECT_EQ(kept(), 10U);
    EXPECT_FALSE(std::filesystem::exists(journal()));

    std::filesystem::create_directory(journal());
    store.remember_edit({{name("end."), served(9, 11)}}, state_);
    ASSERT_TRUE(store.save(state_));
    EXPECT_EQ(read().find(name("end.")), served(9, 11));
    EXPECT_THAT(warning_, HasSubstr("serials-journal: ")) << "nothing can be appended";
}

TEST_F(JournaledSerials, AreWrittenWholeWhereTheFileIsGoneOrAnotherOne) {
    SerialStore store = read();
    std::uint32_t serial = 8;
    const auto keeps_the_next = [&] {
        store.remember_edit({{name("end."), served(9, ++serial)}}, state_);
        EXPECT_TRUE(store.save(state_));
        EXPECT_EQ(kept(), serial);
    };
    keeps_the_next();
    const std::string old = test::text_of(file());
    std::filesystem::remove(file());
    keeps_the_next();
    keeps_the_next();
    directory_.write("state/serials", old);  // as from a backup
    keeps_the_next();
}

TEST_F(JournaledSerials, AreTakenOverByTheNextProcess) {
    SerialStore killed = read();
    killed.remember_edit({{name("end."), served(9, 9)}}, state_);
    std::ofstream(journal(), std::ios::app) << "end. 2-0000";  // half of a line
    SerialStore next = read();
    next.remember_edit({{name("example."), served(9, 10)}}, state_);
    ASSERT_TRUE(next.save(state_));
    EXPECT_FALSE(std::filesystem::exists(journal())) << "it appends to no line of another";
    EXPECT_EQ(kept(), 9U);
    EXPECT_EQ(read().find(name("example.")), served(9, 10));
}

TEST_F(KeptSerials, AreNotKeptWithoutADirectory) {
    SerialStore store = read();
    store.remember(samples());
    const StateDirectory none;
    EXPECT_TRUE(store.save(none));
    EXPECT_TRUE(store.save(StateDirectory::open_to_read({state_.path()})));
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(KeptSerials, ForgetZonesThatAreGoneWhenThereAreTooMany) {
    SerialStore store(samples().size());
    store.remember(samples());
    EXPECT_TRUE(store.find(name("end.")));
    store.remember({{name("new.example."), served(6, 1)}});
    EXPECT_FALSE(store.find(name("end.")));
    EXPECT_TRUE(store.find(name("new.example.")));
    ASSERT_TRUE(store.save(state_));
    EXPECT_FALSE(read().find(name("end.")));
}

}  // namespace
}  // namespace meridian::server
