// Makes the errors that report faults of RDATA.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_faults.h"

#include <span>
#include <string>
#include <utility>

#include "meridian/assert.h"
#include "meridian/filled.h"

namespace meridian::dns {

RdataError refused(const RdataFault& fault, std::size_t column,
                   std::initializer_list<std::string_view> values) {
    std::span<const std::string_view> left(values.begin(), values.size());
    std::string text = filled(fault.text, left);
    std::string hint = filled(fault.hint, left);
    MERIDIAN_ASSERT(left.empty());
    return {fault.code, std::move(text), std::move(hint), column};
}

const RdataFault& name_fault(NameError error) {
    switch (error) {
        case NameError::Empty:
            return faults::kNameEmpty;
        case NameError::EmptyLabel:
            return faults::kLabelEmpty;
        case NameError::LabelTooLong:
            return faults::kLabelTooLong;
        case NameError::NameTooLong:
            return faults::kNameTooLong;
        case NameError::BadEscape:
            return faults::kNameEscape;
        case NameError::Space:
            return faults::kNameSpace;
        case NameError::NotAscii:
            return faults::kNameNotAscii;
    }
    MERIDIAN_ASSERT(false);
}

}  // namespace meridian::dns
