-- The answer of a plain create repeats what is stored anyway, so it needs no seal and is kept by the statement that
-- makes it.
alter table idempotency_keys
  alter column sealed drop not null,
  add column answer text,
  add constraint idempotency_keys_answer check (num_nonnulls(sealed, answer) = 1);
