// Handles the signals of the server, and ends it on a signal that asks for that.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "server/runtime/log.h"

namespace meridian::server {

namespace {

constexpr std::chrono::milliseconds kLastLineWait{
    1'000};  // for the last line to reach a slow reader

constexpr std::array kStops{SIGTERM, SIGINT, SIGQUIT, SIGXCPU};
constexpr std::array kReloads{SIGHUP, SIGUSR1, SIGUSR2};

template <std::size_t kCount>
void add(const std::array<int, kCount>& numbers, sigset_t& signals) {
    for (const int number : numbers) {
        sigaddset(&signals, number);
    }
}

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    add(kStops, signals);
    return signals;
}

sigset_t our_signals() {
    sigset_t signals = stop_signals();
    add(kReloads, signals);
    return signals;
}

}  // namespace

void prepare_signals() {
    const sigset_t signals = our_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    for (const int number :
         {SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGXFSZ}) {
        std::signal(number, SIG_IGN);
    }
    for (int number = SIGRTMIN; number <= SIGRTMAX; ++number) {
        std::signal(number, SIG_IGN);
    }
}

int take_signal() {
    const sigset_t signals = our_signals();
    int number = 0;
    while (sigwait(&signals, &number) != 0) {}
    return number;
}

bool asks_to_stop(int signal) {
    return std::ranges::find(kStops, signal) != kStops.end();
}

std::string signal_name(int signal) {
    const char* name = sigabbrev_np(signal);
    return name == nullptr ? std::to_string(signal) : std::string("SIG") + name;
}

void start_last_resort(std::chrono::milliseconds deadline) {
    std::thread([deadline] {
        const sigset_t signals = stop_signals();
        const timespec timeout{deadline.count() / 1000, (deadline.count() % 1000) * 1'000'000};
        const int number = sigtimedwait(&signals, nullptr, &timeout);
        _exit(number > 0 ? 128 + number : 0);
    }).detach();
}

StopWhileLoading::StopWhileLoading(Log& log) : log_(log) {
    const sigset_t signals = stop_signals();
    signals_ = FileDescriptor(signalfd(-1, &signals, SFD_CLOEXEC));
    end_ = FileDescriptor(eventfd(0, EFD_CLOEXEC));
    // Without descriptors to be had the load itself is about to fail.
    if (!signals_.valid() || !end_.valid()) { return; }
    thread_ = std::thread([this] { watch(); });
}

StopWhileLoading::~StopWhileLoading() {
    if (!thread_.joinable()) { return; }
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(end_.get(), &one, sizeof one);
    thread_.join();
}

void StopWhileLoading::watch() {
    pthread_setname_np(pthread_self(), "meridian-stop");
    std::array<pollfd, 2> waiting{pollfd{end_.get(), POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
    while (poll(waiting.data(), waiting.size(), -1) < 0) {}
    if (waiting[0].revents != 0) { return; }  // a signal stays where it is, for `take_signal`
    signalfd_siginfo signal{};
    if (read(signals_.get(), &signal, sizeof signal) != sizeof signal) { return; }
    log_.info("stopping, before anything was served",
              {{"signal", signal_name(static_cast<int>(signal.ssi_signo))}});
    log_.wait_until_written(kLastLineWait);
    _exit(0);  // the load goes on meanwhile, and its objects cannot end under it
}

}  // namespace meridian::server
