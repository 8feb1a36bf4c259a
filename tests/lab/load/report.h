// What a load measured, for people and programs.
// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <string>

#include "tests/lab/load/generator.h"

namespace hss::lab {

/// "3.512 ms".
std::string milliseconds_text(Histogram::Duration value);

/// One line without its end, for a terminal.
std::string live_line(const LoadProgress& progress, const LoadPlan& plan);
/// Throughput, percentiles, results by name, timeouts.
void print_report(std::ostream& out, const LoadPlan& plan, const LoadFigures& figures);
/// The same as one JSON object.
void print_report_json(std::ostream& out, const LoadPlan& plan, const LoadFigures& figures);

}  // namespace hss::lab
