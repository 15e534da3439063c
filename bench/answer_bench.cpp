// Measures the answer function in process: nanoseconds, or a fixed number of queries for callgrind.
//
// SPDX-License-Identifier: Apache-2.0
#include <getopt.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bench_snapshot.h"
#include "bench/database.h"
#include "bench/query_source.h"
#include "meridian/limits.h"
#include "meridian/zones/answer.h"

namespace meridian::bench {

/// Where callgrind writes down its counts and starts again (bench/instructions.sh). A function of
/// its own, whose name link-time optimisation does not remove.
[[gnu::noinline, gnu::used]] void end_of_round() {
    asm volatile("");  // or the call would be optimised away
}

}  // namespace meridian::bench

namespace {

using namespace meridian;
using namespace meridian::bench;
using std::chrono::steady_clock;

constexpr std::size_t kRounds = 21;
constexpr std::size_t kBatchesPerRound = 2000;
// Enough queries that none comes back while its name or client is still in a cache by chance.
constexpr std::size_t kPreparedQueries = std::size_t{1} << 18;

struct Options {
    std::vector<std::string> database = {MERIDIAN_SOURCE_DIR
                                         "/packaging/world/dbip-city-lite.world"};
    std::string zone = MERIDIAN_SOURCE_DIR "/packaging/zones/beigel.example.toml";
    std::string mix = "all";
    std::vector<std::string> steered = {"www.beigel.example"};
    std::size_t names = 1'000'000;
    std::size_t once = 0;
};

constexpr const char* kUsage =
    "usage: meridian_bench_answer [--database FILE]... [--zone FILE] [--names N] [--mix MIX] "
    "[--steered NAME]... [--once N]\n"
    "  --mix   all, static, ecs, ecs6, fallen, nxdomain or names (a million at random)\n"
    "  --steered  what ecs, ecs6 and fallen ask for, at random (www.beigel.example)\n"
    "  --once  answers a batch, then N queries of each mix without timing them, for callgrind\n";

struct Mix {
    const char* name;
    const char* what;
    int rcode;  ///< The rcode that every answer of the mix must have.
    bool many_names;
    bool first_is_down;  ///< The nearest region of each client.
    QueryMix queries;
};

std::vector<Mix> all_mixes(const Options& options) {
    std::vector<Mix> mixes(6);
    mixes[0] = {"static", "one static A with EDNS", 0, false, false, {}};
    mixes[0].queries.names = {"mail.beigel.example"};
    mixes[1] = {"ecs", "one steered A, another IPv4 /24 each", 0, false, false, {}};
    mixes[1].queries.names = options.steered;
    mixes[1].queries.subnets = Subnets::PublicV4;
    mixes[2] = {"ecs6", "one steered A, a random IPv6 /56 each", 0, false, false, {}};
    mixes[2].queries.names = options.steered;
    mixes[2].queries.subnets = Subnets::PublicV6;
    mixes[3] = {"fallen",        "as ecs, the nearest region of each is down", 0, false, true,
                mixes[1].queries};
    mixes[4] = {"nxdomain", "names that are not there", 3, false, false, {}};
    mixes[4].queries.names = {"beigel.example"};
    mixes[4].queries.random_label = true;
    mixes[5] = {"names", "static A of random names", 0, true, false, {}};
    if (options.mix == "all" || options.mix == "names") {
        mixes[5].queries.names = many_names(options.names);
    }
    return mixes;
}

/// Where a region is down; that it is is all that the answer to a query differs by.
class Fall {
public:
    Fall(const zones::Serving& up, std::uint32_t cell)
        : up_(up),
          down_(up.snapshot(), up.live()->with(std::array{
                                   zones::LiveChange{.cell = cell, .up_addresses = {0, 0}}})) {}

    [[nodiscard]] const zones::Serving& after() const { return down_; }
    /// Whether the client leaves the region that fell.
    [[nodiscard]] bool moves(std::span<const std::uint8_t> query) const {
        std::array<std::uint8_t, kMaxUdpQueryOctets> before{};
        std::array<std::uint8_t, kMaxUdpQueryOctets> after{};
        return reply(up_, query, before) != reply(down_, query, after) || before != after;
    }

private:
    static std::size_t reply(const zones::Serving& serving, std::span<const std::uint8_t> query,
                             std::span<std::uint8_t> buffer) {
        static auto state = std::make_unique<zones::AnswerState>();
        std::ranges::copy(query, buffer.begin());
        dns::Request request{buffer, query.size(), {IpAddress::v4(0xc0000235), 5353}, false, 0};
        zones::answer(serving, {}, {&request, 1}, *state);
        return request.reply_octets;
    }

    zones::Serving up_;
    zones::Serving down_;
};

/// Queries made ahead, so that their making is not measured.
struct PreparedQueries {
    static constexpr std::size_t kStride = 128;
    std::vector<std::uint8_t> octets;
    std::vector<std::uint8_t> lengths;

    /// With a fall, those of the clients that it moves.
    PreparedQueries(const QueryMix& mix, std::size_t count, const Fall* fall)
        : octets(count * kStride), lengths(count) {
        QuerySource source(mix);
        std::array<std::uint8_t, QuerySource::kMaxQueryOctets> packet{};
        for (std::size_t i = 0; i < count; ++i) {
            std::size_t length = 0;
            do {
                length = source.make(static_cast<std::uint16_t>(i), packet);
            } while (fall != nullptr && !fall->moves({packet.data(), length}));
            MERIDIAN_ASSERT(length <= kStride);
            lengths[i] = static_cast<std::uint8_t>(length);
            std::memcpy(&octets[i * kStride], packet.data(), length);
        }
    }
};

/// One batch as the UDP worker would pass it on: packets fresh in the cache, each in its buffer.
class Batch {
public:
    Batch() : octets_(kUdpBatch * kStride) {}

    void fill(const PreparedQueries& queries, std::size_t first) {
        for (std::size_t i = 0; i < kUdpBatch; ++i) {
            const std::size_t index = (first + i) % queries.lengths.size();
            dns::Request& request = requests_[i];
            request.buffer = {&octets_[i * kStride], kMaxUdpQueryOctets};
            request.query_octets = queries.lengths[index];
            request.peer = {IpAddress::v4(0xc0000235), 5353};
            request.reply_octets = 0;
            std::memcpy(request.buffer.data(), &queries.octets[index * PreparedQueries::kStride],
                        request.query_octets);
        }
    }
    std::span<dns::Request> requests() { return requests_; }

    [[nodiscard]] bool all_answered_with(int rcode) const {
        return std::ranges::all_of(requests_, [rcode](const dns::Request& request) {
            return request.reply_octets >= kHeaderOctets && (request.buffer[3] & 15) == rcode;
        });
    }

private:
    static constexpr std::size_t kStride = kMaxUdpQueryOctets + 64;
    std::vector<std::uint8_t> octets_;
    std::array<dns::Request, kUdpBatch> requests_{};
};

/// Answers `batch_count` batches; returns the nanoseconds spent in the answer function, or none if
/// the mix expects another answer.
std::optional<double> answer_batches(const zones::Serving& serving, const Mix& mix,
                                     const PreparedQueries& queries, std::size_t batch_count,
                                     std::size_t& next) {
    static auto state = std::make_unique<zones::AnswerState>();
    static Batch batch;
    steady_clock::duration spent{};
    for (std::size_t i = 0; i < batch_count; ++i, next += kUdpBatch) {
        batch.fill(queries, next);
        const auto begin = steady_clock::now();
        zones::answer(serving, {}, batch.requests(), *state);
        spent += steady_clock::now() - begin;
        if (!batch.all_answered_with(mix.rcode)) { return {}; }
    }
    return static_cast<double>(std::chrono::nanoseconds(spent).count());
}

/// Of the first region that some of the queries lead to.
std::optional<Fall> first_fall(const zones::Serving& up, const QueryMix& mix) {
    constexpr std::size_t kTried = 1000;
    for (std::uint32_t cell = 0; cell < up.live()->cells().size(); ++cell) {
        const Fall fall(up, cell);
        QuerySource source(mix);
        std::array<std::uint8_t, QuerySource::kMaxQueryOctets> packet{};
        for (std::size_t i = 0; i < kTried; ++i) {
            const std::size_t length = source.make(0, packet);
            if (fall.moves({packet.data(), length})) { return fall; }
        }
    }
    return {};
}

/// False when an answer is wrong: then no figure is valid.
bool measure(const zones::Serving& up, const Mix& mix, std::size_t once) {
    const auto fall = mix.first_is_down ? first_fall(up, mix.queries) : std::nullopt;
    if (mix.first_is_down && !fall) { return false; }
    const zones::Serving& serving = fall ? fall->after() : up;
    const std::size_t prepared = once == 0 ? kPreparedQueries : std::min(once, kPreparedQueries);
    const PreparedQueries queries(mix.queries, prepared, fall ? &*fall : nullptr);
    std::size_t next = 0;
    if (once != 0) {
        const std::size_t batch_count = (once + kUdpBatch - 1) / kUdpBatch;
        // The first batch is a round of its own, for costs that arise once.
        for (const std::size_t count : {std::size_t{1}, batch_count}) {
            if (!answer_batches(serving, mix, queries, count, next)) { return false; }
            end_of_round();
        }
        std::printf("%-9s queries %zu\n", mix.name, batch_count * kUdpBatch);
        return true;
    }
    std::array<double, kRounds> rounds{};
    for (double& round : rounds) {
        const auto spent = answer_batches(serving, mix, queries, kBatchesPerRound, next);
        if (!spent) { return false; }
        round = *spent / static_cast<double>(kBatchesPerRound * kUdpBatch);
    }
    std::ranges::sort(rounds);
    std::printf("%-9s %7.1f ns a query (best %.1f, worst %.1f)  %s\n", mix.name,
                rounds[kRounds / 2], rounds.front(), rounds.back(), mix.what);
    return true;
}

std::optional<Options> parse(int argument_count, char** arguments) {
    static const option long_options[] = {{"database", required_argument, nullptr, 'd'},
                                          {"zone", required_argument, nullptr, 'z'},
                                          {"names", required_argument, nullptr, 'n'},
                                          {"mix", required_argument, nullptr, 'm'},
                                          {"once", required_argument, nullptr, 'o'},
                                          {"steered", required_argument, nullptr, 's'},
                                          {nullptr, 0, nullptr, 0}};
    Options options;
    bool has_database = false;
    bool has_steered = false;
    for (int key = 0;
         (key = getopt_long(argument_count, arguments, "", long_options, nullptr)) != -1;) {
        switch (key) {
            case 'd':
                if (!has_database) { options.database.clear(); }
                has_database = true;
                options.database.emplace_back(optarg);
                break;
            case 'z':
                options.zone = optarg;
                break;
            case 'n':
                options.names = std::strtoull(optarg, nullptr, 10);
                break;
            case 'm':
                options.mix = optarg;
                break;
            case 's':
                if (!has_steered) { options.steered.clear(); }
                has_steered = true;
                options.steered.emplace_back(optarg);
                break;
            case 'o':
                options.once = std::strtoull(optarg, nullptr, 10);
                break;
            default:
                return {};
        }
    }
    if (optind != argument_count || options.names == 0) { return {}; }
    return options;
}

/// The first line, which describes what was measured.
void print_snapshot(const char* what, const zones::Snapshot& snapshot, double seconds) {
    const zones::SnapshotInfo info = snapshot.info();
    std::printf("# %s: %zu names, %zu regions, tables %.1f MB, names %.1f MB, built in %.2f s\n",
                what, info.name_count, info.region_count,
                static_cast<double>(info.table_octets) / 1e6,
                static_cast<double>(info.name_octets) / 1e6, seconds);
}

int run(const Options& options) {
    const auto fail = [](const std::string& why) {
        std::fprintf(stderr, "meridian_bench_answer: %s\n", why.c_str());
        return 1;
    };
    const auto atlas = read_database(options.database);
    if (!atlas) { return fail(atlas.error()); }
    std::array<std::optional<zones::Serving>, 2> served;  // the sample zone, many names
    bool found = false;
    for (const Mix& mix : all_mixes(options)) {
        if (options.mix != "all" && options.mix != mix.name) { continue; }
        found = true;
        std::optional<zones::Serving>& serving = served[mix.many_names ? 1 : 0];
        if (!serving) {
            const auto begin = steady_clock::now();
            auto built = mix.many_names ? many_names_snapshot(options.names, *atlas)
                                        : zone_file_snapshot(options.zone, *atlas);
            if (!built) { return fail(built.error()); }
            serving.emplace(*built);
            print_snapshot(mix.many_names ? "generated zone" : options.zone.c_str(), **built,
                           std::chrono::duration<double>(steady_clock::now() - begin).count());
        }
        if (!measure(*serving, mix, options.once)) {
            return fail(std::string(mix.name) + ": an answer is not what it should be");
        }
    }
    return found ? 0 : fail("no mix is called \"" + options.mix + "\"");
}

}  // namespace

int main(int argument_count, char** arguments) {
    const auto options = parse(argument_count, arguments);
    if (!options) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    return run(*options);
}
