// A procedure with nothing around it: the repository is in memory.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include "hss/cx/multimedia_auth.h"
#include "tests/hss/cx/fixture.h"

namespace hss::bench {
namespace {

void multimedia_auth_in_memory(benchmark::State& state) {
  cx::test::World world;
  cx::MultimediaAuthRequest request;
  request.origin = {"scscf.example.org", "example.org"};
  request.user_name = cx::test::kImpi;
  request.public_identity = cx::test::kImpu;
  request.server_name = cx::test::kScscf;
  request.scheme = "Digest-AKAv1-MD5";
  SystemRandom source;
  PooledRandom random(source);
  const Context context{world.settings, cx::test::kNow, random};
  for (auto _ : state) {
    const cx::MultimediaAuthAnswer answer = cx::multimedia_auth(request, world.repository, context);
    if (answer.items.empty()) state.SkipWithError("no vector");
    benchmark::DoNotOptimize(answer);
  }
}
BENCHMARK(multimedia_auth_in_memory);

}  // namespace
}  // namespace hss::bench
