alter table tags drop column version;
drop table undo_states;
alter table events drop column undoes, drop column actor;
drop table idempotency_keys;
