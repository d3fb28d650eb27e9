-- Answers that are kept for a day, written in the transaction of their effect: both are there or neither. The key is
-- stored as a hash and the answer is sealed with the key itself, since it may hold a secret that is shown only once.
create table idempotency_keys (
  user_id uuid not null references users (id) on delete cascade,
  route text not null,
  key_hash bytea not null,
  request_hash bytea not null,
  status integer not null,
  sealed bytea not null,
  created_at timestamptz not null default now(),
  primary key (user_id, route, key_hash)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Whose undo a change belongs to: null is the person, on whatever device; a script with a token has its own.
-- `undoes` names the change that a compensating one takes back or brings again.
alter table events
  add column actor text,
  add column undoes uuid;

-- Changes that were undone at least once. `last_event` is their newest event; `position` says which of them was undone
-- or redone last.
create table undo_states (
  user_id uuid not null references users (id) on delete cascade,
  change_id uuid primary key,
  actor text,
  undone boolean not null,
  last_event bigint not null,
  position bigint not null
);

create index undo_states_by_user on undo_states (user_id, position);

-- What a tag's ETag is made of.
alter table tags add column version integer not null default 1 check (version >= 1);
