create table tags (
  id bigint generated always as identity primary key,
  user_id uuid not null references users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 50),
  name_key text not null generated always as (lower(name)) stored,
  color text check (color ~ '^#[0-9A-Fa-f]{6}$'),
  created_at timestamptz not null default now(),
  constraint tags_name_key unique (user_id, name_key),
  constraint tags_owner unique (user_id, id)
);

create table task_tags (
  user_id uuid not null,
  task_id bigint not null,
  tag_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (task_id, tag_id),
  foreign key (user_id, task_id) references tasks (user_id, id) on delete cascade,
  foreign key (user_id, tag_id) references tags (user_id, id) on delete cascade
);

create index task_tags_by_tag on task_tags (tag_id, task_id);
