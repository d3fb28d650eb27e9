create table users (
  id uuid primary key default gen_random_uuid(),
  email text not null check (char_length(email) <= 254),
  password_hash text,
  name text not null default '' check (char_length(name) <= 200),
  time_zone text not null default 'UTC' check (char_length(time_zone) <= 64),
  created_at timestamptz not null default now()
);

create unique index users_email_key on users (lower(email));
