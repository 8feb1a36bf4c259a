// SPDX-License-Identifier: MIT
#include "tests/db/fixtures.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "db/sqlite.h"
#include "db/sqlite_repository.h"

namespace hss::db::test {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = std::filesystem::temp_directory_path() / "minihss-db-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  EXPECT_FALSE(error) << error.message();
}

Secret<32> master_key(std::uint8_t fill) {
  Secret<32> secret;
  std::fill(secret.overwrite().begin(), secret.overwrite().end(), fill);
  return secret;
}

Secret<16> key(std::uint8_t fill) {
  Secret<16> secret;
  std::fill(secret.overwrite().begin(), secret.overwrite().end(), fill);
  return secret;
}

Secret<32> long_key(std::uint8_t fill) { return master_key(fill); }

std::vector<Administration::NamedApn> apn_templates() {
  ApnConfiguration ims;
  ims.name = "ims";
  ims.qci = 5;
  ApnConfiguration gold;
  gold.context_identifier = 4294967295U;
  gold.name = "internet.example";
  gold.pdn_type = PdnType::kIpv4OrIpv6;
  gold.qci = 254;
  gold.priority = {.level = 15, .may_pre_empt = true, .may_be_pre_empted = false};
  gold.vplmn_dynamic_address_allowed = false;
  gold.ambr = Ambr{.uplink = 4294967295U, .downlink = 1};
  gold.charging_characteristics = "08AF";
  gold.gateway = {.ipv4 = Octets<4>{192, 0, 2, 9}, .ipv6 = Octets<16>{0x20, 1}, .host = "pgw.test", .realm = "test"};
  ApnConfiguration any;
  any.context_identifier = 7;
  any.name = "*";
  any.pdn_type = PdnType::kIpv4;
  any.vplmn_dynamic_address_allowed = true;
  any.gateway.ipv4 = Octets<4>{192, 0, 2, 10};
  return {{"any", any}, {"gold", gold}, {"ims", ims}};
}

SubscriptionDraft usual_draft(unsigned number) {
  std::array<char, 11> digits{};
  std::snprintf(digits.data(), digits.size(), "%010u", number);
  const std::string domain = "ims.mnc001.mcc001.3gppnetwork.org";
  const std::string imsi = std::string("00101") + digits.data();
  const std::string msisdn = std::string("49") + digits.data();
  SubscriptionDraft draft;
  draft.imsi = imsi;
  draft.msisdns = {msisdn};
  draft.key_sets = {{.k = key(static_cast<std::uint8_t>(number)), .opc = key(0x0c), .seq = 100}};
  draft.private_identities = {{.impi = imsi + "@" + domain, .key_set = 0}};
  draft.public_identities = {{.impu = "sip:" + imsi + "@" + domain, .barred = true, .display_name = {}},
                             {.impu = "sip:+" + msisdn + "@" + domain, .display_name = {}},
                             {.impu = "tel:+" + msisdn, .display_name = {}}};
  draft.non_3gpp = Non3gppDraft{.apns = {{.name = "ims"}}};
  return draft;
}

SubscriptionDraft rich_draft() {
  SubscriptionDraft draft;
  draft.imsi = "262019876543210";
  draft.msisdns = {"491712345678", "49301234"};
  AkaParameters own_constants;
  own_constants.milenage.r = {1, 2, 3, 4, 127};
  own_constants.milenage.c[4][0] = 0xa5;
  draft.key_sets = {{.k = key(0x11),
                     .opc = key(0x12),
                     .parameters = own_constants,
                     .amf = {0x80, 0x01},
                     .seq = 7,
                     .ind_bits = 5,
                     .delta = 1U << 20U},
                    {.algorithm = AkaAlgorithm::kTuak,
                     .k = long_key(0x21),
                     .opc = long_key(0x22),
                     .parameters = {.milenage = {}, .tuak_iterations = 255, .res_octets = 16},
                     .test = true,
                     .amf = {0xb9, 0xb9},
                     .seq = (std::uint64_t{1} << 48U) - 2,
                     .ind_bits = 0}};
  draft.private_identities = {
      {.impi = "zoe@example.org",
       .key_set = 1,
       .sip_digest = SipDigest{"example.org", key(0x31), std::nullopt},
       .framed_address = FramedAddress{.ipv4 = Octets<4>{192, 0, 2, 1}, .ipv6_prefix = std::nullopt}},
      {.impi = "alice@example.org", .key_set = 0, .line_identifiers = {{0xff}, Bytes(255, 0), {1, 2}}},
      {.impi = "keyless@example.org",
       .scheme = AuthScheme::kSipDigest,
       .key_set = std::nullopt,
       .sip_digest = SipDigest{"Zoë's", key(0x32), long_key(0x33)}}};
  draft.public_identities = {{.impu = "sip:zoe@example.org",
                              .implicit_set = 3,
                              .display_name = "Zoë \"Z\" <z>",
                              .alias_group = "zoe",
                              .service_priority_level = 0},
                             {.impu = "sip:alice@example.org", .barred = true, .implicit_set = 1, .display_name = {}},
                             {.impu = "tel:+49301234",
                              .registration_allowed = false,
                              .implicit_set = 3,
                              .display_name = {},
                              .alias_group = "zoe",
                              .service_priority_level = 4},
                             {.impu = "sip:a.l@example.org", .implicit_set = 1, .display_name = {}}};
  draft.associations = {{.private_identity = 0, .implicit_set = 3},
                        {.private_identity = 1, .implicit_set = 1},
                        {.private_identity = 1, .implicit_set = 3}};
  draft.capabilities = {.mandatory = {4294967295U, 2}, .optional = {9}, .server_names = {"sip:b.test", "sip:a.test"}};
  draft.visited_networks = {"example.org", "a.example.net"};
  draft.loose_route_required = false;
  draft.charging = {.primary_event = "aaa://e1.test",
                    .secondary_event = "aaa://e2.test",
                    .primary_collection = {},
                    .secondary_collection = "aaa://c2.test"};
  draft.usim = 0;  // and not that of the first private identity
  draft.non_3gpp = Non3gppDraft{.access_allowed = false,
                                .apns_enabled = false,
                                .apns = {{.name = "gold", .ipv4 = Octets<4>{10, 0, 0, 1}},
                                         {.name = "ims", .ipv6 = Octets<16>{0x20, 0x01, 0x0d, 0xb8}},
                                         {.name = "any"}},
                                .forbidden_rat_types = {2001, 0},
                                .visited_networks = {"mnc002.mcc262.3gppnetwork.org", "a.example.net"},
                                .session_timeout = 0,
                                .ambr = Ambr{.uplink = 5, .downlink = 4294967295U},
                                .charging_characteristics = "0800"};
  return draft;
}

SubscriptionDraft psi_draft() {
  SubscriptionDraft draft;
  draft.private_identities = {{.impi = "services@example.org", .key_set = std::nullopt}};
  draft.public_identities = {{.impu = "sip:conference@example.org",
                              .implicit_set = 0,
                              .display_name = {},
                              .type = IdentityType::kDistinctPsi,
                              .psi_active = false,
                              .application_server = "sip:as.example.org"},
                             {.impu = "sip:chat-!.*!@example.org",
                              .implicit_set = 1,
                              .display_name = {},
                              .type = IdentityType::kWildcardedPsi,
                              .application_server = "sip:as2.example.org"},
                             {.impu = "sip:pbx@example.org",
                              .implicit_set = 2,
                              .display_name = {},
                              .type = IdentityType::kNonDistinctPublicUserIdentity},
                             {.impu = "tel:+4930555!.*!",
                              .implicit_set = 2,
                              .display_name = {},
                              .type = IdentityType::kWildcardedPublicUserIdentity}};
  return draft;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  ASSERT_TRUE(out.flush());
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* connection = nullptr;
  const int opened = sqlite3_open(file.c_str(), &connection);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> guard(connection, sqlite3_close);
  check(connection, opened);
  check(connection, sqlite3_busy_timeout(connection, 5000));
  execute(connection, sql.c_str());
}

int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) {
    int code = 126;
    try {
      code = work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(code);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

std::vector<std::shared_ptr<const Subscription>> StoreTest::add_usual(unsigned first, unsigned count) {
  Administration administration(*database_, vault_);
  SqliteRepository repository(*database_, vault_);
  std::vector<std::shared_ptr<const Subscription>> added;
  database_->write([&] {
    for (unsigned i = first; i < first + count; ++i) {
      added.push_back(repository.subscription(administration.add(usual_draft(i))));
    }
  });
  return added;
}

std::int64_t StoreTest::query(const std::string& sql) { return query_integer(database_->handle(), sql); }

}  // namespace hss::db::test
