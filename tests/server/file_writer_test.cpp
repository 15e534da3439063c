// Tests that a file is replaced whole, with its mode, behind its links, and only as it was read.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/file_writer.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "server/state/file_text.h"
#include "tests/server/path_facts.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using test::mode_of;

namespace fs = std::filesystem;

std::string content(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t files_in(const std::string& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(FileWriter, WritesANewFileAndLeavesNothingBesideIt) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.path("serials");
    ASSERT_TRUE(write_file_atomically(path, "new", ""));
    EXPECT_EQ(content(path), "new");
    EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(FileWriter, KeepsTheModeOfTheFile) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.write("a.toml", "old");
    ASSERT_EQ(chmod(path.c_str(), 0640), 0);
    ASSERT_TRUE(write_file_atomically(path, "new", file_state_of(path)));
    EXPECT_EQ(content(path), "new");
    EXPECT_EQ(mode_of(path), 0640U);
}

TEST(FileWriter, KeepsTheOwnerOfTheFile) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root may give files away"; }
    const test::TemporaryDirectory folder;
    const std::string path = folder.write("a.toml", "old");
    ASSERT_EQ(chown(path.c_str(), 4242, 4243), 0);
    ASSERT_TRUE(write_file_atomically(path, "new"));
    struct stat status{};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 4242U);
    EXPECT_EQ(status.st_gid, 4243U);
}

TEST(FileWriter, ReplacesWhatALinkLeadsTo) {
    const test::TemporaryDirectory folder;
    const std::string target = folder.write("real/a.toml", "old");
    const std::string link = folder.path("a.toml");
    fs::create_symlink("real/a.toml", link);
    ASSERT_TRUE(write_file_atomically(link, "new", file_state_of(link)));
    EXPECT_TRUE(fs::is_symlink(link));
    EXPECT_EQ(content(target), "new");
}

TEST(FileWriter, LeavesAFileThatHasChanged) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.write("a.toml", "old");
    const std::string state = file_state_of(path);
    folder.write("a.toml", "of somebody else");
    const auto written = write_file_atomically(path, "new", state);
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().find("changed meanwhile"), std::string::npos) << written.error();
    EXPECT_EQ(content(path), "of somebody else");
    EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(FileWriter, LeavesAFileThatHasAppeared) {
    const test::TemporaryDirectory folder;
    const std::string path = folder.write("a.toml", "of somebody else");
    EXPECT_FALSE(write_file_atomically(path, "new", ""));
    EXPECT_EQ(content(path), "of somebody else");
}

TEST(FileWriter, RefusesWhatIsNoOrdinaryFile) {
    const test::TemporaryDirectory folder;
    EXPECT_FALSE(write_file_atomically(folder.path(), "new"));
    EXPECT_FALSE(write_file_atomically(folder.path("nowhere/a.toml"), "new"));
    fs::create_symlink("gone", folder.path("dangling"));
    EXPECT_FALSE(write_file_atomically(folder.path("dangling"), "new"));
    EXPECT_EQ(files_in(folder.path()), 1U);
}

}  // namespace
}  // namespace meridian::server
