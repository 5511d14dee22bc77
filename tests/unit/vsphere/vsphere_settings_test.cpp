// Settings of hosts through the vSphere API, with a transport that answers from a list. The forms of the answers are
// those of vcsim 0.24 and of VMware's documentation.
#include "vsphere/vsphere_settings.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* content = R"(<returnval><rootFolder type="Folder">group-d1</rootFolder>
<propertyCollector type="PropertyCollector">pc</propertyCollector><viewManager type="ViewManager">vm</viewManager>
<about><name>VMware vCenter Server</name><version>8.0.2</version><build>1</build><apiType>VirtualCenter</apiType></about>
<sessionManager type="SessionManager">sm</sessionManager></returnval>)";

std::string answer(const std::string& method, const std::string& body) {
  return "<E:Envelope xmlns:xsi=\"x\" xmlns:xsd=\"y\"><E:Body><" + method + "Response>" + body + "</" + method +
         "Response></E:Body></E:Envelope>";
}
std::string fault(const std::string& type, const std::string& text = "words of the server") {
  return "<E:Envelope><E:Body><E:Fault><faultstring>" + text + "</faultstring><detail><" + type +
         "Fault/></detail></E:Fault></E:Body></E:Envelope>";
}
std::string host(const std::string& id, const std::string& name, const std::string& parent = "domain-c1") {
  return "<objects><obj type=\"HostSystem\">" + id + "</obj><propSet><name>name</name><val>" + name +
         "</val></propSet><propSet><name>configManager.advancedOption</name><val type=\"OptionManager\">options-" + id +
         "</val></propSet><propSet><name>parent</name><val type=\"ClusterComputeResource\">" + parent +
         "</val></propSet></objects>";
}
std::string option(const std::string& key, const std::string& value, const std::string& type = "xsd:long") {
  return "<returnval xsi:type=\"OptionValue\"><key>" + key + "</key><value xsi:type=\"" + type + "\">" + value +
         "</value></returnval>";
}

class FakeServer : public SoapTransport {
 public:
  std::deque<std::string> answers;
  std::vector<std::string> asked;

  std::string post(const std::string& document) override {
    asked.push_back(document);
    if (document.find("<Logout") != std::string::npos) return answer("Logout", "");
    if (answers.empty()) throw Error("nothing more is said");
    std::string next = answers.front();
    answers.pop_front();
    return next;
  }
};

class VsphereHosts : public testing::Test {
 protected:
  void says(std::initializer_list<std::string> answers) { server_.answers.insert(server_.answers.end(), answers); }
  void logs_in() {
    says({answer("RetrieveServiceContent", content), answer("Login", "")});
    session_.login();
  }
  // Two hosts of cluster lab, one beside it.
  void shows_hosts() {
    says({answer("CreateContainerView", "<returnval type=\"ContainerView\">v</returnval>"),
          answer("RetrievePropertiesEx",
                 "<returnval><token>more</token>" + host("host-1", "esx-1") + host("host-2", "esx-2") + "</returnval>"),
          answer("ContinueRetrievePropertiesEx",
                 "<returnval>" + host("host-3", "esx-3", "domain-s9") + "</returnval>")});
  }
  void shows_clusters() {
    says({answer("CreateContainerView", "<returnval type=\"ContainerView\">v</returnval>"),
          answer(
              "RetrievePropertiesEx",
              "<returnval><objects><obj type=\"ClusterComputeResource\">domain-c1</obj><propSet><name>name</name><val>"
              "lab</val></propSet></objects></returnval>")});
  }
  VsphereSettings of(const WantedHosts& wanted) {
    return {session_, wanted, [] {}};
  }

  FakeServer server_;
  std::vector<std::string> notes_;
  VsphereSession session_{server_, "vc.example.net", "ann@lab", "p<&>w",
                          [this](const std::string& text) { notes_.push_back(text); }};
};

TEST_F(VsphereHosts, AreThoseOfACluster) {
  logs_in();
  shows_hosts();
  shows_clusters();
  EXPECT_THAT(of({{}, "lab"}).hosts(), ElementsAre("esx-1", "esx-2"));
}

TEST_F(VsphereHosts, AreThoseThatAreNamed) {
  logs_in();
  shows_hosts();
  EXPECT_THAT(of({{"esx-3"}, ""}).hosts(), ElementsAre("esx-3"));
}

TEST_F(VsphereHosts, MustBeChosenWhereThereAreSeveral) {
  logs_in();
  shows_hosts();
  EXPECT_THAT(refusal([&] { of({}).hosts(); }), HasSubstr("vc.example.net has 3 hosts: esx-1, esx-2, esx-3"));
  shows_hosts();
  EXPECT_THAT(refusal([&] { of({{"esx-7"}, ""}).hosts(); }), HasSubstr("no host 'esx-7'; it has: esx-1, esx-2, esx-3"));
  shows_hosts();
  shows_clusters();
  EXPECT_THAT(refusal([&] { of({{}, "prod"}).hosts(); }), HasSubstr("there is no cluster 'prod'"));
}

TEST_F(VsphereHosts, PasswordIsEscapedAndAWrongOneSaid) {
  says({answer("RetrieveServiceContent", content), fault("InvalidLogin")});
  const std::string why = refusal([&] { session_.login(); });
  EXPECT_THAT(why,
              AllOf(HasSubstr("vc.example.net refuses user 'ann@lab' with this password"), Not(HasSubstr("p<&>w"))));
  EXPECT_THAT(server_.asked.back(), HasSubstr("<password>p&lt;&amp;&gt;w</password>"));
}

TEST_F(VsphereHosts, AreNoVsphereApi) {
  says({answer("RetrieveServiceContent", "<returnval/>")});
  EXPECT_THAT(refusal([&] { session_.login(); }), HasSubstr("is no vSphere API"));
}

// A prefix of the name finds others as well; a name that is unknown is a fault.
TEST_F(VsphereHosts, HaveSettingsByTheirWholeName) {
  logs_in();
  shows_hosts();
  VsphereSettings settings = of({{"esx-1"}, ""});
  says({answer("QueryOptions", option("Net.Vmxnet3HwLROother", "7") + option("Net.Vmxnet3HwLRO", "1")),
        fault("InvalidName"), answer("QueryOptions", "")});
  EXPECT_THAT(settings.read("esx-1", {"Net.Vmxnet3HwLRO", "Net.A", "Net.B"}),
              ElementsAre(EsxiSetting{"Net.Vmxnet3HwLRO", 1}, EsxiSetting{"Net.A"}, EsxiSetting{"Net.B"}));
}

TEST_F(VsphereHosts, SettingsOfAnotherTypeAreRefused) {
  logs_in();
  shows_hosts();
  VsphereSettings settings = of({{"esx-1"}, ""});
  for (const auto& [value, type] : {std::pair("1", "xsd:string"),
                                    {"x", "xsd:long"},
                                    {"", "xsd:long"},
                                    {"99999999999999999999", "xsd:long"},
                                    {"1 ", "xsd:int"},
                                    {"1", ""}}) {
    says({answer("QueryOptions", option("Net.A", value, type))});
    EXPECT_THAT(refusal([&] { settings.read("esx-1", {"Net.A"}); }), HasSubstr("which is no integer")) << value << type;
  }
}

TEST_F(VsphereHosts, GetAValueOfTheTypeThatTheyGave) {
  logs_in();
  shows_hosts();
  VsphereSettings settings = of({{"esx-1"}, ""});
  says({answer("QueryOptions", option("Net.A", "1", "xsd:int")), answer("UpdateOptions", "")});
  settings.write("esx-1", "Net.A", 0);
  EXPECT_THAT(server_.asked.back(), HasSubstr("<key>Net.A</key><value xsi:type=\"xsd:int\">0</value>"));
  says({fault("InvalidArgument", "A specified parameter was not correct")});
  EXPECT_THAT(refusal([&] { settings.write("esx-1", "Net.A", 0); }),
              HasSubstr("esx-1: Net.A = 0 is refused: InvalidArgument: A specified parameter was not correct"));
  says({fault("NoPermission")});
  EXPECT_THAT(refusal([&] { settings.write("esx-1", "Net.A", 0); }), HasSubstr("the user may not set Net.A"));
}

TEST_F(VsphereHosts, DefaultsAreInTheDefinitions) {
  logs_in();
  shows_hosts();
  VsphereSettings settings = of({{"esx-1"}, ""});
  std::vector<EsxiSetting> some = {{"Net.A", 0}, {"Net.B", 0}};
  says({answer(
      "RetrievePropertiesEx",
      "<returnval><objects><obj type=\"OptionManager\">o</obj><propSet><name>supportedOption</name><val>"
      "<OptionDef><key>Net.A</key><optionType xsi:type=\"LongOption\"><defaultValue>1</defaultValue></optionType>"
      "</OptionDef></val></propSet></objects></returnval>")});
  settings.describe("esx-1", some);
  EXPECT_THAT(some, ElementsAre(EsxiSetting{"Net.A", 0, 1}, EsxiSetting{"Net.B", 0}));
}

TEST_F(VsphereHosts, ASessionThatExpiredIsBegunAgainOnce) {
  logs_in();
  shows_hosts();
  VsphereSettings settings = of({{"esx-1"}, ""});
  settings.hosts();
  says({fault("NotAuthenticated"), answer("Login", ""), answer("QueryOptions", option("Net.A", "1"))});
  EXPECT_THAT(settings.read("esx-1", {"Net.A"}), ElementsAre(EsxiSetting{"Net.A", 1}));
  EXPECT_THAT(notes_, ElementsAre("vc.example.net: the session had expired; logging in again"));
  says({fault("NotAuthenticated"), answer("Login", ""), fault("NotAuthenticated")});
  EXPECT_THAT(refusal([&] { settings.read("esx-1", {"Net.A"}); }), HasSubstr("ends each session at once"));
}

}  // namespace
}  // namespace offlab
