// Writes and reads the requests of the control socket as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_request.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::server {

namespace {

using boost::json::value;

constexpr std::size_t kMaxHandTextOctets = 1000;  // a target has a path and two names

/// A field, and how it is read: the error says what was expected.
struct FieldRow {
    std::string_view name;
    bool (*read)(const value&, ControlRequest&);
    std::string_view expected;
};

struct CommandRow {
    std::string_view name;
    ControlCommand command;
    std::span<const FieldRow> fields;
};

constexpr FieldRow kConfiguration{
    "configuration",
    [](const value& given, ControlRequest& request) {
        if (!given.is_string() || !given.get_string().starts_with('/')) { return false; }
        request.configuration = given.get_string();
        return true;
    },
    "the absolute path of a meridian.toml"};

constexpr FieldRow kForce{"force",
                          [](const value& given, ControlRequest& request) {
                              if (!given.is_bool()) { return false; }
                              request.force = given.get_bool();
                              return true;
                          },
                          "true or false"};

/// Takes any text; `read_question` reports values that make no sense.
template <std::string QuestionText::* kMember>
bool read_text(const value& given, ControlRequest& request) {
    if (!given.is_string() || given.get_string().empty()) { return false; }
    request.question.*kMember = given.get_string();
    return true;
}

constexpr std::string_view kSomeText = "a string that is not empty";
constexpr std::array kWhyFields{
    kConfiguration,
    FieldRow{"name", read_text<&QuestionText::name>, kSomeText},
    FieldRow{"type", read_text<&QuestionText::type>, kSomeText},
    FieldRow{"client", read_text<&QuestionText::client>, kSomeText},
    FieldRow{"resolver", read_text<&QuestionText::resolver>, kSomeText},
};
template <std::string OverrideText::* kMember>
bool read_hand_text(const value& given, ControlRequest& request) {
    if (!given.is_string() || given.get_string().size() > kMaxHandTextOctets) { return false; }
    request.by_hand.*kMember = given.get_string();
    return true;
}

constexpr std::string_view kHandText = "a string of at most 1000 octets";
constexpr FieldRow kTarget{"target", read_hand_text<&OverrideText::target>, kHandText};
constexpr FieldRow kZone{"zone", read_hand_text<&OverrideText::zone>, kHandText};
constexpr FieldRow kReason{"reason",
                           [](const value& given, ControlRequest& request) {
                               return given.is_string() &&
                                      given.get_string().size() <= kMaxReasonOctets &&
                                      read_hand_text<&OverrideText::reason>(given, request);
                           },
                           "a string of at most 500 octets"};
static_assert(kMaxReasonOctets == 500);
constexpr FieldRow kSudoUser{"sudo_user", read_hand_text<&OverrideText::sudo_user>, kHandText};
constexpr FieldRow kState{"state",
                          [](const value& given, ControlRequest& request) {
                              if (given != "up" && given != "down") { return false; }
                              request.by_hand.state = given.get_string();
                              return true;
                          },
                          "\"up\" or \"down\""};
constexpr FieldRow kDryRun{"dry_run",
                           [](const value& given, ControlRequest& request) {
                               if (!given.is_bool()) { return false; }
                               request.by_hand.dry_run = given.get_bool();
                               return true;
                           },
                           "true or false"};
constexpr FieldRow kSeconds{"seconds",
                            [](const value& given, ControlRequest& request) {
                                if (!given.is_int64()) { return false; }
                                request.by_hand.seconds = given.get_int64();
                                return request.by_hand.seconds >= 1 &&
                                       request.by_hand.seconds <= kMaxOverrideSeconds;
                            },
                            "a whole number of seconds, from 1 to ten years"};

constexpr std::array kDrainFields{kConfiguration, kTarget,   kZone,   kSeconds,
                                  kReason,        kSudoUser, kDryRun, kForce};
constexpr std::array kForceFields{kConfiguration, kTarget,   kZone,   kState, kSeconds,
                                  kReason,        kSudoUser, kDryRun, kForce};
constexpr std::array kReleaseFields{kConfiguration, kTarget, kZone, kSudoUser, kDryRun};
constexpr std::array kStatusFields{kConfiguration};
constexpr std::array kReloadFields{kConfiguration, kForce, kSudoUser};

constexpr std::array kCommands{
    CommandRow{"status", ControlCommand::Status, kStatusFields},
    CommandRow{"reload", ControlCommand::Reload, kReloadFields},
    CommandRow{"why", ControlCommand::Why, kWhyFields},
    CommandRow{"drain", ControlCommand::Drain, kDrainFields},
    CommandRow{"force", ControlCommand::Force, kForceFields},
    CommandRow{"release", ControlCommand::Release, kReleaseFields},
};

/// "did you mean "reload"? LABEL: "status", "reload"", for operators who type requests.
template <typename Rows>
std::string hint(std::string_view text, std::string_view label, const Rows& rows) {
    std::vector<std::string_view> names;
    for (const auto& row : rows) {
        names.push_back(row.name);
    }
    return zones::spelling_hint(text, label, names);
}

const CommandRow& row_of(ControlCommand command) {
    return *std::ranges::find(kCommands, command, &CommandRow::command);
}

void add_by_hand(const ControlRequest& request, boost::json::object& object) {
    const OverrideText& text = request.by_hand;
    object["target"] = text.target;
    if (!text.zone.empty()) { object["zone"] = text.zone; }
    if (!text.state.empty()) { object["state"] = text.state; }
    if (text.seconds != 0) { object["seconds"] = text.seconds; }
    if (!text.reason.empty()) { object["reason"] = text.reason; }
    if (!text.sudo_user.empty()) { object["sudo_user"] = text.sudo_user; }
    if (text.dry_run) { object["dry_run"] = true; }
    if (request.force) { object["force"] = true; }
}

bool is_by_hand(ControlCommand command) {
    return command == ControlCommand::Drain || command == ControlCommand::Force ||
           command == ControlCommand::Release;
}

}  // namespace

Result<OverrideRequest, std::string> read_override_request(const ControlRequest& request) {
    const OverrideText& text = request.by_hand;
    auto target = parse_override_target(text.target);
    if (!target) { return Failure{std::move(target).error()}; }
    OverrideRequest asked{.target = std::move(target).value(),
                          .zone = text.zone,
                          .seconds = text.seconds,
                          .reason = text.reason,
                          .dry_run = text.dry_run,
                          .force = request.force};
    if (request.command == ControlCommand::Drain) { asked.kind = OverrideKind::Drain; }
    if (request.command != ControlCommand::Force) { return asked; }
    if (text.state.empty()) {
        return Failure{std::string("a force needs a member \"state\": \"up\" or \"down\"")};
    }
    if (text.seconds == 0) {
        return Failure{std::string("a force needs a member \"seconds\": it ends by itself")};
    }
    asked.kind = text.state == "up" ? OverrideKind::ForceUp : OverrideKind::ForceDown;
    return asked;
}

boost::json::object control_request_json(const ControlRequest& request) {
    boost::json::object object{{"command", row_of(request.command).name}};
    if (!request.configuration.empty()) { object["configuration"] = request.configuration; }
    if (request.command == ControlCommand::Reload) { object["force"] = request.force; }
    if (request.command == ControlCommand::Reload && !request.by_hand.sudo_user.empty()) {
        object["sudo_user"] = request.by_hand.sudo_user;
    }
    if (is_by_hand(request.command)) { add_by_hand(request, object); }
    if (request.command == ControlCommand::Why) {
        const QuestionText& question = request.question;
        object["name"] = question.name;
        object["type"] = question.type;
        if (!question.client.empty()) { object["client"] = question.client; }
        if (!question.resolver.empty()) { object["resolver"] = question.resolver; }
    }
    return object;
}

Result<ControlRequest, std::string> control_request_from_json(const boost::json::object& object) {
    const value* command = object.if_contains("command");
    if (command == nullptr || !command->is_string()) {
        return Failure{"expected a member \"command\" that is a string; " +
                       hint("", "commands", kCommands)};
    }
    const std::string_view name = command->get_string();
    const auto row = std::ranges::find(kCommands, name, &CommandRow::name);
    if (row == kCommands.end()) {
        return Failure{"unknown command " + zones::quoted(name) + "; " +
                       hint(name, "commands", kCommands)};
    }
    ControlRequest request{.command = row->command};
    for (const auto& member : object) {
        const std::string_view key = member.key();
        if (key == "command") { continue; }
        const auto field = std::ranges::find(row->fields, key, &FieldRow::name);
        if (field == row->fields.end()) {
            return Failure{"command \"" + std::string(name) + "\" has no member " +
                           zones::quoted(key) + "; " + hint(key, "members", row->fields)};
        }
        if (!field->read(member.value(), request)) {
            return Failure{"member \"" + std::string(key) + "\": expected " +
                           std::string(field->expected)};
        }
    }
    return request;
}

}  // namespace meridian::server
