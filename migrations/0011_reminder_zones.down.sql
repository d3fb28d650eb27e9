drop trigger users_move_reminders on users;
drop function move_reminders();
