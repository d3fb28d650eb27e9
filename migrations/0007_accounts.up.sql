-- One sign-in on one device. Its refresh tokens are one family: `generation` is the one that may be used next.
-- An ended session stays until it would have expired: its tokens are still known, and so is its address.
create table sessions (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  generation integer not null default 1 check (generation >= 1),
  rotated_at timestamptz not null default now(),
  address inet,
  user_agent text not null default '' check (char_length(user_agent) <= 200),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint sessions_owner unique (user_id, id)
);

create index sessions_by_expiry on sessions (expires_at);

-- Hashes only: who reads this table or a backup of it can sign in as nobody.
create table refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id bigint not null references sessions (id) on delete cascade,
  generation integer not null check (generation >= 1),
  created_at timestamptz not null default now()
);

create index refresh_tokens_by_session on refresh_tokens (session_id, generation);

create table api_tokens (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 100),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  scopes text[] not null check (cardinality(scopes) >= 1),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint api_tokens_owner unique (user_id, id)
);

-- The key that signs access tokens where nobody has set one: servers on one database must agree on it. At most one row.
create table signing_keys (
  id integer primary key default 1 check (id = 1),
  secret text not null check (octet_length(secret) >= 32),
  created_at timestamptz not null default now()
);
