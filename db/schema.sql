-- The store as it is today: a new database gets this whole; an older one is brought here step by step (migrations.cpp).
-- Every column names the clause that needs it. SPDX-License-Identifier: MIT
--
-- Long texts (identities, server names) stand once in a table and once in the index that finds them; everything else
-- refers to them by number.

-- What the file is sealed with: 'master_key_check' holds a known text under the master key.
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Service profile: TS 23.008 3.5, TS 29.228 Annex B.2.1; the XML of Annex E without its public identities.
CREATE TABLE service_profile (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  xml      TEXT NOT NULL,                    -- empty: no initial filter criteria
  revision INTEGER NOT NULL                  -- another number at every change: readers keep what they parsed by it
) STRICT;

INSERT INTO service_profile (id, name, xml, revision) VALUES (1, 'default', '', random());

-- Initial filter criteria that profiles share: TS 29.228 Annex B.2.2, Annex E (SharedIFCSetID).
CREATE TABLE shared_ifc_set (
  id       INTEGER PRIMARY KEY CHECK (id BETWEEN 0 AND 2147483647),  -- SharedIFCSetID, known to S-CSCFs with SiFC
  name     TEXT NOT NULL UNIQUE,
  xml      TEXT NOT NULL                     -- a change of it is one of each profile that uses it: a new revision
) STRICT;

-- Which profiles use it, as their XML says.
CREATE TABLE service_profile_shared_ifc (
  service_profile INTEGER NOT NULL REFERENCES service_profile ON DELETE CASCADE,
  position        INTEGER NOT NULL,
  shared_ifc_set  INTEGER NOT NULL REFERENCES shared_ifc_set,
  PRIMARY KEY (service_profile, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_ifc_use ON service_profile_shared_ifc (shared_ifc_set);

-- An S-CSCF or 3GPP AAA server that has ever served somebody. Thousands of subscriptions share one, so it is written
-- once.
CREATE TABLE server (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL,              -- S-CSCF name, TS 23.008 3.2, TS 29.229 6.3.3 (Server-Name); empty: it is
                                             -- a 3GPP AAA server, which is known by its host, TS 29.273 8.2.3.24
  diameter_host  TEXT NOT NULL,              -- Diameter identity, TS 23.008 3.2, TS 29.228 6.1.3
  diameter_realm TEXT NOT NULL,              -- its realm: Destination-Realm of RTR and PPR, TS 29.228 6.1.3, 6.2.2
  UNIQUE (name, diameter_host, diameter_realm)
) STRICT;

-- IMS subscription: TS 23.228 4.3.3.4, TS 29.228 Annex B.1.
CREATE TABLE subscription (
  id          INTEGER PRIMARY KEY,
  imsi        TEXT UNIQUE,                   -- TS 23.008 2.1.1, TS 23.003 2.2; NULL: none
  usim        INTEGER REFERENCES key_set,    -- what the IMSI authenticates with, TS 29.273 8.1.2.1; NULL: the key set of
                                             -- the first private identity that has one
  loose_route INTEGER CHECK (loose_route IN (0, 1)),  -- Loose-Route-Indication, TS 29.229 6.3.45; NULL: not sent
  s_cscf      INTEGER REFERENCES server,     -- who serves it, TS 29.228 6.1.1, 6.1.2, 6.3; NULL: as `registration` and
                                             -- `auth_pending` say, which is nearly always
  previous_s_cscf INTEGER REFERENCES server, -- with s_cscf: who made the registrations, when it is another one that has
                                             -- challenged since, TS 29.228 6.3.1
  reassignment_pending INTEGER NOT NULL DEFAULT 0 CHECK (reassignment_pending IN (0, 1))  -- TS 29.228 6.1.1.1
) STRICT;
CREATE INDEX subscription_of_usim ON subscription (usim) WHERE usim IS NOT NULL;

-- Charging functions of a subscription: TS 29.229 6.3.19, TS 23.008 3.6. No row: those of the settings.
CREATE TABLE charging (
  subscription         INTEGER PRIMARY KEY REFERENCES subscription ON DELETE CASCADE,
  primary_event        TEXT,                 -- TS 29.229 6.3.20
  secondary_event      TEXT,                 -- 6.3.21
  primary_collection   TEXT,                 -- 6.3.22
  secondary_collection TEXT                  -- 6.3.23
) STRICT;

-- MSISDN: TS 23.008 2.1.2, TS 23.003 3.3 (without '+').
CREATE TABLE msisdn (
  msisdn       TEXT NOT NULL PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  position     INTEGER NOT NULL              -- as provisioned
) STRICT, WITHOUT ROWID;
CREATE INDEX msisdn_of_subscription ON msisdn (subscription);

-- What the I-CSCF chooses an S-CSCF by: TS 23.008 3.4, TS 29.229 6.3.4 (Server-Capabilities).
CREATE TABLE server_capability (
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  kind         INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),  -- TS 29.229 6.3.5 mandatory, 6.3.6 optional, 6.3.3 name
  position     INTEGER NOT NULL,             -- as provisioned; names: best first
  number       INTEGER CHECK (number BETWEEN 0 AND 4294967295),
  name         TEXT,
  PRIMARY KEY (subscription, kind, position),
  CHECK ((number IS NULL) = (kind = 2) AND (name IS NULL) = (kind <> 2))
) STRICT, WITHOUT ROWID;

-- Where the subscription may roam: TS 23.008 3.1 (list of authorized visited network identifiers), TS 29.228 6.1.1
-- step 4. No row: everywhere.
CREATE TABLE visited_network (
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  network      TEXT NOT NULL,
  PRIMARY KEY (subscription, position)
) STRICT, WITHOUT ROWID;

-- What the AuC holds of one USIM or ISIM: TS 33.102 6.3, TS 23.008 3.3. A record of its own, because identities of
-- several applications can share a card.
CREATE TABLE key_set (
  id           INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  algorithm    INTEGER NOT NULL,             -- 0 Milenage, TS 35.206; 1 TUAK, TS 35.231; 2 XOR, TS 34.108 8.1.2
  sealed       BLOB NOT NULL,                -- K and OPc (TS 35.206 2.3, 4.1) or TOPc (TS 35.231 6.1), under the master
                                             -- key (sealed_keys.h)
  parameters   BLOB,                         -- constants of Milenage (TS 35.206 5.3), iterations of Keccak, length of
                                             -- RES (sealed_keys.h); NULL: the usual ones
  test         INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),    -- a test card, TS 34.108 8.1.2
  amf          INTEGER NOT NULL CHECK (amf BETWEEN 0 AND 65535),     -- TS 33.102 Annex H
  ind_bits     INTEGER NOT NULL CHECK (ind_bits BETWEEN 0 AND 16),   -- length of IND, TS 33.102 C.1.1.1
  delta        INTEGER NOT NULL CHECK (delta >= 0)                   -- TS 33.102 C.2.1
) STRICT;
CREATE INDEX key_set_of_subscription ON key_set (subscription);

-- The highest number of a key set that is gone. No number is given twice: sequence_log may hold what the first one had.
CREATE TABLE last_key_set (
  id INTEGER NOT NULL
) STRICT;
INSERT INTO last_key_set (id) VALUES (0);
CREATE TRIGGER key_set_is_gone AFTER DELETE ON key_set BEGIN
  UPDATE last_key_set SET id = old.id WHERE id < old.id;
END;

-- SEQ_HE: TS 33.102 6.3.2, C.1.1. Narrow, for it is what every MAR writes; while a server runs, what sequence_log says
-- counts.
CREATE TABLE sequence (
  key_set INTEGER PRIMARY KEY REFERENCES key_set ON DELETE CASCADE,
  seq     INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 281474976710655),  -- the last one issued; 48 bits at the most
  issued  BLOB NOT NULL CHECK (length(issued) % 16 = 0 AND length(issued) <= 128)  -- the latest RANDs, newest first:
                                             -- only their AUTS may lower SEQ, TS 33.102 6.3.5
) STRICT;

-- What a running server has committed and not yet brought into `sequence`: db/sequence_log.h has the format. The
-- latest record of a key set counts; another program that changes its SEQ adds one.
CREATE TABLE sequence_log (
  id      INTEGER PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- Whom other programs have changed, for the server, which remembers what it has read (db/change_journal.h).
CREATE TABLE change_journal (
  id           INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL              -- 0: everything; -1: every subscription; -2: nothing that is remembered
) STRICT;

-- The latest resynchronisation of a key set: TS 33.102 6.3.5.
CREATE TABLE resynchronisation (
  key_set     INTEGER PRIMARY KEY REFERENCES key_set ON DELETE CASCADE,
  at          INTEGER NOT NULL,              -- seconds since 1970-01-01 UTC
  origin_host TEXT NOT NULL,                 -- who brought the AUTS, RFC 6733 6.3
  seq_he      INTEGER NOT NULL,              -- before
  seq_ms      INTEGER NOT NULL,              -- in the AUTS
  action      INTEGER NOT NULL CHECK (action IN (0, 1, 2))  -- kept, raised, lowered
) STRICT;

-- Private user identity: TS 23.008 3.1, TS 23.003 13.3.
CREATE TABLE private_identity (
  id           INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  impi         TEXT NOT NULL UNIQUE,
  scheme       INTEGER NOT NULL,             -- SIP-Authentication-Scheme, TS 29.229 6.3.9: 0 Digest-AKAv1-MD5,
                                             -- 1 SIP Digest, 2 Early-IMS-Security, 3 NASS-Bundled
  key_set      INTEGER REFERENCES key_set,   -- NULL: cannot do AKA
  framed_address TEXT                        -- GIBA, TS 29.229 6.3.13; NULL: none
) STRICT;
CREATE INDEX private_identity_of_subscription ON private_identity (subscription);
CREATE INDEX private_identity_of_key_set ON private_identity (key_set);

-- SIP Digest: TS 29.229 6.3.36 to 6.3.41. The hash, never the password.
CREATE TABLE sip_digest (
  private_identity INTEGER PRIMARY KEY REFERENCES private_identity ON DELETE CASCADE,
  realm            TEXT NOT NULL,            -- Digest-Realm, TS 29.229 6.3.37
  sealed           BLOB NOT NULL             -- HA1, TS 29.229 6.3.41, and that of SHA-256 when there is one, under the
                                             -- master key (sealed_keys.h)
) STRICT;

-- NASS-Bundled authentication: Line-Identifier, TS 29.229 6.3.42 (ETSI TS 183 017).
CREATE TABLE line_identifier (
  private_identity INTEGER NOT NULL REFERENCES private_identity ON DELETE CASCADE,
  position         INTEGER NOT NULL,
  identifier       BLOB NOT NULL CHECK (length(identifier) BETWEEN 1 AND 255),
  PRIMARY KEY (private_identity, position)
) STRICT, WITHOUT ROWID;

-- Implicit registration set: TS 23.228 5.2.1a, TS 23.008 3.1.
CREATE TABLE implicit_set (
  id           INTEGER PRIMARY KEY,
  subscription INTEGER NOT NULL REFERENCES subscription ON DELETE CASCADE,
  number       INTEGER NOT NULL              -- as provisioned
) STRICT;
CREATE INDEX implicit_set_of_subscription ON implicit_set (subscription);

-- Public user identity: TS 23.008 3.1, TS 23.003 13.4.
CREATE TABLE public_identity (
  id                   INTEGER PRIMARY KEY,
  implicit_set         INTEGER NOT NULL REFERENCES implicit_set ON DELETE CASCADE,
  position             INTEGER NOT NULL,     -- among all of the subscription: P-Associated-URI follows it, TS 24.229
  impu                 TEXT NOT NULL UNIQUE,
  barred               INTEGER NOT NULL CHECK (barred IN (0, 1)),  -- barring indication, TS 23.008 3.1
  registration_allowed INTEGER NOT NULL CHECK (registration_allowed IN (0, 1)),  -- TS 29.228 6.1.1 step 4
  service_profile      INTEGER NOT NULL REFERENCES service_profile,  -- TS 29.228 Annex B.2.1
  display_name         TEXT,                 -- TS 29.228 Annex B.2.1A; NULL: none
  type                 INTEGER NOT NULL DEFAULT 0 CHECK (type BETWEEN 0 AND 4),  -- IdentityType, TS 29.228 Annex E
  psi_active           INTEGER NOT NULL DEFAULT 1 CHECK (psi_active IN (0, 1)),  -- PSI activation state, TS 23.008 3.1
  application_server   TEXT,                 -- of a PSI: AS name, TS 23.008 3.5, TS 29.228 6.1.4; NULL: none
  alias_group          TEXT,                 -- AliasIdentityGroupID, TS 29.228 Annex B.2.1; NULL: none
  service_priority     INTEGER CHECK (service_priority BETWEEN 0 AND 4)  -- ServicePriorityLevel; NULL: none
) STRICT;
CREATE INDEX public_identity_of_set ON public_identity (implicit_set);
-- Nearly everybody has the first profile, so that it has no entry: 31 octets of each subscriber.
CREATE INDEX public_identity_of_profile ON public_identity (service_profile) WHERE service_profile <> 1;
CREATE INDEX wildcarded_identity ON public_identity (impu, type) WHERE type IN (2, 4);  -- a handful among millions

-- Which private identity may use which set: TS 23.228 4.3.3.4, TS 29.228 6.1.1 step 2.
CREATE TABLE association (
  implicit_set     INTEGER NOT NULL REFERENCES implicit_set ON DELETE CASCADE,
  private_identity INTEGER NOT NULL REFERENCES private_identity ON DELETE CASCADE,
  PRIMARY KEY (implicit_set, private_identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX association_of_private_identity ON association (private_identity);

-- Registration state of a pair: TS 23.008 3.2, TS 29.228 8.1. No row: NOT_REGISTERED.
CREATE TABLE registration (
  implicit_set     INTEGER NOT NULL,
  private_identity INTEGER NOT NULL,
  status           INTEGER NOT NULL CHECK (status IN (1, 2)),  -- registered, unregistered
  server           INTEGER REFERENCES server,  -- the S-CSCF that made it, TS 29.228 6.1.2; of all pairs the same
  PRIMARY KEY (implicit_set, private_identity),
  FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- "Authentication pending" of a pair: TS 29.228 6.3.1 step 5. By itself, for every MAR of a registration sets it and the
-- SAR after it takes it away; while a server runs, what auth_pending_log says counts.
CREATE TABLE auth_pending (
  implicit_set     INTEGER NOT NULL,
  private_identity INTEGER NOT NULL,
  until            INTEGER NOT NULL,         -- lapses at this time, seconds since 1970-01-01 UTC
  server           INTEGER REFERENCES server,  -- the S-CSCF that challenges, whose name counts meanwhile; as above
  PRIMARY KEY (implicit_set, private_identity),
  FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What a running server has committed and not yet brought into `auth_pending`: db/pending_log.h has the format. The
-- latest record of a pair counts; another program that changes it adds one.
CREATE TABLE auth_pending_log (
  id               INTEGER PRIMARY KEY,
  content          BLOB,                     -- NULL: a pair that is gone
  implicit_set     INTEGER,
  private_identity INTEGER,
  CHECK ((content IS NULL) = (implicit_set IS NOT NULL AND private_identity IS NOT NULL))
) STRICT;

-- Who gets the numbers of a pair that is gone must not be taken for it.
CREATE TRIGGER association_is_gone AFTER DELETE ON association WHEN EXISTS (SELECT 1 FROM auth_pending_log) BEGIN
  INSERT INTO auth_pending_log (implicit_set, private_identity) VALUES (old.implicit_set, old.private_identity);
END;

-- S-CSCF restoration information of a pair: TS 29.228 8.3, TS 29.229 6.3.46; the octets that the S-CSCF sent.
CREATE TABLE restoration (
  implicit_set     INTEGER NOT NULL,
  private_identity INTEGER NOT NULL,
  content          BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 16384),
  PRIMARY KEY (implicit_set, private_identity),
  FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A packet data network that users reach over non-3GPP access: TS 29.272 7.3.35 (APN-Configuration), TS 29.273 8.2.3.7.
-- A template: subscribers have it, and may have addresses of their own there.
CREATE TABLE apn (
  id                 INTEGER PRIMARY KEY,
  name               TEXT NOT NULL UNIQUE,   -- of the template
  context_identifier INTEGER NOT NULL UNIQUE CHECK (context_identifier BETWEEN 1 AND 4294967295),  -- TS 29.272 7.3.27
  network_identifier TEXT NOT NULL,          -- Service-Selection, TS 29.273 5.2.3.5, TS 23.003 9.1.1; '*': any
  pdn_type           INTEGER NOT NULL CHECK (pdn_type BETWEEN 0 AND 3),          -- TS 29.272 7.3.62
  qci                INTEGER NOT NULL CHECK (qci BETWEEN 1 AND 254),             -- TS 29.272 7.3.37, TS 29.212 5.3.17
  priority_level     INTEGER NOT NULL CHECK (priority_level BETWEEN 1 AND 15),   -- TS 29.212 5.3.45
  may_pre_empt       INTEGER NOT NULL CHECK (may_pre_empt IN (0, 1)),            -- TS 29.212 5.3.46
  may_be_pre_empted  INTEGER NOT NULL CHECK (may_be_pre_empted IN (0, 1)),       -- TS 29.212 5.3.47
  vplmn_dynamic_address INTEGER CHECK (vplmn_dynamic_address IN (0, 1)),         -- TS 29.272 7.3.38; NULL: not sent
  ambr_uplink        INTEGER,                -- bit/s, TS 29.272 7.3.41; NULL: not sent
  ambr_downlink      INTEGER,
  charging_characteristics TEXT,             -- four hexadecimal digits, TS 29.061 16.4.7.2; NULL: not sent
  gateway_ipv4       BLOB CHECK (length(gateway_ipv4) = 4),   -- a static PDN GW, TS 29.272 7.3.45; NULL: none
  gateway_ipv6       BLOB CHECK (length(gateway_ipv6) = 16),
  gateway_host       TEXT,
  gateway_realm      TEXT,
  CHECK ((ambr_uplink IS NULL) = (ambr_downlink IS NULL)),
  CHECK ((gateway_host IS NULL) = (gateway_realm IS NULL))
) STRICT;

-- Voice over Wi-Fi: GSMA IR.51 4.1, IR.88 6.3.2 (APN "ims", QCI 5).
INSERT INTO apn (name, context_identifier, network_identifier, pdn_type, qci, priority_level, may_pre_empt,
                 may_be_pre_empted)
VALUES ('ims', 1, 'ims', 2, 5, 8, 0, 1);

-- Subscription to access over non-3GPP networks: TS 23.008 3.7, TS 29.273 8.2.3.1. No row: none.
CREATE TABLE non_3gpp (
  subscription   INTEGER PRIMARY KEY REFERENCES subscription ON DELETE CASCADE,
  apn            INTEGER NOT NULL REFERENCES apn,  -- the default one, TS 29.273 8.2.3.1 (Context-Identifier)
  access_barred  INTEGER NOT NULL DEFAULT 0 CHECK (access_barred IN (0, 1)),   -- TS 29.273 8.2.3.3
  apns_disabled  INTEGER NOT NULL DEFAULT 0 CHECK (apns_disabled IN (0, 1)),   -- TS 29.273 8.2.3.4
  session_timeout INTEGER,                         -- seconds, RFC 6733 8.13; NULL: not sent
  ambr_uplink    INTEGER,                          -- bit/s, TS 29.272 7.3.41; NULL: not sent
  ambr_downlink  INTEGER,
  charging_characteristics TEXT,                   -- TS 29.061 16.4.7.2; NULL: not sent
  forbidden_rat_types TEXT,                        -- numbers with a space between them, TS 29.212 5.3.31; NULL: none
  visited_networks TEXT,                           -- one a line; NULL: everywhere, TS 29.273 8.1.2.1
  CHECK ((ambr_uplink IS NULL) = (ambr_downlink IS NULL))
) STRICT;

-- Further APNs (position 1 and on), and addresses in the default one (position 0): TS 29.272 7.3.35.
CREATE TABLE non_3gpp_apn (
  subscription INTEGER NOT NULL REFERENCES non_3gpp ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  apn          INTEGER NOT NULL REFERENCES apn,
  ipv4         BLOB CHECK (length(ipv4) = 4),      -- Served-Party-IP-Address, TS 32.299 7.2.187; NULL: dynamic
  ipv6         BLOB CHECK (length(ipv6) = 16),
  PRIMARY KEY (subscription, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX non_3gpp_apn_of_apn ON non_3gpp_apn (apn);

-- State on SWx: TS 23.008 3.7, TS 29.273 8.1.2.1, 8.1.2.2. No row: no AAA server has the user.
CREATE TABLE non_3gpp_registration (
  subscription  INTEGER PRIMARY KEY REFERENCES subscription ON DELETE CASCADE,
  server        INTEGER NOT NULL REFERENCES server,
  registered    INTEGER NOT NULL CHECK (registered IN (0, 1)),
  pending_until INTEGER,                     -- authentication is pending; lapses at this time, seconds since 1970
  CHECK ((registered = 1) = (pending_until IS NULL))
) STRICT;

-- PDN connections that the AAA server told of: TS 29.273 8.1.2.2.2 (PGW_UPDATE), TS 29.272 7.3.127 (Active-APN).
CREATE TABLE active_apn (
  subscription       INTEGER NOT NULL REFERENCES non_3gpp_registration ON DELETE CASCADE,
  name               TEXT NOT NULL,          -- network identifier of the APN
  context_identifier INTEGER NOT NULL,
  gateway_ipv4       BLOB CHECK (length(gateway_ipv4) = 4),
  gateway_ipv6       BLOB CHECK (length(gateway_ipv6) = 16),
  gateway_host       TEXT,
  gateway_realm      TEXT,
  visited_network    BLOB,                   -- the octets that came; NULL: none
  PRIMARY KEY (subscription, name)
) STRICT, WITHOUT ROWID;

-- The outbox: RTR, TS 29.228 6.1.3, TS 29.273 8.1.2.2.3, and PPR, TS 29.228 6.2.2, TS 29.273 8.1.2.3. A row stands for
-- itself: what it is about may be gone, and is then 0, so that nobody who gets its number next is taken for it.
CREATE TABLE push (
  id               INTEGER PRIMARY KEY,
  kind             INTEGER NOT NULL CHECK (kind IN (0, 1)),             -- RTR, PPR
  status           INTEGER NOT NULL CHECK (status BETWEEN 0 AND 4),     -- hss/push.h
  subscription     INTEGER NOT NULL,
  implicit_set     INTEGER NOT NULL,
  private_identity INTEGER NOT NULL,
  application      INTEGER NOT NULL CHECK (application IN (0, 1)),      -- Cx, SWx
  server           INTEGER NOT NULL REFERENCES server,
  user_name        TEXT NOT NULL,            -- RFC 6733 8.14
  public_identities TEXT NOT NULL,           -- one a line, TS 29.229 6.3.2
  associated_identities TEXT,                -- one a line, TS 29.229 6.3.33; NULL: none
  reason           INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 3),     -- Reason-Code, TS 29.229 6.3.17
  reason_info      TEXT,                     -- TS 29.229 6.3.18; NULL: none
  changed          INTEGER NOT NULL,         -- of a PPR: the sum of 1 user profile, 2 charging functions, 4 SIP Digest
  ppr_flags        INTEGER NOT NULL,         -- of a PPR on SWx, TS 29.273 8.2.3.17
  created          INTEGER NOT NULL,         -- seconds since 1970-01-01 UTC, as all times
  attempts         INTEGER NOT NULL,
  next_attempt     INTEGER NOT NULL,
  finished         INTEGER,
  result_vendor    INTEGER,                  -- Result-Code or Experimental-Result-Code of the latest answer
  result_code      INTEGER,
  outcome          TEXT,                     -- in words; NULL: nothing yet
  CHECK ((result_vendor IS NULL) = (result_code IS NULL))
) STRICT;
CREATE INDEX push_due ON push (next_attempt) WHERE status = 0;
CREATE INDEX push_of_subscription ON push (subscription);
CREATE INDEX push_finished ON push (finished) WHERE finished IS NOT NULL;

-- IND of a requesting node: TS 33.102 C.1.2, C.3.4.
CREATE TABLE ind_slot (
  application INTEGER NOT NULL,              -- 0 Cx, 1 SWx
  origin_host TEXT NOT NULL,                 -- RFC 6733 6.3
  ind         INTEGER NOT NULL CHECK (ind BETWEEN 0 AND 65535),
  PRIMARY KEY (application, origin_host)
) STRICT, WITHOUT ROWID;
