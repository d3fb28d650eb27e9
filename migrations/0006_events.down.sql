drop table outbox;
drop table events;
