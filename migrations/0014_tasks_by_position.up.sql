-- A column of the board is the tasks of one status by their position: its first page costs the same at any number.
create index tasks_by_position on tasks (user_id, status, position, id) where deleted_at is null;
