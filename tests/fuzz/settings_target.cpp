// hss.toml: what is read is written and read back equal, and a refusal is one line.
// SPDX-License-Identifier: MIT
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "hss/settings.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

/// A file in memory, the same in every run.
class File {
 public:
  File() : descriptor_(memfd_create("hss.toml", MFD_CLOEXEC)) { require(descriptor_ >= 0, "there is a file"); }
  ~File() { close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  Settings read(std::string_view text) {
    require(ftruncate(descriptor_, 0) == 0, "the file is emptied");
    require(pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()), "and filled");
    return read_settings("/proc/self/fd/" + std::to_string(descriptor_));
  }

 private:
  int descriptor_;
};

bool run(std::string_view input) {
  File file;
  Settings settings;
  try {
    settings = file.read(input);
  } catch (const SettingsError& error) {
    const std::string_view what = error.what();
    require(!what.empty() && what.find('\n') == std::string_view::npos, "a refusal is one line");
    return false;
  }
  require(settings.database.is_absolute() && settings.master_key.is_absolute(), "paths are absolute once read");
  const std::string written = write_settings(settings);
  const Settings again = file.read(written);
  require(again == settings, "settings read back as they were written");
  require(write_settings(again) == written, "settings are written the same again");
  return true;
}

std::vector<std::string> seeds() {
  return {write_settings({}), "",
          "[diameter]\nlisten = [\"192.0.2.1\", \"::1\"]\npeers = ['*.example.org']\n[cx]\nmax_vectors = 0x5\n"
          "scscf_pool = [\"sip:scscf.example.org:6060 20\"]\nunknown_scheme = \"strict\"\n[sqn]\ncx_ind = "
          "\"0-3\"\nswx_ind = \"4-5\"\n",
          "push.keep_days = 7\nlog = {level = \"debug\"}\n[swx]\nother_aaa_server = \"redirect\"\n"
          "accept_digest_scheme = true\n[provisioning]\nhome_domain = \"ims.example.org\"\n",
          "[store]\ndatabase = \"\"\"\\u0041/../b.db\"\"\"\nmaster_key = 'm k'\n"};
}

const Registration kTarget({"settings", seeds, run});

}  // namespace
}  // namespace hss::fuzz
