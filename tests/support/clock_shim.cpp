// Stands before the C library in a server under test, and gives it the time that the test says.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

/// What the file of MERIDIAN_TEST_CLOCK holds; the test writes into it while the server runs.
struct TestClock {
    std::int64_t seconds_ahead = 0;  ///< Of the date alone.
    std::int64_t is_unsynchronised = 0;
};

const volatile TestClock& test_clock() {
    static const TestClock kNothing;
    static const volatile TestClock* const kClock = [] {
        const char* path = std::getenv("MERIDIAN_TEST_CLOCK");
        const int file = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) { return &kNothing; }
        void* mapped = mmap(nullptr, sizeof(TestClock), PROT_READ, MAP_SHARED, file, 0);
        close(file);
        return mapped == MAP_FAILED ? &kNothing : static_cast<const TestClock*>(mapped);
    }();
    return *kClock;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
    const long result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && clock == CLOCK_REALTIME) { now->tv_sec += test_clock().seconds_ahead; }
    return static_cast<int>(result);
}

extern "C" int adjtimex(timex* state) noexcept {
    *state = {};
    const bool is_off = test_clock().is_unsynchronised != 0;
    state->status = is_off ? STA_UNSYNC : STA_PLL;
    return is_off ? TIME_ERROR : TIME_OK;
}
