drop table signing_keys;
drop table api_tokens;
drop table refresh_tokens;
drop table sessions;
