-- One row for each (task, due, lead): planned by the database itself on every way that a task is written, so that no
-- writer can forget it. A row that was sent stays, so that the same reminder is never sent again.
create table reminders (
  task_id bigint not null references tasks (id) on delete cascade,
  user_id uuid not null,
  due_key timestamptz not null,
  lead text not null,
  fire_at timestamptz not null,
  sent_at timestamptz,
  -- Too late to be of use: told, never sent.
  stale boolean not null default false,
  primary key (task_id, due_key, lead)
);

-- What the recurrer asks for: an idle look reads the first entry.
create index reminders_pending on reminders (fire_at) where sent_at is null;

create function lead_interval(lead text) returns interval language sql immutable strict as $$
  select left(lead, -1)::integer * case right(lead, 1)
    when 'm' then interval '1 minute' when 'h' then interval '1 hour'
    when 'd' then interval '24 hours' else interval '168 hours' end
$$;

-- A lead that passed less than five minutes before the write is sent at once, an older one never. An all-day task is
-- due at the beginning of its day in its user's zone.
create function plan_reminders() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from reminders where task_id = new.id and sent_at is null;
  end if;
  if new.status <> 'done' and new.deleted_at is null and new.due_key < 'infinity' and new.reminders <> '{}' then
    insert into reminders (task_id, user_id, due_key, lead, fire_at)
    select new.id, new.user_id, new.due_key, r.lead, d.due_at - lead_interval(r.lead)
    from users u,
      lateral (select coalesce(new.due_at, new.due_date::timestamp at time zone u.time_zone) as due_at) d,
      lateral (select distinct unnest(new.reminders) as lead) r
    where u.id = new.user_id and d.due_at - lead_interval(r.lead) > now() - interval '5 minutes'
    on conflict do nothing;
  end if;
  return null;
end
$$;

create trigger tasks_plan_reminders after insert on tasks
  for each row when (new.due_key < 'infinity') execute function plan_reminders();

create trigger tasks_replan_reminders after update on tasks
  for each row when (
    new.due_key is distinct from old.due_key or new.reminders is distinct from old.reminders
    or (new.status = 'done') is distinct from (old.status = 'done')
    or new.deleted_at is distinct from old.deleted_at
  ) execute function plan_reminders();
