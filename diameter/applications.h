// The Diameter applications that can be served: their numbers, their names in hss.toml, what is offered in each, and
// who may use them.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diameter/dictionary.h"
#include "hss/cx/features.h"
#include "hss/push.h"
#include "hss/settings.h"

namespace hss::diameter {

/// Bits of Feature-List 1 on SWx, TS 29.273 table 8.2.3.16/1.
namespace swx_feature {
inline constexpr std::uint32_t kHssRestoration = 1U << 0U;
inline constexpr std::uint32_t kAccessNetworkInformationRetrieval = 1U << 1U;
inline constexpr std::uint32_t kLocalTimeZoneRetrieval = 1U << 2U;
inline constexpr std::uint32_t kPcscfRestoration = 1U << 3U;
}  // namespace swx_feature

struct ApplicationRow {
  Application application;
  std::uint32_t id;                           // in the header of its messages
  const char* setting;                        // in diameter.applications
  std::vector<std::string> Settings::*peers;  // who may use it; empty: everybody who may connect
  const char* peers_setting;                  // the name of that list
  const char* user;                           // what its User-Name is called in the log: on SWx an IMSI or an NAI
  std::uint32_t offered_features;             // of Feature-List 1
};

inline constexpr std::array kApplicationRows{
    ApplicationRow{Application::kCx, kApplicationCx, "cx", &Settings::cx_peers, "cx_peers", "impi",
                   hss::cx::kOfferedFeatures},
    ApplicationRow{Application::kSwx, kApplicationSwx, "swx", &Settings::swx_peers, "swx_peers", "user",
                   swx_feature::kHssRestoration | swx_feature::kAccessNetworkInformationRetrieval |
                       swx_feature::kLocalTimeZoneRetrieval | swx_feature::kPcscfRestoration},
};

const ApplicationRow& row_of(Application application);
/// By its number; null for one that is not ours.
const ApplicationRow* find_application(std::uint32_t id);

/// True when the settings have it served.
bool is_served(const Settings& settings, Application application);

}  // namespace hss::diameter
