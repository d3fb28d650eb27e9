drop index tasks_by_position;
