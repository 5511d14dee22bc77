// Network and mount namespaces of this test's own. Every test runs in a process of its own (ctest), so nothing leaks.
#pragma once

namespace offlab::test {

// True when the calling process is now in fresh network and mount namespaces with loopback up and a sysfs of its own;
// false when it may not (not root).
bool enter_private_namespaces();

}  // namespace offlab::test
