-- Who may use this node, and by what they prove it. Only SHA-256 digests of secrets are stored: the tokens themselves are
-- random 256-bit values, so a plain digest cannot be guessed back and needs neither salt nor stretching.

create table account (
  id          text primary key,
  name        text not null,
  role        text not null check (role in ('departure', 'transit', 'destination', 'guarantee', 'trader')),
  office      text,
  trader      text,
  locale      text not null,
  created_at  timestamptz not null,
  disabled_at timestamptz,
  -- an officer acts for one office, a trader for one economic operator; nobody for both or for none
  check ((role = 'trader' and trader is not null and office is null)
      or (role <> 'trader' and trader is null and office is not null))
);

create table sign_in_link (
  digest     bytea primary key check (octet_length(digest) = 32),
  account_id text not null references account (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  voided_at  timestamptz
);
create index sign_in_link_account on sign_in_link (account_id);

create table account_session (
  digest       bytea primary key check (octet_length(digest) = 32),
  account_id   text not null references account (id) on delete cascade,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz
);
create index account_session_account on account_session (account_id);

create table api_token (
  digest       bytea primary key check (octet_length(digest) = 32),
  account_id   text not null references account (id) on delete cascade,
  name         text not null,
  created_at   timestamptz not null,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create unique index api_token_name on api_token (account_id, name) where revoked_at is null;

-- A request with an Idempotency-Key, and the first answer it had. The row is written in the transaction of the effect, so the
-- effect and the memory of it are there together or not at all. `status` is null only inside that transaction.
create table idempotency (
  user_id        text not null references account (id) on delete cascade,
  key            text not null,
  request_digest bytea not null check (octet_length(request_digest) = 32),
  status         integer,
  -- json, not jsonb: the first answer is given again as it was, member for member in the same order
  response       json,
  created_at     timestamptz not null,
  primary key (user_id, key)
);
create index idempotency_created on idempotency (created_at);
