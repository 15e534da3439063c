# Instruments a build so that it stops at a memory error, undefined behaviour or a data race.
#
# SPDX-License-Identifier: Apache-2.0
set(MERIDIAN_SANITIZE "" CACHE STRING "What -fsanitize= gets, such as address,undefined")
if(MERIDIAN_SANITIZE)
    add_compile_options(-fsanitize=${MERIDIAN_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${MERIDIAN_SANITIZE})
endif()
if(MERIDIAN_SANITIZE MATCHES "undefined")
    # The vptr check opens a pipe to find out which memory can be read, and cries wolf in tests that
    # use up all descriptors.
    add_compile_options(-fno-sanitize=vptr)
endif()
if(MERIDIAN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)  # Boost.Asio's fences, which g++ cannot follow
endif()
if(MERIDIAN_FUZZ)
    # What the fuzzer steers by: which branches of the libraries an input reached.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
