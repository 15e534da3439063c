// Checks that serials come back from the state directory, whatever happened to it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/serial_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "meridian/fingerprint.h"
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
              "meridian serials 1\n"
              "beigel.example. 1-00000000000000000000000000000abc 1790000000\n"
              "end e654b79ad8ec3ee7b8305419da0568b3\n");
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
    Fingerprint print;
    print.add(text);
    return text + "end " + print.digest().to_text() + "\n";
}

TEST(Serials, ThatMakeNoSenseAreDamaged) {
    const std::string hash = served(1, 1).content.to_text();
    ASSERT_TRUE(parse_serials(sealed("meridian serials 1\na. " + hash + " 1\n")));
    for (const std::string& line :
         std::vector<std::string>{"a. " + hash, "a. " + hash + " 4294967296", "a. " + hash + " -1",
                                  "a. " + hash + " 1 2", "a. 1-beef 1", "a..b. " + hash + " 1",
                                  std::string(), "a. " + hash + " 1\nA. " + hash + " 1"}) {
        EXPECT_FALSE(parse_serials(sealed("meridian serials 1\n" + line + "\n"))) << line;
    }
    const auto newer = parse_serials(sealed("meridian serials 2\nwhatever comes\n"));
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error(), "it is in version 2 of its form, and this Meridian reads version 1");
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
             "", "rubbish", serials_text(samples()).substr(1), "meridian serials 2\nend 0\n"}) {
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
