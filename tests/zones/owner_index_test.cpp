// Tests that owners are found by their names, whatever their case and number.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/owner_index.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace meridian::zones {
namespace {

dns::Name name(const std::string& text) {
    return dns::Name::parse_absolute(text).value();
}

TEST(OwnerIndex, FindsEveryOwnerAndNoOther) {
    std::vector<Owner> owners;
    OwnerIndex index;
    for (int i = 0; i < 1000; ++i) {
        owners.push_back({.name = name("Host" + std::to_string(i) + ".example."), .position = {}});
        index.add(owners.back().name.wire());
    }
    for (std::size_t i = 0; i < owners.size(); ++i) {
        EXPECT_EQ(index.find(owners, owners[i].name.wire()), i);
        EXPECT_EQ(index.find(owners, name("hOST" + std::to_string(i) + ".EXAMPLE.").wire()), i);
    }
    EXPECT_FALSE(index.find(owners, name("host1000.example.").wire()));
    EXPECT_FALSE(index.find(owners, name("example.").wire()));
    EXPECT_FALSE(index.find(owners, name(".").wire()));
}

TEST(OwnerIndex, TakesInTheOwnersOfAZone) {
    const std::vector<Owner> owners{{.name = name("."), .position = {}},
                                    {.name = name("a."), .position = {}}};
    EXPECT_EQ(OwnerIndex(owners).find(owners, name("A.").wire()), 1U);
    EXPECT_EQ(OwnerIndex(owners).find(owners, name(".").wire()), 0U);
    EXPECT_FALSE(OwnerIndex().find({}, name(".").wire()));
}

}  // namespace
}  // namespace meridian::zones
