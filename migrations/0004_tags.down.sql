drop table task_tags;
drop table tags;
