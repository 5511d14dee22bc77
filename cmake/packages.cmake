# `cpack` makes Debian packages: offlab, libofflabX.Y with the shared library, libofflab-dev. With SOURCE_DATE_EPOCH the
# same sources give the same bytes, wherever they are built (ci/package.sh measures it).
set(OFFLAB_MAINTAINER "The offlab maintainers <maintainers@offlab.example>" CACHE STRING "Of the packages")

# The date of the packages: SOURCE_DATE_EPOCH, or that of the commit.
set(epoch "$ENV{SOURCE_DATE_EPOCH}")
if(epoch STREQUAL "" AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(epoch STREQUAL "")
  string(TIMESTAMP epoch "%s" UTC)
endif()
execute_process(COMMAND date --utc --rfc-email --date=@${epoch} OUTPUT_VARIABLE OFFLAB_DATE OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)

set(library_package libofflab${OFFLAB_ABI})
configure_file(packaging/changelog.in packaging/changelog @ONLY)
configure_file(packaging/shlibs.in packaging/shlibs @ONLY)
execute_process(COMMAND gzip -9nf ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog COMMAND_ERROR_IS_FATAL ANY)
foreach(pair offlab:offlab library:${library_package} development:libofflab-dev)
  string(REGEX REPLACE ":.*" "" component ${pair})
  string(REGEX REPLACE ".*:" "" package ${pair})
  install(FILES packaging/copyright ${CMAKE_CURRENT_BINARY_DIR}/packaging/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
install(FILES packaging/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME offlab
  COMPONENT offlab EXCLUDE_FROM_ALL)

set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # cpack packs what is built, and builds no tests
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_VERSION ${OFFLAB_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGE_CONTACT "${OFFLAB_MAINTAINER}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL offlab library development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# What `offlab doctor` asks for, beside the libraries.
set(CPACK_DEBIAN_OFFLAB_PACKAGE_NAME offlab)
set(CPACK_DEBIAN_OFFLAB_PACKAGE_SECTION net)
set(CPACK_DEBIAN_OFFLAB_PACKAGE_DEPENDS "qemu-system-x86, ipxe-qemu, libvirt-daemon, libvirt-daemon-driver-qemu, uidmap, openssh-client, mmdebstrap, cpio, kmod, xz-utils, zstd, ca-certificates")
set(CPACK_DEBIAN_OFFLAB_PACKAGE_RECOMMENDS "qemu-utils, ovmf, dosfstools, mtools, dnsmasq-base, fdisk")
set(CPACK_DEBIAN_OFFLAB_PACKAGE_SUGGESTS "slurm-client, wireshark")
set(CPACK_DEBIAN_OFFLAB_PACKAGE_CONTROL_EXTRA
  "${PROJECT_SOURCE_DIR}/packaging/postinst;${PROJECT_SOURCE_DIR}/packaging/prerm;${PROJECT_SOURCE_DIR}/packaging/postrm")
set(CPACK_DEBIAN_OFFLAB_DESCRIPTION "integration tests for router VMs: do they survive coalesced packets?
Hypervisors and NIC drivers coalesce TCP packets on their way into a guest
(LRO, GRO, TSO passed through). A router that cannot split them again drops
them and sends ICMP \"fragmentation needed\" to a sender whose packets already
fit. offlab builds client, router and server as virtual machines, switches the
offloads in the guest and on the hypervisor, sends bulk TCP through the
router, captures the packets on both sides of it, and gives a verdict with the
packets that prove it.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${library_package})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "offlab (= ${OFFLAB_VERSION})")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
  "${CMAKE_CURRENT_BINARY_DIR}/packaging/shlibs;${PROJECT_SOURCE_DIR}/packaging/triggers")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "tests of router VMs in C++ test suites, the shared library
Loads or builds a topology, has the program offlab run its cases in virtual
machines, and reads the verdicts.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libofflab-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${library_package} (= ${OFFLAB_VERSION}), offlab (= ${OFFLAB_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS "libgmock-dev, cmake")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "tests of router VMs in C++ test suites, the headers
Headers and the CMake package of the library of offlab, with a fixture and
matchers for GoogleTest.")
include(CPack)
