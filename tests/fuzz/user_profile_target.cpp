// Service profiles and shared criteria in XML: what is read is written, read back equal, and arrives in User-Data;
// a refusal is one line.
// SPDX-License-Identifier: MIT
#include <fstream>
#include <iterator>

#include "hss/subscriber.h"
#include "hss/user_profile.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

constexpr char kImpu[] = "sip:alice@example.org";

/// What is in both, without what the store adds.
bool same(const ServiceProfile& a, const ServiceProfile& b) {
  return a.subscribed_media_profile == b.subscribed_media_profile && a.service_ids == b.service_ids &&
         a.criteria == b.criteria && a.shared_ifc_ids == b.shared_ifc_ids;
}

Subscription subscription_with(const ServiceProfile& profile) {
  PublicIdentity identity;
  identity.id = identity.implicit_set = 1;
  identity.impu = kImpu;
  identity.service_profile = std::make_shared<const ServiceProfile>(profile);
  Subscription subscription;
  subscription.id = 1;
  subscription.private_identities = {{1, "alice@example.org", AuthScheme::kDigestAkaV1Md5, {}}};
  subscription.public_identities = {std::move(identity)};
  subscription.associations = {{1, 1}};
  return subscription;
}

void check(const ServiceProfile& profile) {
  const std::string written = write_service_profile(profile);
  const ServiceProfile again = parse_service_profile(written);
  require(same(again, profile), "a profile reads back as it was written");
  require(write_service_profile(again) == written, "a profile is written the same again");
  static_cast<void>(profile.has_unregistered_services());
  UserDataOptions options;
  options.shared_ifc = true;
  const std::string document = write_user_data(subscription_with(profile), 1, "alice@example.org", options);
  require(same(import_service_profile(document), profile), "User-Data holds the profile");
}

/// nullopt for a ProfileError, which has to be one line.
template <typename Read>
auto read(Read reader, std::string_view xml) -> std::optional<decltype(reader(xml))> {
  try {
    return reader(xml);
  } catch (const ProfileError& error) {
    const std::string_view what = error.what();
    require(!what.empty() && what.find('\n') == std::string_view::npos, "a refusal is one line");
    return std::nullopt;
  }
}

bool run(std::string_view input) {
  const auto parsed = read(parse_service_profile, input);
  if (parsed) check(*parsed);
  const auto imported = read(import_service_profile, input);
  if (imported) check(*imported);
  require(!parsed || (imported && same(*parsed, *imported)), "import takes what the store takes");
  const auto set = read(parse_shared_ifc_set, input);
  if (set) {
    require(parse_shared_ifc_set(write_shared_ifc_set(*set)).criteria == set->criteria, "a set reads back");
    require(parsed && parsed->criteria == set->criteria, "a set is a profile of criteria alone");
  }
  return parsed || imported;
}

std::vector<std::string> seeds() {
  std::ifstream file(MINIHSS_SOURCE_DIR "/tests/data/cx-user-data.xml");
  require(file.is_open(), "the sample of User-Data is there");
  return {
      {std::istreambuf_iterator<char>(file), {}},
      "",
      R"(<ServiceProfile><InitialFilterCriteria><Priority>0</Priority><TriggerPoint>
<ConditionTypeCNF>1</ConditionTypeCNF><SPT><ConditionNegated>0</ConditionNegated><Group>0</Group>
<Method>REGISTER</Method><Extension><RegistrationType>0</RegistrationType></Extension></SPT>
<SPT><ConditionNegated>1</ConditionNegated>
<Group>1</Group><SIPHeader><Header>Accept</Header><Content>a&amp;b</Content></SIPHeader></SPT><SPT>
<ConditionNegated>0</ConditionNegated><Group>1</Group><SessionCase>0</SessionCase></SPT><SPT>
<ConditionNegated>0</ConditionNegated><Group>2</Group><RequestURI>sip:.*</RequestURI></SPT><SPT>
<ConditionNegated>0</ConditionNegated><Group>2</Group><SessionDescription><Line>m</Line><Content>audio</Content>
</SessionDescription></SPT></TriggerPoint><ApplicationServer><ServerName>sip:as.example.org</ServerName>
<DefaultHandling>1</DefaultHandling><ServiceInfo>&lt;x/&gt;</ServiceInfo></ApplicationServer>
<ProfilePartIndicator>0</ProfilePartIndicator></InitialFilterCriteria></ServiceProfile>)",
      "<ServiceProfile><CoreNetworkServicesAuthorization><SubscribedMediaProfileId>1</SubscribedMediaProfileId>"
      "</CoreNetworkServicesAuthorization><Extension><SharedIFCSetID>7</SharedIFCSetID></Extension></ServiceProfile>"};
}

const Registration kTarget({"user_profile", seeds, run});

}  // namespace
}  // namespace hss::fuzz
