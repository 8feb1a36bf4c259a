# The other side of the wire for whole-process tests: CSCFs and a USIM that share no code with the server.
# SPDX-License-Identifier: MIT
