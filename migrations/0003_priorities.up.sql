create table priorities (
  id bigint primary key,
  name text not null unique check (char_length(name) between 1 and 50),
  level integer not null unique check (level between 1 and 5),
  color text not null check (color ~ '^#[0-9A-Fa-f]{6}$')
);

insert into priorities (id, name, level, color) values
  (1, 'Low', 1, '#6B7280'),
  (2, 'Medium', 2, '#3B82F6'),
  (3, 'High', 3, '#F59E0B'),
  (4, 'Critical', 4, '#EF4444');

-- A constant default rewrites no row: tasks that were there are Medium at once, however many there are.
alter table tasks add column priority_id bigint not null default 2 references priorities (id);
