// Queues log lines for a thread of their own, through spdlog.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log.h"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "server/runtime/log_target.h"
#include "server/runtime/log_text.h"

namespace meridian::server {

namespace {

constexpr std::chrono::seconds kFarewell{1};  // the longest that a stuck reader delays a stop

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warning:
            return spdlog::level::warn;
        case LogLevel::Error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

LogPriority to_priority(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::debug:
            return LogPriority::Debug;
        case spdlog::level::warn:
            return LogPriority::Warning;
        case spdlog::level::err:
            return LogPriority::Error;
        default:
            return LogPriority::Info;
    }
}

/// The message comes as finished text, or as the finished members of a JSON object.
std::string pattern_of(LogFormat format, bool target_keeps_time) {
    if (format == LogFormat::Json) { return R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})"; }
    return target_keeps_time ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l: %v";
}

/// The queue's end. Runs on the log thread alone, hence no mutex.
class Sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    Sink(std::unique_ptr<LogTarget> target, LogFormat format)
        : target_(std::move(target)), format_(format) {}

    /// The queue whose losses are logged. It calls this sink, so it outlives every call.
    void watch(spdlog::details::thread_pool& pool) { pool_ = &pool; }
    LogTarget& target() { return *target_; }
    [[nodiscard]] std::uint64_t flush_count() const { return flush_count_.load(); }
    [[nodiscard]] std::uint64_t lost_count() const { return lost_.load(); }

    // What any thread may call.
    void request_reopen() { reopens_asked_.fetch_add(1); }
    [[nodiscard]] bool is_to_reopen() const {
        return reopens_asked_.load() != reopens_done_.load();
    }
    [[nodiscard]] std::string reopen_problem() const {
        const std::lock_guard lock(problem_mutex_);
        return reopen_problem_;
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        reopen();
        report_losses();
        if (!write(message)) { lost_.fetch_add(1); }
        const std::string notice = target_->take_notice();
        if (!notice.empty()) { log_own(spdlog::level::warn, notice); }
    }
    void flush_() override {
        reopen();
        flush_count_.fetch_add(1);
    }

private:
    bool write(const spdlog::details::log_msg& message) {
        line_.clear();
        formatter_->format(message, line_);
        return target_->write(to_priority(message.level), {line_.data(), line_.size()});
    }

    /// A line of the log's own. False when it was lost.
    bool log_line(spdlog::level::level_enum level, std::string_view message, LogFields fields) {
        const std::string text = render_log_message(format_, message, fields);
        return write(spdlog::details::log_msg({}, "meridian", level, text));
    }

    /// When asked to, and before each line as long as that fails: so the log comes back by itself
    /// once the operator has mended it.
    void reopen() {
        const std::uint64_t asked = reopens_asked_.load();
        const bool is_asked = asked != reopens_done_.load();
        const std::string before = reopen_problem();
        if (!is_asked && before.empty()) { return; }
        const std::string problem = target_->reopen();
        {
            const std::lock_guard lock(problem_mutex_);
            reopen_problem_ = problem;
        }
        reopens_done_.store(asked);
        if (problem.empty() && !before.empty()) {
            log_own(spdlog::level::info, "the log is opened anew, after that had failed");
        } else if (!problem.empty() && (is_asked || problem != before)) {
            log_own(spdlog::level::err, problem);
        }
    }

    void log_own(spdlog::level::level_enum level, std::string_view message) {
        if (!log_line(level, message, {})) { lost_.fetch_add(1); }
    }

    void report_losses() {
        const std::uint64_t losses = lost_.load() + pool_->overrun_counter();
        if (losses == reported_) { return; }
        // When this line is lost as well, the next one tries again.
        const bool heard = log_line(
            spdlog::level::warn, "log lines were dropped, because more came than could be written",
            {{"count", losses - reported_}});
        if (heard) { reported_ = losses; }
    }

    std::unique_ptr<LogTarget> target_;
    LogFormat format_;
    spdlog::details::thread_pool* pool_ = nullptr;
    std::atomic<std::uint64_t> lost_ = 0;
    std::atomic<std::uint64_t> flush_count_ = 0;
    std::uint64_t reported_ = 0;
    std::atomic<std::uint64_t> reopens_asked_ = 0;
    std::atomic<std::uint64_t> reopens_done_ = 0;
    mutable std::mutex problem_mutex_;
    std::string reopen_problem_;
    spdlog::memory_buf_t line_;
};

}  // namespace

struct Log::State {
    LogFormat format = LogFormat::Text;
    std::shared_ptr<Sink> sink;
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::async_logger> logger;
};

Log::Log(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Log>, std::string> Log::open(const LogSettings& settings) {
    auto target = open_log_target(settings.to);
    if (!target) { return Failure{target.error()}; }
    return start(settings, std::move(target).value());
}

Result<std::unique_ptr<Log>, std::string> Log::start(const LogSettings& settings,
                                                     std::unique_ptr<LogTarget> target) {
    try {
        auto state = std::make_unique<State>();
        state->format = settings.format;
        const bool target_keeps_time = target->keeps_time();
        state->sink = std::make_shared<Sink>(std::move(target), settings.format);
        state->sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            pattern_of(settings.format, target_keeps_time), spdlog::pattern_time_type::utc, ""));
        state->pool = std::make_shared<spdlog::details::thread_pool>(settings.queue_messages, 1U);
        state->sink->watch(*state->pool);
        state->logger = std::make_shared<spdlog::async_logger>(
            "meridian", state->sink, state->pool, spdlog::async_overflow_policy::overrun_oldest);
        state->logger->set_level(to_spdlog(settings.level));
        return std::unique_ptr<Log>(new Log(std::move(state)));
    } catch (const std::exception& error) {  // of spdlog, or no thread could be started
        return Failure{std::string("cannot start the log: ") + error.what()};
    }
}

Log::~Log() {
    // The pool's destructor waits for its queue, for ever if the reader of the log has stopped.
    std::atomic<bool> drained = false;
    std::thread impatience([this, &drained] {
        const auto patience_ends = std::chrono::steady_clock::now() + kFarewell;
        while (!drained.load() && std::chrono::steady_clock::now() < patience_ends) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        if (!drained.load()) { state_->sink->target().abandon(); }
    });
    // The logger goes last: each queued line holds it, so that otherwise the pool's thread frees
    // it.
    state_->pool.reset();
    state_->logger.reset();
    drained.store(true);
    impatience.join();
}

void Log::write(LogLevel level, std::string_view message, LogFields fields) {
    if (!state_->logger->should_log(to_spdlog(level))) { return; }
    state_->logger->log(to_spdlog(level), render_log_message(state_->format, message, fields));
}

void Log::debug(std::string_view message, LogFields fields) {
    write(LogLevel::Debug, message, fields);
}
void Log::info(std::string_view message, LogFields fields) {
    write(LogLevel::Info, message, fields);
}
void Log::warning(std::string_view message, LogFields fields) {
    write(LogLevel::Warning, message, fields);
}
void Log::error(std::string_view message, LogFields fields) {
    write(LogLevel::Error, message, fields);
}

void Log::set_level(LogLevel level) {
    state_->logger->set_level(to_spdlog(level));
}

void Log::wait_until_written(std::chrono::milliseconds patience) {
    const auto patience_ends = std::chrono::steady_clock::now() + patience;
    const std::uint64_t before = state_->sink->flush_count();
    state_->logger->flush();  // is queued behind the lines
    while (state_->sink->flush_count() == before &&
           std::chrono::steady_clock::now() < patience_ends) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void Log::reopen() {
    if (!state_->sink->target().is_reopened()) { return; }
    state_->sink->request_reopen();
    state_->logger->flush();
}

std::string Log::reopen_problem() const {
    return state_->sink->reopen_problem();
}

std::string Log::reopen_problem_now(std::chrono::milliseconds patience) {
    if (!reopen_problem().empty()) { wait_until_written(patience); }  // which tries again
    return reopen_problem();
}

std::string Log::reopen_problem_within(std::chrono::milliseconds patience) {
    const auto patience_ends = std::chrono::steady_clock::now() + patience;
    while (state_->sink->is_to_reopen()) {
        if (std::chrono::steady_clock::now() >= patience_ends) {
            return "the log takes no lines, so it has not been opened anew yet";
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return reopen_problem();
}

std::uint64_t Log::dropped_count() const {
    return state_->sink->lost_count() + state_->pool->overrun_counter();
}

}  // namespace meridian::server
