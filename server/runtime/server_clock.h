// Gives the time of this machine, and whether its date is right.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "meridian/clock.h"

namespace meridian::server {

enum class KernelClock : std::uint8_t {
    Synchronised,
    Unsynchronised,
    Unknown,  ///< The kernel does not answer this process.
};

/// What the kernel says of the date (adjtimex(2)). A program such as chrony or ntpd that keeps the
/// clock reports to it, and after some hours without a word of it the clock counts as
/// unsynchronised.
KernelClock kernel_clock();

/// Which start of the machine this is: what systemd says in MERIDIAN_BOOT_ID, else the kernel.
/// Empty where neither does.
std::string read_boot_id();

/// Its date is trusted unless the kernel says that it is unsynchronised: where it says nothing,
/// nothing speaks against it.
class ServerClock final : public Clock {
public:
    explicit ServerClock(std::function<KernelClock()> ask = kernel_clock);

    /// Other means keep the date, such as the host of a virtual machine (`server.clock`).
    /// Before other threads begin.
    void trust() { has_other_keeper_ = true; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::now();
    }
    [[nodiscard]] std::chrono::seconds since_boot() const override { return seconds_since_boot(); }
    [[nodiscard]] std::string boot_id() const override { return boot_id_; }
    [[nodiscard]] bool is_date_trusted() const override {
        return has_other_keeper_ || ask_() != KernelClock::Unsynchronised;
    }

private:
    std::function<KernelClock()> ask_;
    std::string boot_id_;
    bool has_other_keeper_ = false;
};

}  // namespace meridian::server
