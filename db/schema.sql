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

-- An S-CSCF that has ever served somebody. Thousands of subscriptions share one, so it is written once.
CREATE TABLE s_cscf (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL,              -- S-CSCF name, TS 23.008 3.2, TS 29.229 6.3.3 (Server-Name)
  diameter_host  TEXT NOT NULL,              -- Diameter client identity of the S-CSCF, TS 23.008 3.2, TS 29.228 6.1.3
  diameter_realm TEXT NOT NULL,              -- its realm: Destination-Realm of RTR and PPR, TS 29.228 6.1.3, 6.2.1
  UNIQUE (name, diameter_host, diameter_realm)
) STRICT;

-- IMS subscription: TS 23.228 4.3.3.4, TS 29.228 Annex B.1.
CREATE TABLE subscription (
  id          INTEGER PRIMARY KEY,
  imsi        TEXT UNIQUE,                   -- TS 23.008 2.1.1, TS 23.003 2.2; NULL: none
  loose_route INTEGER CHECK (loose_route IN (0, 1)),  -- Loose-Route-Indication, TS 29.229 6.3.45; NULL: not sent
  s_cscf      INTEGER REFERENCES s_cscf      -- who serves it, TS 29.228 6.1.1, 6.1.2, 6.3; NULL: nobody
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
  algorithm    INTEGER NOT NULL,             -- 0 Milenage, TS 35.206
  sealed       BLOB NOT NULL,                -- K and OPc, TS 35.206 2.3 and 4.1, under the master key (key_set.cpp)
  amf          INTEGER NOT NULL CHECK (amf BETWEEN 0 AND 65535),     -- TS 33.102 Annex H
  ind_bits     INTEGER NOT NULL CHECK (ind_bits BETWEEN 0 AND 16),   -- length of IND, TS 33.102 C.1.1.1
  delta        INTEGER NOT NULL CHECK (delta >= 0)                   -- TS 33.102 C.2.1
) STRICT;
CREATE INDEX key_set_of_subscription ON key_set (subscription);

-- SEQ_HE: TS 33.102 6.3.2, C.1.1. Narrow, for it is what every MAR writes.
CREATE TABLE sequence (
  key_set INTEGER PRIMARY KEY REFERENCES key_set ON DELETE CASCADE,
  seq     INTEGER NOT NULL CHECK (seq BETWEEN 0 AND 281474976710655),  -- the last one issued; 48 bits at the most
  issued  BLOB NOT NULL CHECK (length(issued) % 16 = 0 AND length(issued) <= 128)  -- the latest RANDs, newest first:
                                             -- only their AUTS may lower SEQ, TS 33.102 6.3.5
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
  scheme       INTEGER NOT NULL,             -- SIP-Authentication-Scheme, TS 29.229 6.3.9: 0 Digest-AKAv1-MD5
  key_set      INTEGER REFERENCES key_set    -- NULL: cannot do AKA
) STRICT;
CREATE INDEX private_identity_of_subscription ON private_identity (subscription);
CREATE INDEX private_identity_of_key_set ON private_identity (key_set);

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
  display_name         TEXT                  -- TS 29.228 Annex B.2.1A; NULL: none
) STRICT;
CREATE INDEX public_identity_of_set ON public_identity (implicit_set);

-- Which private identity may use which set: TS 23.228 4.3.3.4, TS 29.228 6.1.1 step 2.
CREATE TABLE association (
  implicit_set     INTEGER NOT NULL REFERENCES implicit_set ON DELETE CASCADE,
  private_identity INTEGER NOT NULL REFERENCES private_identity ON DELETE CASCADE,
  PRIMARY KEY (implicit_set, private_identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX association_of_private_identity ON association (private_identity);

-- Registration state of a pair: TS 23.008 3.2, TS 29.228 8.1. No row: NOT_REGISTERED, no authentication pending.
CREATE TABLE registration (
  implicit_set       INTEGER NOT NULL,
  private_identity   INTEGER NOT NULL,
  status             INTEGER NOT NULL CHECK (status IN (0, 1, 2)),  -- not registered, registered, unregistered
  auth_pending_until INTEGER,                -- flag of TS 29.228 6.3.1 step 5; lapses at this time, seconds since 1970
  PRIMARY KEY (implicit_set, private_identity),
  FOREIGN KEY (implicit_set, private_identity) REFERENCES association ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- IND of a requesting node: TS 33.102 C.1.2, C.3.4.
CREATE TABLE ind_slot (
  application INTEGER NOT NULL,              -- 0 Cx, 1 SWx
  origin_host TEXT NOT NULL,                 -- RFC 6733 6.3
  ind         INTEGER NOT NULL CHECK (ind BETWEEN 0 AND 65535),
  PRIMARY KEY (application, origin_host)
) STRICT, WITHOUT ROWID;
