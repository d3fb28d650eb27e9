drop table undone_templates;
alter table recurring_tasks drop column change_id;
