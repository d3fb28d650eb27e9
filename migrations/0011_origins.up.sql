-- Where imported tasks and templates came from: `uid` recognises them when the same file comes again, `extra` keeps
-- what their format has and a task has not, for the way back. What was made here needs no row.
create table origins (
  user_id uuid not null,
  uid uuid not null,
  task_id bigint,
  recurring_task_id bigint,
  extra json,
  primary key (user_id, uid),
  foreign key (user_id, task_id) references tasks (user_id, id) on delete cascade,
  foreign key (user_id, recurring_task_id) references recurring_tasks (user_id, id) on delete cascade,
  constraint origins_of_one check (num_nonnulls(task_id, recurring_task_id) = 1)
);

create index origins_by_task on origins (task_id) where task_id is not null;
create index origins_by_template on origins (recurring_task_id) where recurring_task_id is not null;
