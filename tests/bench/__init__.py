# What `./dev bench` runs: baselines and the HSS under the same load, benchmarks of parts, and growth with size.
# SPDX-License-Identifier: MIT
