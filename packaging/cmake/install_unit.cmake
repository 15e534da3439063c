# Writes the systemd unit for the place that Meridian is installed to, and installs it.
#
# SPDX-License-Identifier: Apache-2.0
#
# At install time, since `cmake --install --prefix` decides only then. packaging/CMakeLists.txt sets
# unit_template, unit, bin_directory, doc_directory.
cmake_path(ABSOLUTE_PATH bin_directory BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
cmake_path(ABSOLUTE_PATH doc_directory BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
configure_file("${unit_template}" "${unit}" @ONLY)
file(INSTALL "${unit}" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
