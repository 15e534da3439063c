// Loads a DNS server on loopback with UDP queries of many clients.
//
// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "bench/load_lane.h"
#include "bench/query_source.h"
#include "meridian/endpoint.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace {

using namespace meridian;
using namespace meridian::bench;

constexpr std::uint64_t kReplyTimeout = 500'000'000;   // ns; far beyond what loopback takes
constexpr std::uint64_t kExpireInterval = 50'000'000;  // ns

struct Options {
    Endpoint server{IpAddress::v4(0x7f000001), 5300};
    std::size_t sockets = 64;
    std::size_t window = 256;  // queries under way, all sockets together
    double rate = 0;           // queries a second; 0: as many as the window lets through
    std::uint64_t count = UINT64_MAX;
    double seconds = 1;
    bool generations = false;
    QueryMix mix;
};

constexpr const char* kUsage =
    "usage: meridian_load [options]\n"
    "  --server ADDR   a loopback address (127.0.0.1)     --port N      (5300)\n"
    "  --name NAME     what to ask for                    --names FILE  one name a line, at "
    "random\n"
    "  --type N        type as a number (1)               --random-label  a new first label each\n"
    "  --ecs none|v4|v6|FILE   a different client subnet each query (none); FILE lists networks\n"
    "  --no-edns       no OPT record\n"
    "  --sockets N     source ports (64)                  --window N    queries under way (256)\n"
    "  --rate N        offered queries a second, whatever comes back; latency then counts from\n"
    "                  when a query was due. Without it a new query goes out as one is answered.\n"
    "  --seconds S     (1)                                --count N     end after N queries\n"
    "  --seed N        (1)\n"
    "  --generations   count answers by the second and third octet of their A records\n"
    "Prints one JSON object.\n";

bool is_loopback(const IpAddress& address) {
    return address.is_v4() ? address.as_v4() >> 24 == 127
                           : address.high() == 0 && address.low() == 1;
}

std::vector<std::string> read_lines(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) { lines.push_back(line); }
    }
    return lines;
}

bool set_subnets(const std::string& value, QueryMix& mix) {
    if (value == "none" || value == "v4" || value == "v6") {
        mix.subnets = value == "none" ? Subnets::None
                      : value == "v4" ? Subnets::PublicV4
                                      : Subnets::PublicV6;
        return true;
    }
    for (const std::string& line : read_lines(value)) {
        const auto network = IpPrefix::parse(line);
        if (!network) { return false; }
        mix.networks.push_back(*network);
    }
    mix.subnets = Subnets::Listed;
    return !mix.networks.empty();
}

bool set_option(int key, const std::string& value, Options& options) {
    switch (key) {
        case 'a': {
            const auto address = IpAddress::parse(value);
            if (address) { options.server.address = *address; }
            return address.has_value();
        }
        case 'p':
            options.server.port = static_cast<std::uint16_t>(std::stoul(value));
            return true;
        case 'n':
            options.mix.names = {value};
            return true;
        case 'N':
            options.mix.names = read_lines(value);
            return !options.mix.names.empty();
        case 't':
            options.mix.type = static_cast<std::uint16_t>(std::stoul(value));
            return true;
        case 'l':
            options.mix.random_label = true;
            return true;
        case 'e':
            return set_subnets(value, options.mix);
        case 'E':
            options.mix.edns = false;
            return true;
        case 's':
            options.sockets = std::stoul(value);
            return true;
        case 'w':
            options.window = std::stoul(value);
            return true;
        case 'r':
            options.rate = std::stod(value);
            return true;
        case 'S':
            options.seconds = std::stod(value);
            return true;
        case 'c':
            options.count = std::stoull(value);
            return true;
        case 'g':
            options.generations = true;
            return true;
        case 'x':
            options.mix.seed = std::stoull(value);
            return true;
        default:
            return false;
    }
}

std::optional<Options> parse(int argument_count, char** arguments) {
    static const option long_options[] = {
        {"server", required_argument, nullptr, 'a'},  {"port", required_argument, nullptr, 'p'},
        {"name", required_argument, nullptr, 'n'},    {"names", required_argument, nullptr, 'N'},
        {"type", required_argument, nullptr, 't'},    {"random-label", no_argument, nullptr, 'l'},
        {"ecs", required_argument, nullptr, 'e'},     {"no-edns", no_argument, nullptr, 'E'},
        {"sockets", required_argument, nullptr, 's'}, {"window", required_argument, nullptr, 'w'},
        {"rate", required_argument, nullptr, 'r'},    {"seconds", required_argument, nullptr, 'S'},
        {"count", required_argument, nullptr, 'c'},   {"seed", required_argument, nullptr, 'x'},
        {"generations", no_argument, nullptr, 'g'},   {nullptr, 0, nullptr, 0}};
    Options options;
    for (int key = 0;
         (key = getopt_long(argument_count, arguments, "", long_options, nullptr)) != -1;) {
        try {
            if (!set_option(key, optarg == nullptr ? "" : optarg, options)) { return {}; }
        } catch (const std::exception&) {  // not a number
            return {};
        }
    }
    const bool fits = options.sockets >= 1 && options.sockets <= 4096 &&
                      options.window >= options.sockets &&
                      options.window / options.sockets <= LoadLane::kSlots;
    if (optind != argument_count || options.mix.names.empty() || !fits) { return {}; }
    return options;
}

volatile std::sig_atomic_t reported_to_end = 0;

/// Drives all lanes from one thread.
class Load {
public:
    explicit Load(const Options& options)
        : options_(options), source_(options.mix), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
        counts_.wants_generations = options.generations;
    }

    Result<Unit, std::string> open() {
        for (std::size_t i = 0; i < options_.sockets; ++i) {
            auto lane = LoadLane::open(options_.server);
            if (!lane) { return Failure{std::move(lane).error()}; }
            lanes_.push_back(std::move(lane).value());
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, lanes_.back().descriptor(), &event);
        }
        return Unit{};
    }

    /// Ends early, and with a result, on SIGTERM.
    void run() {
        start_ = now_nanoseconds();
        const std::uint64_t end = start_ + static_cast<std::uint64_t>(options_.seconds * 1e9);
        std::uint64_t next_expiry = start_ + kExpireInterval;
        std::uint64_t now = start_;
        fill_all();
        while (now < end && counts_.sent < options_.count && reported_to_end == 0) {
            take_replies(options_.rate > 0 ? 0 : 1, true);
            now = now_nanoseconds();
            if (options_.rate > 0) { send_what_is_due(now); }
            if (now < next_expiry) { continue; }
            next_expiry = now + kExpireInterval;
            for (LoadLane& lane : lanes_) {
                lane.expire(now - kReplyTimeout, counts_);
            }
            fill_all();
        }
        sending_seconds_ = static_cast<double>(now - start_) / 1e9;
        wait_for_the_rest();
    }

    void print() const;

private:
    void take_replies(int timeout_ms, bool refill) {
        std::array<epoll_event, 64> events;
        const int count = epoll_wait(epoll_.get(), events.data(), events.size(), timeout_ms);
        for (int i = 0; i < count; ++i) {
            LoadLane& lane = lanes_[events[static_cast<std::size_t>(i)].data.u64];
            lane.receive(counts_);
            if (refill) { fill(lane); }
        }
    }
    void fill(LoadLane& lane) {
        const std::size_t share = options_.window / options_.sockets;
        if (options_.rate > 0 || lane.outstanding() >= share) { return; }
        const std::uint64_t left = options_.count - counts_.sent;
        const std::size_t room = share - lane.outstanding();
        const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
        if (count > 0) { lane.send(count, now_nanoseconds(), 0, source_, counts_); }
    }
    void fill_all() {
        for (LoadLane& lane : lanes_) {
            fill(lane);
        }
    }
    /// Query i is due i / rate seconds after the start. The queries that became due since the last
    /// step leave from one socket after the other.
    void send_what_is_due(std::uint64_t now) {
        const double interval = 1e9 / options_.rate;
        while (counts_.sent < options_.count) {
            const double due_by_now = static_cast<double>(now - start_) / interval;
            if (due_by_now < static_cast<double>(counts_.sent + 1)) { return; }
            const auto due = static_cast<std::uint64_t>(due_by_now) - counts_.sent;
            const std::uint64_t left = options_.count - counts_.sent;
            const std::uint64_t first =
                start_ + static_cast<std::uint64_t>(interval * static_cast<double>(counts_.sent));
            LoadLane& lane = lanes_[next_lane_++ % lanes_.size()];
            const auto count = static_cast<std::size_t>(std::min(due, left));
            if (lane.send(count, first, interval, source_, counts_) == 0) { return; }
        }
    }
    void wait_for_the_rest() {
        const std::uint64_t deadline = now_nanoseconds() + kReplyTimeout;
        const auto waiting = [](const LoadLane& lane) { return lane.outstanding() > 0; };
        while (std::any_of(lanes_.begin(), lanes_.end(), waiting)) {
            take_replies(1, false);
            if (now_nanoseconds() >= deadline) { break; }
        }
        for (LoadLane& lane : lanes_) {
            lane.expire(UINT64_MAX, counts_);
        }
    }

    Options options_;
    QuerySource source_;
    FileDescriptor epoll_;
    std::vector<LoadLane> lanes_;
    LoadCounts counts_;
    std::uint64_t start_ = 0;
    std::size_t next_lane_ = 0;
    double sending_seconds_ = 0;
};

void Load::print() const {
    const auto answered = static_cast<double>(counts_.answered);
    std::printf("{\"sent\": %" PRIu64 ", \"answered\": %" PRIu64 ", \"lost\": %" PRIu64
                ", \"unasked\": %" PRIu64 ", \"mismatched\": %" PRIu64 ", \"truncated\": %" PRIu64
                ", \"send_failed\": %" PRIu64,
                counts_.sent, counts_.answered, counts_.lost, counts_.unasked, counts_.mismatched,
                counts_.truncated, counts_.send_failed);
    std::printf(", \"seconds\": %.3f, \"answered_per_second\": %.0f, \"reply_octets\": %.1f",
                sending_seconds_, answered / sending_seconds_,
                counts_.answered == 0 ? 0 : static_cast<double>(counts_.reply_octets) / answered);
    std::printf(", \"rcodes\": {");
    const char* separator = "";
    for (std::size_t rcode = 0; rcode < counts_.rcodes.size(); ++rcode) {
        if (counts_.rcodes[rcode] == 0) { continue; }
        std::printf("%s\"%zu\": %" PRIu64, separator, rcode, counts_.rcodes[rcode]);
        separator = ", ";
    }
    std::printf("}, \"latency_us\": {");
    separator = "";
    for (const auto& [label, share] : {std::pair{"p50", 0.5},
                                       {"p90", 0.9},
                                       {"p99", 0.99},
                                       {"p99.9", 0.999},
                                       {"p99.99", 0.9999},
                                       {"max", 1.0}}) {
        std::printf("%s\"%s\": %.1f", separator, label,
                    static_cast<double>(counts_.latency.percentile(share)) / 1e3);
        separator = ", ";
    }
    std::printf("}");
    if (options_.generations) { std::printf(", %s", counts_.generations.to_json().c_str()); }
    std::printf("}\n");
}

}  // namespace

int main(int argument_count, char** arguments) {
    const auto options = parse(argument_count, arguments);
    if (!options) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    // Against other hosts a load generator would be an attack.
    if (!is_loopback(options->server.address)) {
        std::fprintf(stderr, "meridian_load: %s is not a loopback address\n",
                     options->server.address.to_string().c_str());
        return 2;
    }
    Load load(*options);
    const auto opened = load.open();
    if (!opened) {
        std::fprintf(stderr, "meridian_load: %s\n", opened.error().c_str());
        return 1;
    }
    std::signal(SIGTERM, [](int) { reported_to_end = 1; });
    load.run();
    load.print();
    return 0;
}
