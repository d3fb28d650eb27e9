alter table tasks drop column priority_id;
drop table priorities;
