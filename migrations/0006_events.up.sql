-- The append-only log. A user's writes are serialised by a lock (shared/db/outbox.ts), so the ids of one user are
-- in the order of commit: a reader that goes on from the last id it saw never skips a late commit.
create table events (
  id bigint generated always as identity primary key,
  event_id uuid not null default gen_random_uuid(),
  user_id uuid not null references users (id) on delete cascade,
  task_id bigint not null,
  type text not null,
  version integer not null,
  source text not null default 'server',
  change_id uuid not null,
  data jsonb not null,
  previous jsonb,
  traceparent text,
  created_at timestamptz not null default now()
);

create index events_by_user on events (user_id, id);
-- One event for each version of a task; a reminder repeats the version it speaks of.
create unique index events_by_version on events (task_id, version) where type <> 'task.due.approaching';

-- What the bus has not acknowledged yet. Rows leave when it has.
create table outbox (
  id bigint primary key references events (id) on delete cascade,
  task_id bigint not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now()
)
-- Rows live for milliseconds and are read from the front: dead ones there must go soon, whatever the size.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

create index outbox_by_task on outbox (task_id, id);
