# Where an installed offlab has its files. The program finds them relative to itself.
include(GNUInstallDirs)
set(OFFLAB_INSTALL_BIN ${CMAKE_INSTALL_FULL_BINDIR})
set(OFFLAB_INSTALL_DATA ${CMAKE_INSTALL_FULL_DATADIR}/offlab)        # guest-images, topologies, tests/data
set(OFFLAB_INSTALL_LIBEXEC ${CMAKE_INSTALL_FULL_LIBEXECDIR}/offlab)  # programs that run inside guests
