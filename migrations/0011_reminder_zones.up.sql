-- An all-day task is due at the beginning of its day in its user's zone, so its reminders move with the zone. The
-- user's lock is taken as by every writer of the user's data (shared/db/outbox.ts).
create function move_reminders() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(new.id::text, 7203));
  update reminders m set fire_at = (t.due_date::timestamp at time zone new.time_zone) - lead_interval(m.lead)
  from tasks t
  where t.user_id = new.id and t.deleted_at is null and t.status <> 'done' and t.due_date is not null
    and m.task_id = t.id and m.due_key = t.due_key and m.sent_at is null;
  return null;
end
$$;

create trigger users_move_reminders after update on users
  for each row when (new.time_zone is distinct from old.time_zone) execute function move_reminders();
