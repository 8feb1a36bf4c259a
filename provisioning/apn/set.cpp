// hssctl apn set: an APN template, new or changed; 3GPP AAA servers that have it of a user are told.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <optional>

#include "provisioning/apn/announce.h"
#include "provisioning/apn/apn_fields.h"
#include "provisioning/apn/apn_json.h"
#include "provisioning/command_line.h"
#include "provisioning/profile/served.h"
#include "provisioning/store.h"
#include "provisioning/subscriber/options.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning::apn {
namespace {

using Text = std::optional<std::string>;

/// As typed; absent: stays. Empty: cleared.
struct Options {
  std::string name;
  Text network;
  Text context_id;
  Text pdn_type;
  Text qci;
  Text priority;
  Text may_pre_empt;
  Text may_be_pre_empted;
  Text ambr;
  Text charging;
  Text vplmn_address;
  std::vector<std::string> gateway_addresses;
  Text gateway_host;
  Text gateway_realm;
  push::Wait wait;
};

/// One option at a time into a configuration.
class Reader {
 public:
  Reader(ApnConfiguration& configuration, Checker& check) : out_(configuration), check_(check) {}

  void read(const Options& options) {
    if (options.network) {
      out_.name = read_network_identifier("--apn", *options.network, check_).value_or("");
    }
    number("--context-id", options.context_id, out_.context_identifier, 0xFFFFFFFFU);
    if (options.pdn_type) {
      if (const auto type = parse_pdn_type(*options.pdn_type)) {
        out_.pdn_type = *type;
      } else {
        check_.refuse("--pdn-type", "must be ipv4, ipv6, ipv4v6 or ipv4-or-ipv6");
      }
    }
    number("--qci", options.qci, out_.qci, 254);
    number("--priority", options.priority, out_.priority.level, 15);
    if (const auto yes = truth("--may-pre-empt", options.may_pre_empt)) out_.priority.may_pre_empt = *yes;
    if (const auto yes = truth("--may-be-pre-empted", options.may_be_pre_empted)) {
      out_.priority.may_be_pre_empted = *yes;
    }
    if (options.ambr) out_.ambr = cleared(*options.ambr) ? std::nullopt : read_ambr("--ambr", *options.ambr, check_);
    if (options.charging) {
      constexpr std::string_view kOption = "--charging-characteristics";
      out_.charging_characteristics =
          cleared(*options.charging) ? ""
                                     : read_charging_characteristics(kOption, *options.charging, check_).value_or("");
    }
    if (options.vplmn_address) {
      out_.vplmn_dynamic_address_allowed =
          cleared(*options.vplmn_address) ? std::nullopt : truth("--vplmn-address", options.vplmn_address);
    }
    gateway(options);
  }

 private:
  static bool cleared(const std::string& text) { return trim(text).empty(); }

  void number(std::string_view option, const Text& text, std::uint32_t& out, std::uint64_t most) {
    if (!text) return;
    if (const auto value = check_.number(option, *text, most, 1)) out = static_cast<std::uint32_t>(*value);
  }

  std::optional<bool> truth(std::string_view option, const Text& text) {
    if (!text) return std::nullopt;
    if (trim(*text) == "yes") return true;
    if (trim(*text) == "no") return false;
    check_.refuse(option, "must be yes or no");
    return std::nullopt;
  }

  void gateway(const Options& options) {
    if (!options.gateway_addresses.empty()) {
      out_.gateway.ipv4.reset();
      out_.gateway.ipv6.reset();
      for (const std::string& address : options.gateway_addresses) {
        if (!cleared(address)) add_address("--gateway-address", address, out_.gateway, check_);
      }
    }
    if (options.gateway_host) out_.gateway.host = trim(*options.gateway_host);
    if (options.gateway_realm) out_.gateway.realm = trim(*options.gateway_realm);
    check_gateway_name(out_.gateway, "--gateway-host", "--gateway-realm", check_);
  }

  ApnConfiguration& out_;
  Checker& check_;
};

/// The smallest Context-Identifier that no template has.
std::uint32_t free_context_identifier(db::Administration& administration) {
  std::vector<std::uint32_t> taken;
  for (const auto& apn : administration.apns()) taken.push_back(apn.configuration.context_identifier);
  std::ranges::sort(taken);
  std::uint32_t next = 1;
  for (const std::uint32_t id : taken) next += id == next ? 1 : 0;
  return next;
}

void run_set(const Options& options, Command& command) {
  FieldProblems problems;
  Checker check(problems);
  const auto name = read_apn_name("NAME", options.name, check);
  if (!name) throw subscriber::refusal(problems);
  push::seconds_of(options.wait);
  Store store(command.directory);
  ApnConfiguration configuration;
  bool is_new = false;
  std::vector<PushId> pushes;
  store.database().write([&] {
    const auto stored = store.administration().apn(*name);
    is_new = !stored;
    configuration = stored.value_or(ApnConfiguration{});
    if (is_new) {
      configuration.context_identifier = free_context_identifier(store.administration());
      if (!options.network) {
        configuration.name = canonical_apn(*name).value_or("");
        if (configuration.name.empty()) check.refuse("--apn", "is missing: the name is not one of an APN");
      }
    }
    Reader(configuration, check).read(options);
    if (!problems.empty()) throw subscriber::refusal(problems);
    if (stored == configuration) return;
    store.administration().save_apn(*name, configuration);
    pushes = announce(store, *name);
  });
  if (!command.json) {
    command.out << (is_new ? "added " : "stored ") << *name << ": APN " << configuration.name << ", Context-Identifier "
                << configuration.context_identifier << '\n';
  }
  profile::report_copies(store, pushes, options.wait, apn_to_json({*name, configuration}), "3GPP AAA server", command);
}

void declare(cli::App& app, Options& options) {
  const auto one = [&](const char* name, Text& out, const char* type, const char* description) {
    app.add_option(name, out, description)->type_name(type);
  };
  app.add_option("NAME", options.name, "its name")->required()->type_name("");
  one("--apn", options.network, "NI", "APN network identifier, or * for any APN; left out: NAME");
  one("--context-id", options.context_id, "N", "Context-Identifier; left out: the next free one");
  one("--pdn-type", options.pdn_type, "TYPE", "ipv4, ipv6, ipv4v6 or ipv4-or-ipv6; left out: ipv4v6");
  one("--qci", options.qci, "N", "QoS-Class-Identifier, 1 to 254; left out: 9 (voice over Wi-Fi: 5)");
  one("--priority", options.priority, "N", "Priority-Level, 1 (highest) to 15; left out: 8");
  one("--may-pre-empt", options.may_pre_empt, "yes|no", "it may take resources from others; left out: no");
  one("--may-be-pre-empted", options.may_be_pre_empted, "yes|no", "others may take its resources; left out: yes");
  one("--ambr", options.ambr, "UL:DL", "APN-AMBR in bit/s, uplink and downlink, like 50M:150M");
  one("--charging-characteristics", options.charging, "HEX", "3GPP-Charging-Characteristics, 4 digits");
  one("--vplmn-address", options.vplmn_address, "yes|no", "VPLMN-Dynamic-Address-Allowed");
  app.add_option("--gateway-address", options.gateway_addresses,
                 "IPv4 or IPv6 address of the one PDN gateway to use, may be repeated for the other kind")
      ->type_name("ADDRESS")
      ->one_value_each();
  one("--gateway-host", options.gateway_host, "FQDN", "Diameter host of that PDN gateway");
  one("--gateway-realm", options.gateway_realm, "REALM", "Diameter realm of that PDN gateway");
}

}  // namespace

void add_set(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("set", "store an APN template under a name, or change one");
  const auto options = std::make_shared<Options>();
  declare(*app, *options);
  push::declare_wait(*app, options->wait);
  app->footer(
      "What is not given stays as it is; an empty text (--ambr '') takes away what can be absent. 3GPP AAA servers "
      "get\n"
      "the new profile of registered users who have the APN (PPR).\n"
      "Example:\n"
      "  hssctl -C ./hss apn set internet --qci 9 --ambr 50M:150M\n"
      "  hssctl -C ./hss apn set ims --gateway-address 192.0.2.10 --wait");
  app->action([options, &command] { run_set(*options, command); });
}

}  // namespace hss::provisioning::apn
