// Checks how points in time are read and written.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/date_time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace meridian {
namespace {

constexpr std::int64_t kThree = 1'796'094'000;  // 2026-12-01T03:00:00Z

TEST(DateTime, IsWrittenInUtc) {
    EXPECT_EQ(date_time_text(kThree), "2026-12-01T03:00:00Z");
    EXPECT_EQ(date_time_text(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(date_time_text(-1), "1969-12-31T23:59:59Z");
    EXPECT_EQ(date_time_text(253'402'300'799), "9999-12-31T23:59:59Z");
    EXPECT_EQ(date_time_text(253'402'300'800), "253402300800") << "no year of four digits";
}

TEST(DateTime, IsReadWithAnyOffset) {
    for (const std::string_view text :
         {"2026-12-01T03:00:00Z", "2026-12-01 03:00:00z", "2026-12-01t03:00Z",
          "2026-12-01T04:00:00+01:00", "2026-11-30T23:30:00-03:30", "2026-12-01T04:00:00+0100",
          "2026-12-01T03:00:00.25Z"}) {
        EXPECT_EQ(read_date_time(text), kThree) << text;
    }
}

TEST(DateTime, IsRefusedWhereItIsNoMoment) {
    for (const std::string_view text :
         {"", "2026-12-01T03:00:00", "2026-12-01", "2026-12-01T03Z", "2026-02-29T03:00:00Z",
          "2026-13-01T03:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T03:60:00Z",
          "2026-12-01T03:00:61Z", "2026-12-01T03:00:00+24:00", "2026-12-01T03:00:00+01",
          "2026-12-01T03:00:00Z ", "2026-12-01T03:00:00.Z", "-026-12-01T03:00:00Z",
          "2026-1--01T03:00:00Z", "26-12-01T03:00:00Z"}) {
        EXPECT_FALSE(read_date_time(text)) << text;
    }
}

}  // namespace
}  // namespace meridian
