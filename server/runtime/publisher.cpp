// Hands what is served to the readers, and frees what was served once no reader uses it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/publisher.h"

namespace meridian::server {

std::shared_ptr<const Served> first_served(std::shared_ptr<const zones::Snapshot> snapshot,
                                           std::size_t worker_count,
                                           std::shared_ptr<AnswerTotals> totals) {
    auto counts = std::make_shared<AnswerCounts>(*snapshot, worker_count, std::move(totals));
    return std::make_shared<const Served>(
        Served{zones::Serving(std::move(snapshot)), std::move(counts)});
}

std::shared_ptr<const zones::LiveTable> all_up(const zones::Snapshot& snapshot) {
    return std::make_shared<const zones::LiveTable>(snapshot);
}

void publish_snapshot(Publisher& publisher, std::shared_ptr<const zones::Snapshot> next,
                      const LiveMaker& make_live) {
    publisher.publish([&](const Served& now) {
        if (now.serving.live()->belongs_to(*next)) {
            return std::make_shared<const Served>(Served{{next, now.serving.live()}, now.counts});
        }
        return std::make_shared<const Served>(
            Served{{next, make_live(*next)}, now.counts->counts_for(*next)});
    });
}

}  // namespace meridian::server
