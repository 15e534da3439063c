# Writes the systemd unit for the place that Meridian is installed to, and installs it.
#
# SPDX-License-Identifier: Apache-2.0
#
# At install time, since `cmake --install --prefix` decides only then. packaging/CMakeLists.txt sets
# unit_template, unit, bin_directory, doc_directory.
get_filename_component(prefix "${CMAKE_INSTALL_PREFIX}" ABSOLUTE)  # it may be relative, a unit not
cmake_path(ABSOLUTE_PATH bin_directory BASE_DIRECTORY "${prefix}")
cmake_path(ABSOLUTE_PATH doc_directory BASE_DIRECTORY "${prefix}")
configure_file("${unit_template}" "${unit}" @ONLY)
file(INSTALL "${unit}" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
