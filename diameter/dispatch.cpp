// One callback for each application and command. Cx and SWx share command codes: the application of the header decides,
// and an application that is switched off has neither callbacks nor a place in the capabilities exchange.
// SPDX-License-Identifier: MIT
#include "diameter/dispatch.h"

#include <atomic>
#include <utility>
#include <vector>

#include "diameter/applications.h"
#include "diameter/cancellation.h"
#include "diameter/command_table.h"
#include "diameter/completion.h"
#include "diameter/dictionary.h"
#include "diameter/repeated_lines.h"
#include "diameter/transaction.h"

namespace hss::diameter {

struct Dispatcher::Impl {
  struct Route {
    const CommandEntry* command;
    const Impl* impl;
  };

  explicit Impl(Services given) : services(std::move(given)) {
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
    if (route.impl->silent) {
      request.reset();
      *message = nullptr;
      *action = DISP_ACT_CONT;
      return 0;
    }
    fd::MessagePtr refusal = take_request(std::move(request), *route.command, route.impl->services, network());
    *message = nullptr;
    *action = DISP_ACT_CONT;
    if (refusal == nullptr) return 0;
    if (!route.impl->services.refuse) {
      *message = refusal.release();
      *action = DISP_ACT_SEND;
    } else if (!route.impl->services.refuse(std::move(refusal))) {
      repeated_warnings().tell("refusals", "a refused request gets no answer: too many wait to be sent");
    }
    return 0;
  }

  Services services;
  std::atomic<bool> silent = false;
  std::vector<Route> routes;
  std::vector<disp_hdl*> handles;
  std::unique_ptr<Hooks> hooks;
};

Dispatcher::Dispatcher(Services services) : impl_(std::make_unique<Impl>(services)) {
  define_dictionary();
  impl_->hooks = std::make_unique<Hooks>();
  for (const ApplicationRow& application : kApplicationRows) {
    if (!is_served(services.settings.now().settings, application.application)) continue;
    for (const CommandEntry& command : commands()) {
      if (command.application == application.id) impl_->serve(command);
    }
    fd::check(fd_disp_app_support(application_object(application.id), vendor_object(kVendor3gpp), 1, 0),
              "advertise an application");
  }
}

Dispatcher::~Dispatcher() = default;

void Dispatcher::fall_silent() noexcept { impl_->silent = true; }

}  // namespace hss::diameter
