-- At most one profile for each user: the key of the user is also its key.
CREATE TABLE profiles (
    user_id bigint NOT NULL,
    bio text COLLATE "C" NULL,
    avatar bytea NULL,
    born_on date NULL,
    -- The time in UTC at which the daily digest is sent.
    digest_at time NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- At most 1 MiB: store a larger picture as a file.
    CONSTRAINT profiles_avatar_check CHECK (octet_length(avatar) <= 1048576),
    CONSTRAINT profiles_settings_check CHECK (jsonb_typeof(settings) = 'object')
);
