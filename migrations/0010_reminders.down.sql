drop trigger tasks_replan_reminders on tasks;
drop trigger tasks_plan_reminders on tasks;
drop function plan_reminders();
drop function lead_interval(text);
drop table reminders;
