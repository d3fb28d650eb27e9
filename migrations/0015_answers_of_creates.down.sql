-- Their requests can only come again within a day; who repeats one after the way back has it done twice.
delete from idempotency_keys where sealed is null;
alter table idempotency_keys
  drop constraint idempotency_keys_answer,
  drop column answer,
  alter column sealed set not null;
