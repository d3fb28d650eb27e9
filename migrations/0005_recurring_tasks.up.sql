create table recurring_tasks (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  template_title text not null check (char_length(template_title) between 1 and 200),
  template_description text not null default '' check (char_length(template_description) <= 10000),
  recurrence_pattern text not null check (recurrence_pattern in ('daily', 'weekly', 'monthly', 'yearly', 'custom')),
  interval integer not null default 1 check (interval between 1 and 10000),
  cron_expression text check (char_length(cron_expression) <= 256),
  rrule text check (char_length(rrule) <= 1000),
  time_zone text not null check (char_length(time_zone) <= 64),
  -- Local dates or times in time_zone, as they were written: an instant would drift when the zone's clock changes.
  start text,
  all_day boolean not null default false,
  until text,
  count integer check (count >= 1),
  exdates text[] not null default '{}',
  month_day_policy text not null default 'clamp' check (month_day_policy in ('clamp', 'skip', 'last')),
  catch_up text not null default 'latest' check (catch_up in ('latest', 'all', 'none')),
  overlap text not null default 'allow' check (overlap in ('allow', 'skip')),
  anchor text not null default 'schedule' check (anchor in ('schedule', 'completion')),
  create_ahead text,
  priority_id bigint not null default 2 references priorities (id),
  project text check (char_length(project) <= 100),
  reminders text[] not null default '{1d}',
  is_active boolean not null default true,
  next_occurrence timestamptz,
  -- When the instance of next_occurrence is to be made: so much earlier as create_ahead says.
  next_run_at timestamptz,
  last_error text,
  missed integer not null default 0,
  generated integer not null default 0,
  version integer not null default 1 check (version >= 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recurring_tasks_rule check (
    (recurrence_pattern = 'custom') = (num_nonnulls(cron_expression, rrule) = 1)
    and (recurrence_pattern = 'custom' or num_nonnulls(cron_expression, rrule) = 0)
  ),
  constraint recurring_tasks_owner unique (user_id, id)
);

-- What the recurrer asks for: the templates that are due, soonest first; an idle tick reads one index page.
create index recurring_tasks_due on recurring_tasks (next_run_at) where is_active and next_run_at is not null;
create index recurring_tasks_by_user on recurring_tasks (user_id, id);

create table recurring_task_tags (
  user_id uuid not null,
  recurring_task_id bigint not null,
  tag_id bigint not null,
  primary key (recurring_task_id, tag_id),
  foreign key (user_id, recurring_task_id) references recurring_tasks (user_id, id) on delete cascade,
  foreign key (user_id, tag_id) references tags (user_id, id) on delete cascade
);

create index recurring_task_tags_by_tag on recurring_task_tags (tag_id);

alter table tasks
  add column reminders text[] not null default '{1d}',
  add column recurring_task_id bigint,
  add column occurrence_at timestamptz,
  add constraint tasks_template foreign key (user_id, recurring_task_id)
    references recurring_tasks (user_id, id) on delete set null (recurring_task_id),
  -- Exactly one instance of an occurrence, under any number of recurrers, crashes and retries.
  add constraint tasks_occurrence unique (recurring_task_id, occurrence_at);
