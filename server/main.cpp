// Reads the command line and runs the command that it names.
//
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/main_texts.h"

namespace {

using namespace meridian::server;

struct Chosen {
    std::vector<std::string> help;
    ServeOptions serve;
    CheckOptions check;
    WhyOptions why;
    GeoOptions geo;
    ProbeOptions probe;
    RegionOptions region;
    SchemaOptions schema;
    StatusOptions status;
    ReloadOptions reload;
    OverrideOptions by_hand;
    JournalOptions journal;
};

void add_config(CLI::App& command, std::string& file) {
    command.add_option("-c,--config", file, "meridian.toml to use instead of the usual places")
        ->type_name("FILE");
}

CLI::Option* add_socket(CLI::App& command, std::string& socket) {
    return command
        .add_option("--socket", socket, "Control socket instead of the one that is configured")
        ->type_name("PATH");
}

void add_why(CLI::App& app, WhyOptions& options) {
    CLI::App* why = app.add_subcommand("why", "Explain the answer that one client gets");
    why->footer(kWhyFooter);
    why->add_option("name", options.question.name, "The name asked for")
        ->required()
        ->type_name("NAME");
    why->add_option("--client", options.question.client, "Whose answer: an address or a prefix")
        ->type_name("ADDR");
    why->add_option("--resolver", options.question.resolver,
                    "Who asks: the address of the resolver")
        ->type_name("ADDR");
    why->add_option("--type", options.question.type, "RR type asked for")
        ->type_name("TYPE")
        ->capture_default_str();
    CLI::Option* server =
        why->add_flag("--server", options.server,
                      "Ask the running server for what it serves, instead of the files");
    CLI::Option* at =
        why->add_option("--at", options.at,
                        "With what was down and set by hand then: a date and time, or a time ago")
            ->type_name("TIME")
            ->excludes(server);
    why->add_flag("--json", options.json, "The same as JSON");
    add_socket(*why, options.socket)->excludes(at);
    add_config(*why, options.config_file);
}

void add_probe(CLI::App& app, ProbeOptions& options) {
    CLI::App* probe = app.add_subcommand("probe", "Run the health checks of a zone once from here");
    probe->footer(kProbeFooter);
    probe->add_option("zone", options.zone, "The name of the zone, or its file")
        ->required()
        ->type_name("ZONE");
    probe->add_option("--service", options.service, "This service or policy alone")
        ->type_name("NAME");
    probe->add_option("--region", options.region, "This region alone")->type_name("NAME");
    probe->add_flag("--json", options.json, "The same as JSON");
    add_config(*probe, options.config_file);
}

void add_geo(CLI::App& app, GeoOptions& options) {
    CLI::App* geo = app.add_subcommand("geo", "Ask the geo database");
    geo->require_subcommand(1);
    geo->footer(kGeoFooter);
    CLI::App* info = geo->add_subcommand("info", "Say what the geo database is and holds");
    CLI::App* lookup = geo->add_subcommand("lookup", "Say where addresses or prefixes are");
    lookup->footer(kLookupFooter);
    lookup->add_option("address", options.addresses, "IPv4 or IPv6 addresses, or prefixes")
        ->required()
        ->type_name("ADDR");
    for (CLI::App* command : {info, lookup}) {
        command
            ->add_option("--database", options.databases,
                         "Database (.mmdb or .world) instead of the configured one")
            ->type_name("FILE")
            ->take_all()
            ->allow_extra_args(false);
        command->add_flag("--json", options.json, "The same as JSON");
        add_config(*command, options.config_file);
    }
}

void add_region_data(CLI::App& add, RegionOptions& options) {
    add.add_option("--at", options.at, "FRA, \"Frankfurt, DE\" or 50.11,8.68")
        ->required()
        ->type_name("PLACE");
    const auto add_list = [&](const char* name, std::vector<std::string>& values,
                              const char* what) {
        return add.add_option(name, values, what)->take_all()->allow_extra_args(false);
    };
    add_list("--address", options.addresses, "An address that serves from there; repeatable")
        ->required()
        ->type_name("ADDR");
    add_list("--policy", options.policies, "A policy with a list of regions to join; repeatable")
        ->type_name("NAME");
    add.add_flag("--replace", options.replace, "If the region is there with other data");
}

void add_region(CLI::App& app, RegionOptions& options) {
    CLI::App* region =
        app.add_subcommand("region", "Add, remove or list the regions of a zone file");
    region->require_subcommand(1);
    region->footer(kRegionFooter);
    CLI::App* add = region->add_subcommand("add", "Put a region behind the last one");
    CLI::App* remove =
        region->add_subcommand("remove", "Take a region out, and out of the lists of policies");
    CLI::App* list = region->add_subcommand("list", "Say which regions there are, and where");
    for (CLI::App* command : {add, remove}) {
        command->add_option("name", options.name, "Name of the region")
            ->required()
            ->type_name("NAME");
        command->add_flag("--dry-run", options.dry_run, "Show the difference and write nothing");
    }
    add_region_data(*add, options);
    list->add_flag("--json", options.json, "The same as JSON");
    for (CLI::App* command : {add, remove, list}) {
        command->footer(kRegionFooter);
        command->add_option("zone", options.zone_file, "Zone file")->required()->type_name("FILE");
    }
}

int run_region(const CLI::App& region, const RegionOptions& options) {
    if (region.got_subcommand("add")) { return region_add(options); }
    return region.got_subcommand("remove") ? region_remove(options) : region_list(options);
}

void add_schema(CLI::App& app, SchemaOptions& options) {
    CLI::App* schema = app.add_subcommand("schema", "Print the JSON Schema of zone files");
    schema->footer(kSchemaFooter);
    schema->add_flag("--settings", options.settings, "That of meridian.toml instead");
    CLI::Option* markdown =
        schema->add_flag("--markdown", options.markdown, "The keys as a page to read instead");
    schema->add_flag("--later", options.later, "Of that page, the keys that do not work yet")
        ->needs(markdown);
}

void add_status(CLI::App& app, StatusOptions& options) {
    CLI::App* status = app.add_subcommand("status", "Say how the running server is");
    status->footer(kStatusFooter);
    CLI::Option* zones =
        status->add_option("zone", options.zones, "Zones to print instead of all; `*` is any text")
            ->type_name("NAME");
    CLI::Option* json = status->add_flag("--json", options.json, "The same as JSON");
    status->add_flag("--ready", options.ready, "Only the exit code: does it answer queries?")
        ->excludes(json)
        ->excludes(zones);
    add_socket(*status, options.socket);
    add_config(*status, options.config_file);
}

void add_reload(CLI::App& app, ReloadOptions& options) {
    CLI::App* reload = app.add_subcommand("reload", "Have the running server read its files again");
    reload->footer(kReloadFooter);
    reload->add_flag("--force", options.force, "Let through what a guard holds back");
    reload->add_flag("--json", options.json, "The outcome as JSON on stdout");
    reload->add_option("--timeout", options.timeout_seconds, "How long to wait for the end")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 86'400.0))
        ->capture_default_str();
    add_socket(*reload, options.socket);
    add_config(*reload, options.config_file);
}

void add_override(CLI::App& command, OverrideOptions& options) {
    command
        .add_option("target", options.target, "REGION, REGION/SERVICE or REGION/SERVICE/ADDRESS")
        ->required()
        ->type_name("TARGET");
    command.footer(kOverrideFooter);
    command.add_option("--zone", options.zone, "Only regions of this zone")->type_name("NAME");
    command.add_flag("--dry-run", options.dry_run, "Say what would be done, and do nothing");
    command.add_flag("--json", options.json, "The outcome as JSON on stdout");
    add_socket(command, options.socket);
    add_config(command, options.config_file);
}

/// Drain, force and release.
void add_overrides(CLI::App& app, OverrideOptions& options) {
    CLI::App* drain = app.add_subcommand("drain", "Send clients elsewhere than to a region");
    CLI::App* force = app.add_subcommand("force", "Have a region count as up or down for a time");
    CLI::App* release = app.add_subcommand("release", "End a drain or a force");
    for (CLI::App* command : {drain, force, release}) {
        add_override(*command, options);
    }
    force->add_option("state", options.state, "up or down")
        ->required()
        ->check(CLI::IsMember({"up", "down"}))
        ->type_name("STATE");
    for (CLI::App* command : {drain, force}) {
        CLI::Option* how_long =
            command->add_option("--for", options.how_long, "How long: 90s, 30m, 2h, 1d")
                ->type_name("TIME");
        if (command == force) { how_long->required(); }
        command->add_option("--reason", options.reason, "What `status` says of it")
            ->type_name("TEXT");
        command->add_flag("--print", options.print,
                          "Print the lines for a file of overrides, and do nothing");
        command->add_flag("--force", options.force,
                          "Also where a service then has no region that is up");
    }
}

void add_journal(CLI::App& app, JournalOptions& options) {
    CLI::App* journal =
        app.add_subcommand("journal", "Say what changed of the answers, when, and why");
    journal->footer(kJournalFooter);
    journal->add_option("--since", options.since, "A time ago (2h), or a date and time")
        ->type_name("TIME");
    journal->add_option("--region", options.region, "Only what is about it; `*` is any text")
        ->type_name("NAME");
    journal->add_flag("--json", options.json, "A JSON object for each line");
    add_config(*journal, options.config_file);
}

/// An empty argument is a variable that a script did not set: `-c "$CONFIG"` would otherwise serve
/// the sample zone.
void refuse_empty_arguments(CLI::App& app) {
    const CLI::Validator filled(
        [](const std::string& text) {
            return std::string(text.empty() ? "expected a value, and not an empty one" : "");
        },
        "");
    for (CLI::Option* option : app.get_options()) {
        if (option->get_items_expected_max() > 0) { option->check(filled); }
    }
    for (CLI::App* command : app.get_subcommands(nullptr)) {
        refuse_empty_arguments(*command);
    }
}

void add_commands(CLI::App& app, Chosen& chosen) {
    CLI::App* serve_command = app.add_subcommand("serve", "Run the server");
    serve_command->footer(kServeFooter);
    add_config(*serve_command, chosen.serve.config_file);

    CLI::App* check_command =
        app.add_subcommand("check", "Check meridian.toml and zone files without serving them");
    check_command->footer(kCheckFooter);
    check_command
        ->add_option("path", chosen.check.paths,
                     "Zone files, directories of zone files, or a meridian.toml")
        ->type_name("PATH");
    check_command
        ->add_option("--zone", chosen.check.zone,
                     "PATH is a master file of this zone, whatever it is called")
        ->type_name("NAME");
    CLI::Option* stamp = check_command->add_flag(
        "--stamp", chosen.check.stamp, "Write the serial into each file whose content has changed");
    check_command->add_flag("--json", chosen.check.json, "The diagnostics as JSON on stdout")
        ->excludes(stamp);
    add_config(*check_command, chosen.check.config_file);

    add_why(app, chosen.why);
    add_geo(app, chosen.geo);
    add_probe(app, chosen.probe);
    add_region(app, chosen.region);
    add_schema(app, chosen.schema);
    add_status(app, chosen.status);
    add_reload(app, chosen.reload);
    add_overrides(app, chosen.by_hand);
    add_journal(app, chosen.journal);

    app.add_subcommand("version", "Say the versions of Meridian and libraries, as --version does");
    CLI::App* help = app.add_subcommand("help", "Say how a command is used, as --help does");
    help->footer(kHelpFooter);
    help->add_option("command", chosen.help, "The command; none: of all")->type_name("COMMAND");
}

/// Prints that a word is no command, and the nearest command.
void report_unknown_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands(nullptr)) {
        names.push_back(command->get_name());
    }
    print_unknown_command(word, names);
}

/// Null where there is none of this name.
const CLI::App* subcommand(const CLI::App& app, const std::string& name) {
    const auto all = app.get_subcommands(nullptr);
    const auto found = std::ranges::find(all, name, &CLI::App::get_name);
    return found == all.end() ? nullptr : *found;
}

/// The command that the words name, within `app`; null, with the error printed, for a word that
/// names none.
const CLI::App* find_command(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App* command = &app;
    for (const std::string& word : words) {
        const CLI::App* next = subcommand(*command, word);
        if (next == nullptr) {
            report_unknown_command(command->get_subcommands(nullptr).empty() ? app : *command,
                                   word);
            return nullptr;
        }
        command = next;
    }
    return command;
}

int help(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App* command = find_command(app, words);
    if (command == nullptr) { return kExitCannotRun; }
    std::string name = app.get_name();
    for (const std::string& word : words) {
        name += ' ' + word;
    }
    // Not App::help, which describes the command that was run: `help` itself.
    std::cout << command->get_formatter()->make_help(command, name, CLI::AppFormatMode::Normal);
    return kExitOk;
}

/// Whether a command is missing because its name is mistyped; prints the nearest command then.
bool is_mistyped(const CLI::App& app, int argc, char** argv) {
    const CLI::App* command = &app;
    for (int i = 1; i < argc && command->get_require_subcommand_min() > 0; ++i) {
        const std::string word = argv[i];
        if (word.starts_with('-')) { return false; }
        const CLI::App* next = subcommand(*command, word);
        if (next == nullptr) {
            report_unknown_command(*command, word);
            return true;
        }
        command = next;
    }
    return false;
}

int run_chosen(const CLI::App& app, const Chosen& chosen) {
    if (app.got_subcommand("help")) { return help(app, chosen.help); }
    if (app.got_subcommand("version")) {
        std::cout << version_text() << '\n';
        return kExitOk;
    }
    if (app.got_subcommand("serve")) { return serve(chosen.serve); }
    if (app.got_subcommand("check")) { return check(chosen.check); }
    if (app.got_subcommand("why")) { return why(chosen.why); }
    if (app.got_subcommand("probe")) { return probe(chosen.probe); }
    if (app.got_subcommand("region")) {
        return run_region(*app.get_subcommand("region"), chosen.region);
    }
    if (app.got_subcommand("schema")) { return schema(chosen.schema); }
    if (app.got_subcommand("status")) { return status(chosen.status); }
    if (app.got_subcommand("reload")) { return reload(chosen.reload); }
    if (app.got_subcommand("drain")) { return drain(chosen.by_hand); }
    if (app.got_subcommand("force")) { return force(chosen.by_hand); }
    if (app.got_subcommand("release")) { return release(chosen.by_hand); }
    if (app.got_subcommand("journal")) { return journal(chosen.journal); }
    const CLI::App* geo = app.get_subcommand("geo");
    return geo->got_subcommand("info") ? geo_info(chosen.geo) : geo_lookup(chosen.geo);
}

int parse_and_run(int argc, char** argv) {
    CLI::App app(kAbout, "meridian");
    Chosen chosen;
    app.set_version_flag("--version", version_text(), "Say the versions of Meridian and libraries");
    app.footer(kFooter);
    app.require_subcommand(1);
    add_commands(app, chosen);
    refuse_empty_arguments(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (is_mistyped(app, argc, argv)) { return kExitCannotRun; }
        // Help and version end here too, as successes.
        std::ostringstream errors;  // they repeat words of the command line, such as files' names
        const int code = app.exit(error, std::cout, errors);
        print_lines(std::cerr, errors.view());
        return code == 0 ? kExitOk : kExitCannotRun;
    }
    return run_chosen(app, chosen);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& error) {
        print_error(error.what());
        return kExitCannotRun;
    }
}
