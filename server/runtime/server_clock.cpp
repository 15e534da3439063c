// Gives the time of this machine, and whether its date is right.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/server_clock.h"

#include <sys/timex.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "meridian/file_reader.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

constexpr std::size_t kMaxBootIdOctets = 64;  // 32 digits, and hyphens

}  // namespace

KernelClock kernel_clock() {
    timex state{};  // asks for nothing to be set
    const int answer = adjtimex(&state);
    if (answer < 0) { return KernelClock::Unknown; }  // such as a filter of system calls
    const bool is_off = answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0;
    return is_off ? KernelClock::Unsynchronised : KernelClock::Synchronised;
}

std::string read_boot_id() {
    const char* given = std::getenv("MERIDIAN_BOOT_ID");
    std::string id = given == nullptr ? std::string() : std::string(given);
    if (id.empty()) {
        const auto file = read_file("/proc/sys/kernel/random/boot_id", kMaxBootIdOctets);
        if (file) { id = file->text; }
    }
    std::erase_if(
        id, [](char letter) { return std::isxdigit(static_cast<unsigned char>(letter)) == 0; });
    return id.size() > kMaxBootIdOctets ? std::string() : id;
}

ServerClock::ServerClock(std::function<KernelClock()> ask)
    : ask_(std::move(ask)), boot_id_(read_boot_id()) {}

}  // namespace meridian::server
