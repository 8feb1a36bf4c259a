// One callback for each application and command; the commands that are served are the rows of commands().
// SPDX-License-Identifier: MIT
#include "diameter/dispatch.h"

#include <array>
#include <vector>

#include "diameter/cancellation.h"
#include "diameter/completion.h"
#include "diameter/cx/location_info.h"
#include "diameter/cx/multimedia_auth.h"
#include "diameter/cx/server_assignment.h"
#include "diameter/cx/user_authorization.h"
#include "diameter/dictionary.h"
#include "diameter/transaction.h"

namespace hss::diameter {
namespace {

/// The commands that are served.
const auto& commands() {
  static const std::array kRows{
      entry<cx::kUserAuthorization>(),
      entry<cx::kServerAssignment>(),
      entry<cx::kLocationInfo>(),
      entry<cx::kMultimediaAuth>(),
  };
  return kRows;
}

constexpr std::array kApplications{kApplicationCx};

}  // namespace

struct Dispatcher::Impl {
  struct Route {
    const CommandEntry* command;
    const Impl* impl;
  };

  explicit Impl(Services given) : services(given) {
    routes.reserve(commands().size());  // freeDiameter keeps pointers to them
  }
  ~Impl() {
    for (disp_hdl*& handle : handles) {
      if (handle != nullptr) fd_disp_unregister(&handle, nullptr);
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void serve(const CommandEntry& command) {
    routes.push_back({&command, this});
    disp_when when{};
    when.app = application_object(command.application);
    when.command = request_object(command.code);
    disp_hdl*& handle = handles.emplace_back(nullptr);
    fd::check(fd_disp_register(&Impl::on_request, DISP_HOW_CC, &when, &routes.back(), &handle), command.name);
  }

  /// Always 0: freeDiameter answers nothing when a callback fails.
  static int on_request(msg** message, avp* /*avp*/, session* /*session*/, void* opaque, disp_action* action) noexcept {
    const NoCancellation guard;
    const Route& route = *static_cast<const Route*>(opaque);
    fd::MessagePtr request(*message);
    *message = take_request(std::move(request), *route.command, route.impl->services, route.impl->outlet).release();
    *action = *message == nullptr ? DISP_ACT_CONT : DISP_ACT_SEND;
    return 0;
  }

  Services services;
  std::shared_ptr<const Outlet> outlet = std::make_shared<const Outlet>(network());
  std::vector<Route> routes;
  std::vector<disp_hdl*> handles;
  std::unique_ptr<Hooks> hooks;
};

Dispatcher::Dispatcher(Services services) : impl_(std::make_unique<Impl>(services)) {
  define_dictionary();
  impl_->hooks = std::make_unique<Hooks>();
  for (const CommandEntry& command : commands()) impl_->serve(command);
  for (const std::uint32_t application : kApplications) {
    fd::check(fd_disp_app_support(application_object(application), vendor_object(kVendor3gpp), 1, 0),
              "advertise an application");
  }
}

Dispatcher::~Dispatcher() = default;

}  // namespace hss::diameter
