alter table tasks
  drop constraint tasks_occurrence,
  drop constraint tasks_template,
  drop column occurrence_at,
  drop column recurring_task_id,
  drop column reminders;
drop table recurring_task_tags;
drop table recurring_tasks;
