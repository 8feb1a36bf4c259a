// What a running server takes of new settings.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hss/settings.h"
#include "hss/settings_table.h"

namespace hss::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SettingsReload, TakesWhatItCanAndNamesWhatNeedsARestart) {
  Settings running;
  running.cx.max_vectors = 2;
  Settings read = running;
  read.peers = {"scscf.example.org 192.0.2.1"};
  read.cx.max_vectors = 5;
  read.log_level = "debug";
  read.queue_limit = 7;
  read.sqn.cx = {0, 3};
  read.home_domain = "example.org";
  const Reload reload = hss::reload(running, read);
  EXPECT_THAT(reload.changed, ElementsAre("diameter.peers", "cx.max_vectors", "log.level"));
  EXPECT_THAT(reload.needs_restart, ElementsAre("store.queue_limit", "sqn.cx_ind"));
  Settings expected = running;
  expected.peers = read.peers;
  expected.cx.max_vectors = 5;
  expected.log_level = "debug";
  EXPECT_EQ(reload.settings, expected);
}

TEST(SettingsReload, NothingIsNew) {
  const Reload reload = hss::reload(Settings{}, Settings{});
  EXPECT_EQ(reload.settings, Settings{});
  EXPECT_THAT(reload.changed, IsEmpty());
  EXPECT_THAT(reload.needs_restart, IsEmpty());
}

/// The paths among them: a relative one would count from another directory in each.
TEST(SettingsReload, OnlyTheServersOwnFilesAndThreadsNeedARestart) {
  std::vector<std::string> at_start;
  for (const settings::Row& row : settings::rows()) {
    if (row.taken == settings::Taken::kAtStart) at_start.push_back(settings::full_name(row));
    EXPECT_TRUE(!row.is_path || row.taken == settings::Taken::kAtStart) << settings::full_name(row);
    EXPECT_EQ(row.section == "provisioning", row.taken == settings::Taken::kByHssctl) << settings::full_name(row);
  }
  EXPECT_THAT(at_start,
              ElementsAre("store.database", "store.master_key", "store.queue_limit", "store.batch_limit",
                          "store.cache_mib", "diameter.listen", "diameter.applications", "sqn.cx_ind", "sqn.swx_ind"));
}

}  // namespace
}  // namespace hss::test
