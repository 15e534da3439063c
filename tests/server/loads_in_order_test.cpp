// Checks that files that are loaded on several threads are handed over in order.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/loads_in_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "meridian/clock.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

constexpr std::size_t kMany = 1000;

/// Its diagnostic says which number it was.
ZoneLoading loading_of(std::size_t number) {
    ZoneLoading loading;
    loading.diagnostics.emplace_back();
    loading.diagnostics.back().text = std::to_string(number);
    return loading;
}

TEST(LoadsInOrder, TakesEachOnceAndInOrder) {
    for (const std::size_t threads : {0U, 1U, 3U}) {
        for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{33}, kMany}) {
            SCOPED_TRACE(std::to_string(count) + " on " + std::to_string(threads));
            std::size_t next = 0;
            load_in_order(count, threads, loading_of,
                          [&](std::size_t number, const ZoneLoading& loading) {
                              ASSERT_EQ(number, next++);
                              EXPECT_EQ(loading.diagnostics.at(0).text, std::to_string(number));
                          });
            EXPECT_EQ(next, count);
        }
    }
}

TEST(LoadsInOrder, LoadsOnThreadsThatWorkAtTheSameTime) {
    std::mutex mutex;
    std::condition_variable met;
    std::set<std::thread::id> threads;
    const auto load = [&](std::size_t number) {
        std::unique_lock lock(mutex);
        threads.insert(std::this_thread::get_id());
        met.notify_all();
        met.wait(lock, [&] { return threads.size() == 3; });  // with fewer the test hangs
        return loading_of(number);
    };
    load_in_order(kMany, 2, load, [](std::size_t, const ZoneLoading&) {});
    EXPECT_EQ(threads.size(), 3U) << "two, and the one that takes";
}

TEST(LoadsInOrder, DoesNotReadFarAhead) {
    std::atomic<std::size_t> loaded = 0;
    const auto load = [&](std::size_t number) {
        ++loaded;
        return loading_of(number);
    };
    load_in_order(kMany * 10, 3, load, [&](std::size_t number, const ZoneLoading&) {
        EXPECT_LE(loaded, number + 1024) << "models of all would be in memory at once";
    });
}

TEST(LoadsInOrder, EndsWithWhatALoadThrows) {
    for (const std::size_t threads : {0U, 3U}) {
        std::size_t taken = 0;
        const auto load = [](std::size_t number) {
            if (number == 500) { throw std::runtime_error("number 500"); }
            return loading_of(number);
        };
        EXPECT_THROW(
            load_in_order(kMany, threads, load, [&](std::size_t, const ZoneLoading&) { ++taken; }),
            std::runtime_error);
        EXPECT_LE(taken, 500U);
        EXPECT_GE(taken, 400U);
    }
}

TEST(LoadsInOrder, EndsWithWhatTakingThrows) {
    const auto take = [](std::size_t number, const ZoneLoading&) {
        if (number == 10) { throw std::runtime_error("enough"); }
    };
    EXPECT_THROW(load_in_order(kMany, 3, loading_of, take), std::runtime_error);
}

TEST(AStartOnAllCores, ReadsMasterFilesInTheirOrder) {
    const test::ServedDirectory directory;
    constexpr int kZones = 400;
    for (int i = 0; i < kZones; ++i) {
        const std::string apex = "z" + std::to_string(i) + ".example";
        directory.write_zone(apex + ".zone",
                             "@ 60 SOA ns1.example.net. h.example.net. 1 2 3 4 5\n@ 60 NS "
                             "ns1.example.net.\nwww 60 A 192.0.2." +
                                 std::to_string(i % 250) + "\n");
    }
    const SystemClock clock;
    ServedData data(directory.data(), {}, clock);
    const LoadReport report = data.load();
    ASSERT_TRUE(report.snapshot) << test::told(report.diagnostics);
    std::vector<std::string> files;  // each has a warning of its one nameserver
    for (const zones::Diagnostic& warning : report.diagnostics) {
        if (files.empty() || files.back() != warning.file) { files.push_back(warning.file); }
    }
    std::vector<std::string> paths;
    for (const auto& [path, file] : data.files()) {
        paths.push_back(path);
        EXPECT_EQ(file->zones.at(0).apex().to_text() + "zone",
                  std::filesystem::path(path).filename().string());
    }
    EXPECT_EQ(paths.size(), static_cast<std::size_t>(kZones));
    EXPECT_EQ(files, paths);
    EXPECT_EQ(data.reload().snapshot, nullptr) << "all is as it was read";
}

TEST(AStartOnAllCores, ReadsWhatALoadOfOneFileAfterTheOtherReads) {
    const test::ServedDirectory directory;
    directory.write_zone("lib.toml",
                         "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"192.0.2.1\"]\n");
    constexpr int kZones = 400;
    for (int i = 0; i < kZones; ++i) {
        const std::string apex = "z" + std::to_string(i) + ".example";
        directory.write_zone(apex + ".toml",
                             "zone = \"" + apex + "\"\nuse = \"lib.toml\"\nnameservers = [\"ns1." +
                                 "example.net.\"]\n[records]\nwww.steer = \"nearest\"\n");
    }
    const SystemClock clock;
    ServedData data(directory.data(), {}, clock);
    const LoadReport report = data.load();
    ASSERT_TRUE(report.snapshot) << test::told(report.diagnostics);
    EXPECT_EQ(report.snapshot->zone_count(), static_cast<std::size_t>(kZones));

    std::vector<std::string> files;  // each has a warning of its one nameserver
    for (const zones::Diagnostic& warning : report.diagnostics) {
        files.push_back(warning.file);
    }
    std::vector<std::string> paths;
    for (const auto& [path, file] : data.files()) {
        paths.push_back(path);
        EXPECT_EQ(file->named.at(0).text_digest,
                  data.files().begin()->second->named.at(0).text_digest);
        LibraryShelf shelf;
        const SerialStore none;
        const auto alone = load_zone(path, nullptr, {none, 0}, shelf).loaded;
        ASSERT_NE(alone, nullptr) << path;
        EXPECT_EQ(alone->contents, file->contents) << path;
        EXPECT_EQ(alone->text_digest, file->text_digest) << path;
        EXPECT_EQ(alone->state, file->state) << path;
    }
    EXPECT_EQ(files, paths) << "in another order, or not all of them";
}

}  // namespace
}  // namespace meridian::server
