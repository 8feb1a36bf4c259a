// What follows from service profiles: whether they serve a user who is not registered, and whether their criteria can
// stand together.
// SPDX-License-Identifier: MIT
#include "hss/user_profile.h"

#include <algorithm>
#include <map>

namespace hss {
namespace {

/// True when a condition can hold for some request other than REGISTER in an unregistered session case.
bool possible(const ServicePointTrigger& trigger, SessionCase session_case) {
  if (const auto* wanted = std::get_if<SessionCase>(&trigger.condition)) {
    return (*wanted == session_case) != trigger.negated;
  }
  // A REGISTER is what ends the unregistered state: it meets the profile of a registered user.
  const auto* method = std::get_if<Method>(&trigger.condition);
  return method == nullptr || method->name != "REGISTER" || trigger.negated;
}

bool possible(const TriggerPoint& point, SessionCase session_case) {
  struct Group {
    std::uint32_t number;
    bool any;
    bool all;
  };
  std::vector<Group> groups;
  for (const ServicePointTrigger& trigger : point.triggers) {
    const bool holds = possible(trigger, session_case);
    for (const std::uint32_t number : trigger.groups) groups.push_back({number, holds, holds});
  }
  std::ranges::sort(groups, {}, &Group::number);
  std::vector<Group> merged;
  for (const Group& group : groups) {
    if (merged.empty() || merged.back().number != group.number) {
      merged.push_back(group);
    } else {
      merged.back().any = merged.back().any || group.any;
      merged.back().all = merged.back().all && group.all;
    }
  }
  return point.cnf ? std::ranges::all_of(merged, &Group::any) : std::ranges::any_of(merged, &Group::all);
}

bool fires_unregistered(const InitialFilterCriteria& criteria) {
  if (criteria.profile_part == ProfilePart::kRegistered) return false;
  return !criteria.trigger_point || possible(*criteria.trigger_point, SessionCase::kTerminatingUnregistered) ||
         possible(*criteria.trigger_point, SessionCase::kOriginatingUnregistered);
}

std::string shown_set(const SharedIfcSet& set) {
  return "the shared set " + std::to_string(set.id) + (set.name.empty() ? "" : " (" + set.name + ")");
}

}  // namespace

bool ServiceProfile::has_unregistered_services() const {
  return std::ranges::any_of(criteria, fires_unregistered) ||
         std::ranges::any_of(shared_ifc_sets, [](const std::shared_ptr<const SharedIfcSet>& set) {
           return std::ranges::any_of(set->criteria, fires_unregistered);
         });
}

void check_priorities(const ServiceProfile& profile) {
  std::map<std::uint32_t, std::string> owners;
  const auto add = [&](const InitialFilterCriteria& criteria, const std::string& owner) {
    const auto [found, inserted] = owners.emplace(criteria.priority, owner);
    if (inserted) return;
    throw ProfileError("priority " + std::to_string(criteria.priority) + " is used twice: by " + found->second +
                       " and by " + owner + "; give one of the two another");
  };
  for (const InitialFilterCriteria& criteria : profile.criteria) {
    add(criteria, "the profile" + (profile.name.empty() ? "" : ' ' + profile.name));
  }
  for (const auto& set : profile.shared_ifc_sets) {
    for (const InitialFilterCriteria& criteria : set->criteria) add(criteria, shown_set(*set));
  }
}

}  // namespace hss
