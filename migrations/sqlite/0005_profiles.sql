-- At most one profile for each user: the key of the user is also its key.
CREATE TABLE profiles (
    user_id integer NOT NULL,
    bio text NULL,
    avatar blob NULL CHECK (typeof(avatar) IN ('blob', 'null')),
    born_on date NULL CHECK (born_on IS date(born_on, '+0 days')),
    -- The time in UTC at which the daily digest is sent.
    digest_at time NULL
    CHECK (
        time(substr(digest_at, 1, 8)) IS substr(digest_at, 1, 8)
        AND substr(digest_at, 9) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]'
    ),
    settings json NOT NULL DEFAULT '{}',
    CONSTRAINT profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- At most 1 MiB: store a larger picture as a file.
    CONSTRAINT profiles_avatar_check CHECK (length(avatar) <= 1048576),
    CONSTRAINT profiles_settings_check CHECK (json_valid(settings) AND json_type(settings) = 'object')
) WITHOUT ROWID;
