// Makes the snapshots of one server, one after the other.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "meridian/zones/compiler.h"
#include "tests/support/model_zone.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::test {

/// Compiled by one compiler, so that what does not change is shared.
class SnapshotLine {
public:
    std::shared_ptr<const zones::Snapshot> next(const ModelZone& zone) {
        zones::LinkInput input;
        static_cast<zones::SnapshotInput&>(input) = input_of({});
        input.previous = last_;
        if (last_) { input.atlas = last_->data().atlas; }
        input.zones = {compiler_.compile(zone.zone(), {}).value()};
        last_ = compiler_.link(input).value();
        return last_;
    }

private:
    zones::Compiler compiler_;
    std::shared_ptr<const zones::Snapshot> last_;
};

}  // namespace meridian::test
