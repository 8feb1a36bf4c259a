// hssctl import: checked whole, all or nothing, repeated without harm.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>

#include "db/turnstile.h"
#include "directory.h"
#include "provisioning/import_job.h"
#include "provisioning/progress.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kHeader = "imsi,msisdn,k,opc\n";

std::string imsi_of(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "00101" + std::string(10 - digits.size(), '0') + digits;
}

std::string line_of(std::size_t number) {
  const std::string digits = std::to_string(number);
  return imsi_of(number) + ",4915" + std::string(8 - digits.size(), '0') + digits + ',' + kK + ',' + kOpc + '\n';
}

std::string lines(std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i <= to; ++i) text += line_of(i);
  return text;
}

class ImportTest : public Directory {
 protected:
  void SetUp() override { init(); }
  Outcome import_text(const std::string& text, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"import", file("in.txt", text).string()});
    return hssctl(more);
  }
  std::string all() { return done({"export", "--format", "json", "--with-keys"}).out; }
  std::size_t count() {
    Store store(directory_.string());
    std::size_t count = 0;
    store.database().read([&] { count = store.administration().count(); });
    return count;
  }
};

TEST_F(ImportTest, ColumnsInAnyOrderAndSpelling) {
  const std::string text =
      "\xEF\xBB\xBF SQN ,Ki,impus,OP,msisdn,imsi,amf\r\n"
      "000000000040," +
      kK + ",\"sip:a@x.org;user=phone sip:b@x.org;tel:+4915100\"," + kOp +
      ", +491511 ;491512,001010000000001,b9b9\r\n\r\n"
      "," +
      kK + ",," + kOp + ",491513, 001010000000002 ,\r\n";
  const Outcome outcome = import_text(text);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "added 2, already there 0\n");
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(done({"subscriber", "show", "001010000000001"}).out,
              AllOf(HasSubstr("491511, 491512"), HasSubstr("sip:a@x.org\n"), HasSubstr("sip:b@x.org\n"),
                    HasSubstr("tel:+4915100\n"), HasSubstr("AMF b9b9"), HasSubstr("(SEQ 2)")));
  EXPECT_THAT(done({"subscriber", "show", "001010000000002"}).out,
              AllOf(HasSubstr("tel:+491513"), HasSubstr("AMF 8000"), HasSubstr("(SEQ 0)")));
  EXPECT_THAT(all(), HasSubstr("\"opc\":\"" + kOpc + '"'));
}

struct Refusal {
  const char* name;
  std::string text;
  std::vector<std::string> reasons;
};

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class ImportRefusalTest : public ImportTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(ImportRefusalTest, NamesItAndImportsNothing) {
  done({"subscriber", "add", "--imsi", "001010000000099", "--msisdn", "491500000099", "--k", kK, "--opc", kOpc});
  const std::string before = all();
  const Outcome outcome = import_text(GetParam().text);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  for (const std::string& reason : GetParam().reasons) EXPECT_THAT(outcome.err, HasSubstr(reason));
  EXPECT_THAT(outcome.err, HasSubstr("nothing was imported"));
  for (const std::string& key : {kK, kOpc, kOp, kK.substr(1)}) EXPECT_THAT(outcome.err, Not(HasSubstr(key)));
  EXPECT_EQ(all(), before);
}

const std::string kObject = R"({"imsi":"001010000000001","key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc +
                            R"("}],"private_identities":[{"impi":"a@x.org","key_set":0}],)";

INSTANTIATE_TEST_SUITE_P(
    Files, ImportRefusalTest,
    ::testing::Values(
        Refusal{"empty", "", {"the file is empty"}}, Refusal{"blank", "\r\n \n", {"the file is empty"}},
        Refusal{"no_header", line_of(1), {"line 1 does not name columns: is the header missing?"}},
        Refusal{"unknown_column",
                "imsi,msisdn,k,opc,color\n",
                {"line 1 has an unknown column 'color'", "imsi,msisdn,impi"}},
        Refusal{"column_twice", "imsi,k,ki,opc\n", {"names column 'k' twice"}},
        Refusal{"no_imsi", "msisdn,k,opc\n", {"neither imsi nor impi"}}, Refusal{"no_k", "imsi,opc\n", {"no column k"}},
        Refusal{"no_opc", "imsi,k\n", {"neither opc nor op"}},
        Refusal{"utf16", std::string("\xFF\xFEi\0m\0", 6), {"UTF-8"}},
        Refusal{"fields",
                kHeader + line_of(1) + "001010000000002,49151\n",
                {"line 3, column (line): has 2 fields, the header has 4"}},
        Refusal{"all_named",
                kHeader + line_of(1) + "00101,4915100002," + kK.substr(1) + "," + kOpc + "\n" + line_of(3) +
                    "001010000000004,49 151," + kK + ",xyz\n",
                {"line 3, column imsi: has 5 digits", "line 3, column k: has 31 hexadecimal digits",
                 "line 5, column msisdn: character 3 is white space",
                 "line 5, column opc: character 1 is no hexadecimal", "4 problems"}},
        Refusal{"op_disagrees",
                "imsi,msisdn,k,opc,op\n001010000000001,491510," + kK + "," + kOpc + "," + kK + "\n",
                {"line 2, column opc: is not what K and OP give"}},
        Refusal{"duplicate",
                kHeader + line_of(1) + line_of(2) + line_of(1),
                {"line 4, column imsi: is in line 2 already", "1 problem:"}},
        Refusal{"duplicate_msisdn",
                kHeader + line_of(1) + "001010000000002,491500000001," + kK + ',' + kOpc + '\n',
                {"line 3, column msisdn: is in line 2 already"}},
        Refusal{"duplicate_impu",
                "imsi,impus,k,opc\n001010000000001,sip:a@x.org," + kK + ',' + kOpc +
                    "\n001010000000002,sip:a@X.org;x=y," + kK + ',' + kOpc + '\n',
                {"line 3, column impus: is in line 2 already"}},
        Refusal{"stored_msisdn",
                kHeader + "001010000000001,491500000099," + kK + ',' + kOpc + '\n',
                {"line 2, column msisdn: +491500000099 belongs to the subscriber with IMSI 001010000000099 already"}},
        Refusal{"stored_differs",
                kHeader + "001010000000099,491500000099," + kOpc + ',' + kOpc + '\n',
                {"line 2, column k: the subscriber is stored already, with another value: --update"}},
        Refusal{"profile",
                "imsi,msisdn,k,opc,profile\n001010000000001,491510," + kK + ',' + kOpc + ",gold\n",
                {"line 2, column profile: there is no such service profile"}},
        Refusal{"quote", kHeader + "\"001010000000001\n", {"line 2: a quoted field has no end"}},
        Refusal{"json_empty_array", "[]", {"the file holds no subscriber"}},
        Refusal{"json_broken", "{\"imsi\": \"" + kK + "\" : 1}\n", {"line 1, column (object): is no JSON"}},
        Refusal{"json_no_end", "[\n{\"imsi\": 1\n", {"line 2: the object has no end"}},
        Refusal{"json_array_no_end",
                "[\n" + kObject + "\"public_identities\":[{\"impu\":\"sip:a@x.org\"}]}\n",
                {"the array has no end"}},
        Refusal{"json_between", "{} 1", {"line 1: there must be an object here"}},
        Refusal{"json_missing",
                "{\"imsi\":\"001010000000001\"}",
                {"column private_identities: missing", "column public_identities: missing"}},
        Refusal{
            "json_types",
            kObject + R"("public_identities":[{"impu":"sip:a@x.org","barred":1},{"impu":7}],"visited_networks":"x"})",
            {"public_identities[0].barred: must be true or false", "public_identities[1].impu: must be a text",
             "visited_networks: must be an array"}},
        Refusal{
            "json_display_name",
            kObject + R"("public_identities":[{"impu":"sip:a@x.org","display_name":"\u0001","alias_group":"\uFFFF"}]})",
            {"public_identities[0].display_name: is sent to S-CSCFs in XML",
             "public_identities[0].alias_group: is sent to S-CSCFs in XML"}},
        Refusal{"json_number",
                kObject + "\"key_sets\":[{\"k\":465e5990199949900000000000000000}]}",
                {"column (object): holds a number that is too large: write keys in quotes"}},
        Refusal{"json_empty_name",
                kObject + R"("public_identities":[{"impu":"sip:a@x.org"}],"":1})",
                {"column (member): is not known"}},
        Refusal{"json_unknown",
                kObject + R"("public_identities":[{"impu":"sip:a@x.org","colour":1}]})",
                {"public_identities[0].colour: is not known"}},
        Refusal{
            "json_key_set",
            R"({"private_identities":[{"impi":"a@x.org","key_set":0}],"public_identities":[{"impu":"sip:a@x.org"}]})",
            {"private_identities[0].key_set: there is no such element"}},
        Refusal{"json_unused_key_set",
                R"({"key_sets":[{"k":")" + kK + R"(","opc":")" + kOpc +
                    R"("}],"private_identities":[{"impi":"a@x.org"}],"public_identities":[{"impu":"sip:a@x.org"}]})",
                {"key_sets[0]: is used by no private identity"}},
        Refusal{
            "json_without_keys",
            R"({"key_sets":[{"amf":"8000"}],"private_identities":[{"impi":"a@x.org","key_set":0}],"public_identities":[{"impu":"sip:a@x.org"}]})",
            {"column k: missing, and nothing is stored"}},
        Refusal{"json_profile", R"({"service_profile":{"name":"x","xml":"<X/>"}})", {"service_profile.xml"}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_F(ImportTest, PrintsABoundedListAndCountsAll) {
  std::string text = kHeader;
  for (int i = 0; i < 2000; ++i) text += "x,491510,y,z\n";
  const Outcome outcome = import_text(text);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 52);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("and 5950 more"), HasSubstr("6000 problems")));
  EXPECT_THAT(import_text(text, {"--json"}).out, HasSubstr("\"problem_count\":6000"));
}

TEST_F(ImportTest, DryRunWritesNothing) {
  const Outcome outcome = import_text(kHeader + lines(1, 3), {"--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("it would add 3"));
  EXPECT_EQ(count(), 0U);
}

TEST_F(ImportTest, RepeatedIsAlreadyThere) {
  EXPECT_EQ(import_text(kHeader + lines(1, 3)).out, "added 3, already there 0\n");
  const std::string before = all();
  EXPECT_EQ(import_text(kHeader + lines(1, 3)).out, "added 0, already there 3\n");
  EXPECT_EQ(all(), before);
  EXPECT_EQ(import_text(kHeader + lines(1, 5)).out, "added 2, already there 3\n");
}

TEST_F(ImportTest, ASeqThatWentOnIsNoDifference) {
  import_text(kHeader + lines(1, 1));
  done({"subscriber", "set", imsi_of(1), "--sqn", "000000001000"});
  EXPECT_EQ(import_text(kHeader + lines(1, 1)).out, "added 0, already there 1\n");
  EXPECT_EQ(import_text(kHeader + lines(1, 1), {"--update"}).out, "added 0, already there 1\n");
  EXPECT_THAT(done({"subscriber", "show", imsi_of(1)}).out, HasSubstr("SQN       000000001000"));
}

TEST_F(ImportTest, UpdateChangesWhatTheFileSaysAlone) {
  import_text(kHeader + lines(1, 2));
  done({"subscriber", "set", imsi_of(1), "--amf", "b9b9", "--sqn", "000000001000", "--capability", "4",
        "--display-name", "A"});
  const std::string text = kHeader + imsi_of(1) + ",491500000077," + kK + ',' + kOpc + '\n' + line_of(2) + line_of(3);
  const Outcome refused = import_text(text);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("line 2, column msisdn: the subscriber is stored already, with another value"));
  EXPECT_EQ(import_text(text, {"--update"}).out, "added 1, changed 1, already there 1\n");
  EXPECT_THAT(done({"subscriber", "show", imsi_of(1)}).out,
              AllOf(HasSubstr("tel:+491500000077"), HasSubstr("AMF b9b9"), HasSubstr("SQN       000000001000"),
                    HasSubstr("must have 4"), Not(HasSubstr("491500000001"))));
}

TEST_F(ImportTest, ReadsStandardInput) {
  EXPECT_EQ(done({"import", "-"}, kHeader + lines(1, 2)).out, "added 2, already there 0\n");
  EXPECT_THAT(hssctl({"import", "-"}, "").err, HasSubstr("the file is empty"));
}

TEST_F(ImportTest, StoppedInBetweenSaysHowFarAndIsRepeated) {
  const std::string text = kHeader + lines(1, 1000);
  {
    Store store(directory_.string());
    std::istringstream in(text);
    ImportOptions options{
        .rows_per_transaction = 100, .time_per_transaction = std::chrono::hours(1), .on_progress = {}};
    options.on_progress = [](bool writing, std::size_t done, std::size_t) { return !writing || done < 300; };
    const ImportReport report = import_records(store, in, Format::kCsv, options);
    EXPECT_TRUE(report.stopped);
    EXPECT_EQ(report.to_write(), 1000U);
    EXPECT_EQ(report.written, 300U);
  }
  EXPECT_EQ(count(), 300U);
  EXPECT_EQ(import_text(text).out, "added 700, already there 300\n");
  EXPECT_EQ(count(), 1000U);
}

TEST_F(ImportTest, ASubscriberAddedMeanwhileStopsItThere) {
  Store store(directory_.string());
  std::istringstream in(kHeader + lines(1, 30));
  ImportOptions options{.rows_per_transaction = 10, .on_progress = {}};
  bool added = false;
  options.on_progress = [&](bool writing, std::size_t, std::size_t) {
    if (writing && !added) {
      added = true;
      add(imsi_of(25), "49150099");
    }
    return true;
  };
  const ImportReport report = import_records(store, in, Format::kCsv, options);
  EXPECT_THAT(report.fault, HasSubstr("line 26: "));
  EXPECT_LT(report.written, 30U);
  EXPECT_EQ(count(), report.written + 1);
}

TEST_F(ImportTest, AFileThatChangesMeanwhileIsNotTrusted) {
  Store store(directory_.string());
  std::stringstream in(kHeader + lines(1, 20));
  ImportOptions options{.rows_per_transaction = 10, .on_progress = {}};
  options.on_progress = [&](bool writing, std::size_t, std::size_t) {
    if (!writing) in.str(kHeader + lines(1, 12) + "x,y\n");
    return true;
  };
  const ImportReport report = import_records(store, in, Format::kCsv, options);
  EXPECT_THAT(report.fault, HasSubstr("the file changed while it was read"));
}

TEST_F(ImportTest, AnInterruptIsRememberedAndNotDeadly) {
  const Interruptible interruptible;
  EXPECT_FALSE(Interruptible::interrupted());
  ASSERT_EQ(std::raise(SIGINT), 0);
  EXPECT_TRUE(Interruptible::interrupted());
}

TEST_F(ImportTest, ManyLines) {
  const Outcome outcome = import_text(kHeader + lines(1, 3000));
  EXPECT_EQ(outcome.out, "added 3000, already there 0\n") << outcome.err;
  EXPECT_EQ(count(), 3000U);
  const Outcome more = import_text(kHeader + lines(2999, 3002) + line_of(3002));
  EXPECT_THAT(more.err, AllOf(HasSubstr("line 6, column imsi: is in line 5 already"), HasSubstr("1 problem")));
  EXPECT_EQ(import_text(kHeader + lines(1, 3002)).out, "added 2, already there 3000\n");
}

TEST_F(ImportTest, ANumberThatAWildcardMatchesIsNobodysYet) {
  done({"psi", "add", "tel:+4915!.*!", "--impi", "numbers@x.org"});
  EXPECT_EQ(import_text(kHeader + lines(1, 1)).out, "added 1, already there 0\n");
}

TEST_F(ImportTest, AnImsiThatIsAnotherOnesIsRefused) {
  import_text(kHeader + lines(1, 2));
  const std::string text = "imsi,impi,msisdn,k,opc\n" + imsi_of(2) + ',' + imsi_of(1) +
                           "@ims.mnc001.mcc001.3gppnetwork.org,491500000001," + kK + ',' + kOpc + '\n';
  EXPECT_THAT(import_text(text, {"--update"}).err,
              HasSubstr("line 2, column imsi: " + imsi_of(2) + " belongs to the subscriber with IMSI " + imsi_of(2)));
}

/// Stands in the turnstile from the first row of a transaction until it is let go, as a server does that wants to
/// write.
struct Waiting {
  explicit Waiting(Store& store) : turnstile(store.database().file()) {
    sqlite3_update_hook(
        store.database().handle(),
        [](void* self, int, const char*, const char*, sqlite3_int64) {
          auto& waiting = *static_cast<Waiting*>(self);
          if (!waiting.turn) waiting.turn.emplace(waiting.turnstile);
        },
        this);
  }
  db::Turnstile turnstile;
  std::optional<db::Turnstile::Turn> turn;
};

TEST_F(ImportTest, EndsItsTransactionSoonWhenSomebodyWaits) {
  for (const auto time : {std::chrono::milliseconds(0), std::chrono::milliseconds(std::chrono::hours(1))}) {
    Store store(directory_.string());
    const std::size_t first = time.count() == 0 ? 1 : 101;
    std::istringstream in(kHeader + lines(first, first + 99));
    Waiting waiting(store);
    ImportOptions options{.time_per_transaction = time, .on_progress = {}};
    std::size_t transactions = 0;
    options.on_progress = [&](bool writing, std::size_t, std::size_t) {
      transactions += writing ? 1 : 0;
      waiting.turn.reset();
      return true;
    };
    const ImportReport report = import_records(store, in, Format::kCsv, options);
    EXPECT_EQ(report.written, 100U) << report.fault;
    EXPECT_EQ(transactions, time.count() == 0 ? 100U : 1U) << "it has had its time, or has not";
  }
}

TEST_F(ImportTest, GoesOnWhileNobodyWaits) {
  Store store(directory_.string());
  std::istringstream in(kHeader + lines(1, 100));
  ImportOptions options{.time_per_transaction = std::chrono::milliseconds(0), .on_progress = {}};
  std::size_t transactions = 0;
  options.on_progress = [&](bool writing, std::size_t, std::size_t) {
    transactions += writing ? 1 : 0;
    return true;
  };
  EXPECT_EQ(import_records(store, in, Format::kCsv, options).written, 100U);
  EXPECT_EQ(transactions, 1U);
}

TEST(ProgressTest, DrawsOnlyWhenShown) {
  std::ostringstream hidden;
  std::ostringstream shown;
  {
    Progress(hidden, false).show("writing", 1, 2);
    Progress progress(shown, true);
    progress.show("writing", 1, 2);
  }
  EXPECT_EQ(hidden.str(), "");
  EXPECT_THAT(shown.str(), AllOf(HasSubstr("1 of 2"), ::testing::EndsWith("\r\x1b[K")));
}

}  // namespace
}  // namespace hss::provisioning
