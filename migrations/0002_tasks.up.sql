create table tasks (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  title text not null check (char_length(title) between 1 and 200),
  description text not null default '' check (char_length(description) <= 10000),
  status text not null default 'todo' check (status in ('todo', 'doing', 'done')),
  project text check (char_length(project) <= 100),
  due_date date,
  due_at timestamptz,
  position double precision not null default extract(epoch from clock_timestamp()),
  version integer not null default 1 check (version >= 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  completed_at timestamptz,
  deleted_at timestamptz,
  -- One sortable instant for both kinds of due: an all-day date counts as its end, no due comes last.
  due_key timestamptz not null generated always as (
    coalesce(due_at, (due_date + interval '1 day') at time zone 'UTC', 'infinity'::timestamptz)
  ) stored,
  constraint tasks_one_due check (due_date is null or due_at is null),
  constraint tasks_completed check ((status = 'done') = (completed_at is not null)),
  -- The target of composite foreign keys: a link between two users' rows cannot exist.
  constraint tasks_owner unique (user_id, id)
);

create index tasks_open_by_due on tasks (user_id, due_key, id) where deleted_at is null and status <> 'done';
create index tasks_by_created on tasks (user_id, created_at, id) where deleted_at is null;
create index tasks_by_updated on tasks (user_id, updated_at, id);
