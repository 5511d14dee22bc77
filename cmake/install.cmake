# What is installed: the component `offlab` is the program and what it needs when it runs, `development` the library for
# test suites. No file names the folder that it was built in.

# All that is built for it: `cmake --build ... --target offlab_installed`.
add_custom_target(offlab_installed)
add_dependencies(offlab_installed offlab offlab_shared)

install(TARGETS offlab RUNTIME COMPONENT offlab)
# What runs inside guests.
install(TARGETS offlab-state offlab-background RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/offlab COMPONENT offlab)
install(PROGRAMS packaging/nightly.sh DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/offlab RENAME nightly COMPONENT offlab)
install(DIRECTORY guest-images topologies DESTINATION ${CMAKE_INSTALL_DATADIR}/offlab COMPONENT offlab)
# What `offlab selftest` judges.
install(DIRECTORY tests/data/recorded-run DESTINATION ${CMAKE_INSTALL_DATADIR}/offlab/tests/data COMPONENT offlab)

install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT offlab)
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT offlab)

# Man pages and completions, as the program itself writes them.
if(EXISTS ${PROJECT_SOURCE_DIR}/harness/cli/command_man.cpp)
  set(manual ${CMAKE_CURRENT_BINARY_DIR}/manual)
  add_custom_command(OUTPUT ${manual}/offlab.fish DEPENDS offlab VERBATIM
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
    COMMAND offlab man --all ${manual}/man1
    COMMAND sh -c "gzip -9n \"$1\"/man1/*.1" sh ${manual}
    COMMAND sh -c "for one in bash:offlab zsh:_offlab fish:offlab.fish; do \"$1\" completion \${one%%:*} > \"$2\"/\${one#*:}; done" sh $<TARGET_FILE:offlab> ${manual})
  add_custom_target(offlab_man_pages ALL DEPENDS ${manual}/offlab.fish)
  install(DIRECTORY ${manual}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT offlab OPTIONAL)
  install(FILES ${manual}/offlab DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT offlab OPTIONAL)
  install(FILES ${manual}/_offlab DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT offlab OPTIONAL)
  install(FILES ${manual}/offlab.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT offlab OPTIONAL)
  add_dependencies(offlab_installed offlab_man_pages)
endif()

# A timer for nights. Nobody enables it but the user.
set(OFFLAB_SYSTEMD_UNIT_DIR lib/systemd/system CACHE PATH "Folder of systemd's units, from the prefix or absolute")
configure_file(packaging/offlab-nightly.service.in offlab-nightly.service @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/offlab-nightly.service examples/systemd/offlab-nightly.timer
  DESTINATION ${OFFLAB_SYSTEMD_UNIT_DIR} COMPONENT offlab)

# The library. `find_package(offlab)` gives offlab::offlab and offlab::gtest.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/offlab)
add_library(offlab_gtest INTERFACE)
set_target_properties(offlab_gtest PROPERTIES EXPORT_NAME gtest)
target_link_libraries(offlab_gtest INTERFACE offlab_shared GTest::gmock GTest::gtest)
install(TARGETS offlab_shared offlab_gtest EXPORT offlab
  LIBRARY COMPONENT library NAMELINK_COMPONENT development INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT offlab NAMESPACE offlab:: FILE offlab-targets.cmake DESTINATION ${package_folder} COMPONENT development)
configure_package_config_file(cmake/offlab-config.cmake.in offlab-config.cmake INSTALL_DESTINATION ${package_folder}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_DATADIR)
set(compatibility SameMajorVersion)
if(OFFLAB_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
endif()
write_basic_package_version_file(offlab-config-version.cmake VERSION ${OFFLAB_VERSION_NUMBERS} COMPATIBILITY ${compatibility})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/offlab-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/offlab-config-version.cmake
  DESTINATION ${package_folder} COMPONENT development)
install(DIRECTORY include/offlab ${CMAKE_BINARY_DIR}/include/offlab DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT development FILES_MATCHING PATTERN "*.h")
