// Certificates that were trusted at first contact.
#include "esxi/known_certificates.h"

#include <gtest/gtest.h>

#include "unit/temp_folder.h"

namespace offlab {
namespace {

TEST(KnownCertificates, AreOfOneServerEach) {
  const TempFolder folder;
  const KnownCertificates known(folder.path() / "esxi");
  EXPECT_EQ(known.fingerprint_of("esx-1"), "");
  known.trust("esx-1", "aa");
  known.trust("esx-2:8443", "bb");
  known.trust("esx-1", "cc");
  EXPECT_EQ(known.fingerprint_of("esx-1"), "cc");
  EXPECT_EQ(KnownCertificates(folder.path() / "esxi").fingerprint_of("esx-2:8443"), "bb");
}

}  // namespace
}  // namespace offlab
