// AVPs in and out: what libfdproto does with a message, what our own decoder and encoder do with it, and User-Data.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <variant>

#include "diameter/cx/multimedia_auth.h"
#include "hss/aka.h"
#include "hss/user_profile.h"
#include "tests/diameter/codec.h"
#include "tests/hss/cx/fixture.h"

namespace hss::bench {
namespace {

using namespace diameter;

void quiet_start() {
  fd_g_debug_lvl = FD_LOG_FATAL + 1;
  diameter::test::start();
}

void parse_mar_by_libfdproto(benchmark::State& state) {
  quiet_start();
  const diameter::test::RawMessage request = diameter::test::multimedia_auth_request();
  for (auto _ : state) benchmark::DoNotOptimize(diameter::test::parse(request));
}
BENCHMARK(parse_mar_by_libfdproto);

void decode_mar(benchmark::State& state) {
  quiet_start();
  const fd::MessagePtr message = diameter::test::parse(diameter::test::multimedia_auth_request());
  for (auto _ : state) {
    const auto decoded = decode(diameter::cx::kMultimediaAuth, message.get());
    if (std::holds_alternative<DecodeError>(decoded)) state.SkipWithError("the MAR is refused");
    benchmark::DoNotOptimize(decoded);
  }
}
BENCHMARK(decode_mar);

void encode_maa(benchmark::State& state) {
  quiet_start();
  const fd::MessagePtr message = diameter::test::parse(diameter::test::multimedia_auth_request());
  hss::cx::MultimediaAuthAnswer data;
  data.items.push_back({1, AuthScheme::kDigestAkaV1Md5, make_vector(hss::cx::test::test_key_set(1), 32, Octets<16>{})});
  for (auto _ : state) {
    Answer answer(message.get(), data.verdict.result);
    answer.echo(avps::kUserName);
    diameter::cx::kMultimediaAuth.encode(data, answer);
    benchmark::DoNotOptimize(answer);  // it goes without the request, which comes back in the next round
  }
}
BENCHMARK(encode_maa);

void user_data_xml(benchmark::State& state) {
  const hss::cx::test::World world;
  for (auto _ : state) {
    benchmark::DoNotOptimize(write_user_data(*world.subscription, hss::cx::test::kSet1, hss::cx::test::kImpi));
  }
}
BENCHMARK(user_data_xml);

}  // namespace
}  // namespace hss::bench
