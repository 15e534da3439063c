// Prints what is known of the keys of a file: as JSON Schema for editors, or as Markdown to read.
//
// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <iostream>

#include "server/commands/commands.h"
#include "server/commands/schema_json.h"
#include "server/commands/schema_markdown.h"

namespace meridian::server {

int schema(const SchemaOptions& options) {
    if (options.markdown) {
        const KeyStage stage = options.later ? KeyStage::Later : KeyStage::Works;
        std::cout << (options.settings ? settings_reference(stage) : zone_reference(stage));
    } else {
        std::cout << indented(options.settings ? settings_file_schema() : zone_file_schema());
    }
    return kExitOk;
}

}  // namespace meridian::server
