# Builds what ships so that a mistake in it is harder to use: the flags of a release.
#
# SPDX-License-Identifier: Apache-2.0
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Beside each use of vector instructions (include/meridian/bytes.h) stands a plain path for other
# processors. MERIDIAN_PLAIN tests it on this one.
option(MERIDIAN_PLAIN "Do without vector instructions, as on processors other than x86-64" OFF)
if(MERIDIAN_PLAIN)
    add_compile_definitions(MERIDIAN_PLAIN)
endif()

# SSE4.2 and POPCNT are in every x86 server since 2009; anything newer is chosen at run time.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    add_compile_options(-march=x86-64-v2 -fcf-protection)
endif()

# -g1 keeps the lines of a stack trace. Without NDEBUG, so that assertions of libraries stay on too.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
add_compile_options(-fstack-protector-strong -fstack-clash-protection)
add_compile_options($<$<CONFIG:Release>:-U_FORTIFY_SOURCE>)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)

# Libraries carry both plain code and the intermediate form: the program is optimised as a whole,
# while the many test executables link the plain code, which takes a second instead of a minute.
# A -fno-lto anywhere on the command line turns the linker's plugin off, whatever follows it; so it
# may only stand where MERIDIAN_LINK_WHOLE is not set.
option(MERIDIAN_LTO "Optimise the program across its libraries" OFF)
define_property(TARGET PROPERTY MERIDIAN_LINK_WHOLE BRIEF_DOCS "Optimise across libraries")
if(MERIDIAN_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    find_program(MERIDIAN_MAKE make)  # which g++ has run the parts side by side
    if(NOT MERIDIAN_MAKE)
        message(WARNING "make is not installed, so g++ links meridian on one core")
    endif()
    add_compile_options(-flto=auto -ffat-lto-objects)
    add_link_options($<IF:$<BOOL:$<TARGET_PROPERTY:MERIDIAN_LINK_WHOLE>>,-flto=auto,-fno-lto>)
endif()

# Optimises one program across its libraries, where MERIDIAN_LTO asks for that.
function(meridian_link_whole target)
    set_target_properties(${target} PROPERTIES MERIDIAN_LINK_WHOLE ON)
endfunction()
