// Starts servers one after the other over the same zones and the same state directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/clock.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {

inline std::string zone_text(const std::string& apex, const std::string& www,
                             const std::string& more = "") {
    return "zone = \"" + apex + "\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n" +
           more + "[records]\nwww.a = \"" + www + "\"\n";
}

inline std::string told(const LoadReport& report) {
    return report.database_error + test::told(report.diagnostics);
}

using test::text_of;

/// Servers that run one after the other over the same directories.
class LastGoodTest : public testing::Test {
protected:
    std::string write_zone(const std::string& file, std::string_view text) {
        return directory_.write_zone(file, text);
    }
    void write_many_zones(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string name = "z" + std::to_string(i);
            write_zone(name + ".toml", zone_text(name + ".example", "192.0.2.1"));
        }
    }
    /// Ends the server before, starts the next one, which keeps what it serves.
    LoadReport start() {
        data_.reset();
        data_ = std::make_unique<ServedData>(directory_.data(), directory_.state(), clock_);
        LoadReport report = data_->load();
        if (report.snapshot) { save_all(); }
        return report;
    }
    /// How many calls that takes.
    int save_all() {
        for (int calls = 1;; ++calls) {
            const auto kept = data_->save_state();
            EXPECT_TRUE(kept);
            if (!kept || *kept) { return calls; }
        }
    }
    void start_well() {
        const LoadReport report = start();
        ASSERT_TRUE(report.snapshot) << told(report);
        ASSERT_TRUE(report.clean()) << told(report);
    }
    std::size_t zone_count(const LoadReport& report) {
        return report.snapshot ? report.snapshot->info().zone_count : 0;
    }
    std::vector<std::string> texts() {
        std::vector<std::string> names;
        for (const auto& entry :
             std::filesystem::directory_iterator(directory_.path("state/texts"))) {
            names.push_back(entry.path().string());
        }
        return names;
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    std::unique_ptr<ServedData> data_;
};

}  // namespace meridian::server
