drop table origins;
