// Checks that what could not be saved is tried again, shown until then, and logged once.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/state_saver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "meridian/clock.h"
#include "meridian/octet_hash.h"
#include "server/runtime/settings.h"
#include "tests/server/served_directory.h"

namespace meridian::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A server that has loaded one zone and saved nothing yet.
class StateSaverTest : public testing::Test {
protected:
    StateSaverTest() {
        directory_.write_zone("a.toml",
                              "zone = \"a.example\"\n"
                              "nameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n");
        LogSettings log;
        log.to = directory_.path("log");
        log_ = Log::open(log).value();
        data_ = std::make_unique<ServedData>(directory_.data(), directory_.state(), clock_);
        EXPECT_TRUE(data_->load().snapshot);
        keeper_ = std::make_unique<StatusKeeper>(*data_, board_, clock_);
        saver_ = std::make_unique<StateSaver>(*data_, *keeper_, *log_, context_, background_,
                                              std::chrono::milliseconds(20));
    }
    std::size_t logged(const std::string& text) {
        log_.reset();  // writes the rest of it
        std::ifstream stream(directory_.path("log"));
        const std::string all{std::istreambuf_iterator<char>(stream), {}};
        std::size_t count = 0;
        for (std::size_t at = all.find(text); at != std::string::npos;
             at = all.find(text, at + 1)) {
            ++count;
        }
        return count;
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    StatusBoard board_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<ServedData> data_;
    std::unique_ptr<StatusKeeper> keeper_;
    Background background_;
    boost::asio::io_context context_;
    std::unique_ptr<StateSaver> saver_;
};

TEST_F(StateSaverTest, TriesAgainUntilItIsSaved) {
    const std::string index = directory_.path("state/last-good");
    fs::create_directory(index);
    saver_->save_bit_by_bit();
    EXPECT_THAT(board_.state_problem(), HasSubstr("cannot write " + index + ": Is a directory"));
    EXPECT_EQ(saver_->problem(), board_.state_problem());
    context_.run_for(std::chrono::milliseconds(200));
    EXPECT_THAT(board_.state_problem(), HasSubstr("Is a directory")) << "as long as it lasts";
    fs::remove(index);
    context_.restart();
    context_.run();  // which ends once there is nothing to try again
    EXPECT_EQ(board_.state_problem(), "");
    EXPECT_TRUE(fs::is_regular_file(index));
    EXPECT_EQ(logged("cannot write " + index), 1U);
}

TEST_F(StateSaverTest, LogsOnceThatNoTextCanBeWritten) {
    saver_->save_bit_by_bit();
    for (int serial = 1; serial <= 3; ++serial) {
        const std::string text =
            "zone = \"a.example\"\nsoa = { serial = " + std::to_string(serial) +
            " }\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n";
        const std::string saved = directory_.path("state/texts/" + digest_of(text).to_text());
        fs::create_directory(saved);
        directory_.write_zone("a.toml", text);
        ASSERT_TRUE(data_->reload().snapshot);
        saver_->save_bit_by_bit();
        EXPECT_THAT(saver_->problem(), HasSubstr("cannot write " + saved));
    }
    EXPECT_EQ(logged("cannot write "), 1U);
}

TEST_F(StateSaverTest, ShowsCopiesThatAreNotSavedToo) {
    const std::string atlas = directory_.path("state/atlas");
    fs::create_directory(atlas);
    saver_->save_bit_by_bit();
    EXPECT_EQ(board_.state_problem(), "");
    saver_->save_copies();
    EXPECT_THAT(board_.state_problem(), HasSubstr("cannot write " + atlas));
    saver_->save_bit_by_bit();
    EXPECT_THAT(board_.state_problem(), HasSubstr("cannot write " + atlas)) << "it still holds";
    fs::remove(atlas);
    context_.run();
    EXPECT_EQ(board_.state_problem(), "");
    EXPECT_EQ(logged("cannot write " + atlas), 1U);
}

}  // namespace
}  // namespace meridian::server
