-- Which change made a template, so that undoing it takes the template away with its tasks.
alter table recurring_tasks add column change_id uuid;

create index recurring_tasks_by_change on recurring_tasks (change_id) where change_id is not null;

-- Templates that an undo took away, whole, so that a redo brings them again with their ids.
create table undone_templates (
  user_id uuid not null references users (id) on delete cascade,
  change_id uuid not null,
  template jsonb not null,
  tag_ids bigint[] not null,
  task_ids bigint[] not null,
  origin jsonb,
  undone_at timestamptz not null default now()
);

create index undone_templates_by_change on undone_templates (user_id, change_id);
