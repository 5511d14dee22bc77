// SOAP documents of the vSphere API.
#include "vsphere/soap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::HasSubstr;

std::string envelope(const std::string& body) {
  return R"(<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>)" +
         body + "</soapenv:Body></soapenv:Envelope>";
}

TEST(Soap, TextIsEscaped) {
  EXPECT_EQ(xml_text("a<b>&c\"'"), "a&lt;b&gt;&amp;c\"'");
  EXPECT_THAT(refusal([] { xml_text("pass\nword"); }), HasSubstr("control character"));
}

TEST(Soap, AResponseIsTheFirstElementOfTheBody) {
  const SoapAnswer answer(envelope("<LoginResponse><returnval><key>1</key></returnval></LoginResponse>"));
  EXPECT_FALSE(answer.is_fault());
  EXPECT_EQ(text_of(child_named(answer.response(), "returnval"), "key"), "1");
}

// ESXi and vCenter name the element, vcsim the type.
TEST(Soap, FaultsHaveATypeInBothForms) {
  const SoapAnswer element(
      envelope("<soapenv:Fault><faultstring>no</faultstring><detail><InvalidLoginFault/></detail></soapenv:Fault>"));
  EXPECT_EQ(element.fault_type(), "InvalidLogin");
  EXPECT_EQ(element.fault_text(), "no");
  const SoapAnswer type(
      envelope("<soapenv:Fault><faultstring/><detail><Fault xmlns:xsi=\"x\" xsi:type=\"v:HostConfigFault\"/>"
               "</detail></soapenv:Fault>"));
  EXPECT_EQ(type.fault_type(), "HostConfigFault");
  EXPECT_EQ(SoapAnswer(envelope("<Fault/>")).fault_type(), "fault");
}

TEST(Soap, WhatIsNoSoapIsRefused) {
  for (const char* text : {"", "hello", "<html><br></html>", "<a/>", "<Envelope/>", "\0\0", "<Envelope><Body>"})
    EXPECT_THAT(refusal([&] { SoapAnswer{std::string(text)}; }), HasSubstr("no SOAP document")) << text;
}

TEST(Soap, EntitiesOfADocumentAreNotExpanded) {
  const SoapAnswer answer(R"(<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;">]>)"
                          "<Envelope><Body><R><v>&b;</v></R></Body></Envelope>");
  EXPECT_EQ(text_of(answer.response(), "v"), "&b;");
}

TEST(Soap, MemoryIsLimited) {
  std::string many;
  for (int i = 0; i < 600'000; ++i) many += "<a/>";
  EXPECT_THAT(refusal([&] { SoapAnswer{envelope(many)}; }), HasSubstr("more elements than any true one"));
  // What was counted for one answer is not counted for the next.
  EXPECT_FALSE(SoapAnswer(envelope("<R/>")).is_fault());
}

}  // namespace
}  // namespace offlab
