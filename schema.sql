-- The sample's schema for SQLite 3.40 and newer.  The other engines have sql/postgresql/schema.sql and
-- sql/mariadb/schema.sql, with the same tables, columns, nullability, keys and constraint names.
--
--     sqlite3 blog.db < schema.sql
--
-- How to read it:
--
-- A constraint with a name is a rule of the application.  A program catches a violation by this name, which
-- is the same on every engine.  A CHECK without a name, beside its column, replaces a type that SQLite does
-- not have.  The servers have the type and need no CHECK.
--
-- The tables are not STRICT.  STRICT allows only integer, real, text and blob, so the schema would not
-- distinguish a boolean from a number or an instant from a text.  Here the declared type says to people and
-- tools what a column contains.  The CHECK beside it refuses other values:
--
--     boolean         0 or 1
--     numeric(10, 2)  a number with at most two decimals; the CHECK of its range also checks the decimals
--     date            'YYYY-MM-DD'
--     time            'HH:MM:SS.ffffff'
--     timestamptz     an instant, 'YYYY-MM-DD HH:MM:SS.ffffff+00:00': always UTC and always six digits,
--                     so that text order is the order in time
--                     (the CHECK requires a real day: '+0 days' turns 30 February into 1 March)
--     uuid            36 characters, lower case
--     json            text
--
-- Keys are AUTOINCREMENT: as on the servers, the key of a deleted row is never given to another row.  So a
-- program that still has the old key finds no row, and never the wrong row.
--
-- SQLite enforces foreign keys only on connections that enable it: PRAGMA foreign_keys = ON.


-- Accounts ------------------------------------------------------------------------------------------

CREATE TABLE users (
    id integer NOT NULL CONSTRAINT users_pkey PRIMARY KEY AUTOINCREMENT,
    username text NOT NULL,
    email text NOT NULL,
    age integer NULL CHECK (typeof(age) IN ('integer', 'null')),
    rating real NULL,
    balance numeric(10, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE CHECK (active IN (FALSE, TRUE)),
    role text NOT NULL DEFAULT 'user',
    -- The user's key at the identity provider.  NULL: the user signs in here.
    external_id uuid NULL
    CHECK (
        external_id GLOB '????????-????-????-????-????????????'
        AND external_id NOT GLOB '*[^0-9a-f-]*'
    ),
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    -- For users.by_username and users.upsert.
    CONSTRAINT users_username_key UNIQUE (username),
    -- For users.by_email.
    CONSTRAINT users_email_key UNIQUE (email),
    -- For users.by_external_id.
    CONSTRAINT users_external_id_key UNIQUE (external_id),
    CONSTRAINT users_username_check CHECK (length(username) BETWEEN 1 AND 50),
    -- Only printable ASCII: all mail servers accept it, and lower() has the same result on every engine.
    CONSTRAINT users_email_check CHECK (length(email) BETWEEN 3 AND 254 AND email NOT GLOB '*[^!-~]*'),
    CONSTRAINT users_age_check CHECK (age BETWEEN 0 AND 150),
    -- Prepaid: a balance is never negative.
    CONSTRAINT users_balance_check CHECK (
        balance >= 0 AND balance < 100000000 AND balance = round(balance, 2)
    ),
    CONSTRAINT users_role_check CHECK (role IN ('admin', 'user', 'guest'))
);

-- For filters.between and the other filters on age.
CREATE INDEX users_age_idx ON users (age);

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


-- Blog ----------------------------------------------------------------------------------------------

CREATE TABLE blog_posts (
    id integer NOT NULL CONSTRAINT blog_posts_pkey PRIMARY KEY AUTOINCREMENT,
    user_id integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    CONSTRAINT blog_posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT blog_posts_title_check CHECK (length(title) BETWEEN 1 AND 200)
);

-- For blog_posts.of_user, users.with_posts and the cascade from users.
CREATE INDEX blog_posts_user_id_idx ON blog_posts (user_id);

CREATE TABLE comments (
    id integer NOT NULL CONSTRAINT comments_pkey PRIMARY KEY AUTOINCREMENT,
    blog_post_id integer NOT NULL,
    user_id integer NOT NULL,
    -- The comment that this comment answers.  NULL: this comment answers the post.
    parent_id integer NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    -- For comments.of_post, and as the target of comments_parent_id_fkey.
    CONSTRAINT comments_blog_post_id_id_key UNIQUE (blog_post_id, id),
    CONSTRAINT comments_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- Both columns: an answer belongs to the same post as the comment that it answers.
    CONSTRAINT comments_parent_id_fkey
    FOREIGN KEY (blog_post_id, parent_id) REFERENCES comments (blog_post_id, id) ON DELETE CASCADE,
    CONSTRAINT comments_body_check CHECK (length(body) >= 1)
);

-- For comments.thread and the cascades from blog_posts and comments.
CREATE INDEX comments_blog_post_id_parent_id_idx ON comments (blog_post_id, parent_id);

-- For comments.of_user and the cascade from users.
CREATE INDEX comments_user_id_idx ON comments (user_id);

CREATE TABLE tags (
    id integer NOT NULL CONSTRAINT tags_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    -- For tags.get_or_create and tags.by_name.
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_name_check CHECK (length(name) BETWEEN 1 AND 50)
);

CREATE TABLE blog_post_tag_association (
    blog_post_id integer NOT NULL,
    tag_id integer NOT NULL,
    CONSTRAINT blog_post_tag_association_pkey PRIMARY KEY (blog_post_id, tag_id),
    CONSTRAINT blog_post_tag_association_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT blog_post_tag_association_tag_id_fkey
    FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) WITHOUT ROWID;

-- For blog_posts.tagged and the cascade from tags.
CREATE INDEX blog_post_tag_association_tag_id_idx ON blog_post_tag_association (tag_id);


-- Messages ------------------------------------------------------------------------------------------

CREATE TABLE message_type_lookup (
    id integer NOT NULL,
    name text NOT NULL,
    CONSTRAINT message_type_lookup_pkey PRIMARY KEY (id),
    -- For message_type_lookup.by_name.
    CONSTRAINT message_type_lookup_name_key UNIQUE (name)
);

-- These rows are part of the schema, because applications use their names.
INSERT INTO message_type_lookup (id, name)
VALUES
(1, 'Global'),
(2, 'Personal');

CREATE TABLE messages (
    id integer NOT NULL CONSTRAINT messages_pkey PRIMARY KEY AUTOINCREMENT,
    message_type_id integer NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    CONSTRAINT messages_message_type_id_fkey
    FOREIGN KEY (message_type_id) REFERENCES message_type_lookup (id) ON DELETE RESTRICT,
    CONSTRAINT messages_subject_check CHECK (length(subject) BETWEEN 1 AND 200)
);

-- For messages.of_type.
CREATE INDEX messages_message_type_id_idx ON messages (message_type_id);

-- A message delivered to a user.
CREATE TABLE user_message_association (
    user_id integer NOT NULL,
    message_id integer NOT NULL,
    -- NULL: not read yet.
    read_at timestamptz NULL
    CHECK (
        datetime(substr(read_at, 1, 19), '+0 days') IS substr(read_at, 1, 19)
        AND substr(read_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    CONSTRAINT user_message_association_pkey PRIMARY KEY (user_id, message_id),
    CONSTRAINT user_message_association_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_message_association_message_id_fkey
    FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE CASCADE
) WITHOUT ROWID;

-- For users.recipients_of and the cascade from messages.
CREATE INDEX user_message_association_message_id_idx ON user_message_association (message_id);


-- School --------------------------------------------------------------------------------------------

CREATE TABLE students (
    id integer NOT NULL CONSTRAINT students_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    CONSTRAINT students_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

-- For students.first_by_name.  Two students may have the same name.
CREATE INDEX students_name_idx ON students (name);

CREATE TABLE activities (
    id integer NOT NULL CONSTRAINT activities_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    -- For activities.get_or_create.
    CONSTRAINT activities_name_key UNIQUE (name),
    CONSTRAINT activities_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

CREATE TABLE enrollments (
    student_id integer NOT NULL,
    activity_id integer NOT NULL,
    start_date date NOT NULL CHECK (start_date IS date(start_date, '+0 days')),
    -- NULL: the student still takes part.
    end_date date NULL CHECK (end_date IS date(end_date, '+0 days')),
    CONSTRAINT enrollments_pkey PRIMARY KEY (student_id, activity_id),
    -- Deleting a student also deletes the student's enrollments.
    CONSTRAINT enrollments_student_id_fkey
    FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE,
    -- An activity with enrollments cannot be deleted: certificates refer to it.
    CONSTRAINT enrollments_activity_id_fkey
    FOREIGN KEY (activity_id) REFERENCES activities (id) ON DELETE RESTRICT,
    CONSTRAINT enrollments_end_date_check CHECK (end_date >= start_date)
) WITHOUT ROWID;

-- For students.in_activity and reports.enrollments.by_month.
CREATE INDEX enrollments_activity_id_idx ON enrollments (activity_id);


-- Company -------------------------------------------------------------------------------------------

CREATE TABLE departments (
    id integer NOT NULL CONSTRAINT departments_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    -- For departments.get_or_create.
    CONSTRAINT departments_name_key UNIQUE (name),
    CONSTRAINT departments_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

CREATE TABLE employees (
    id integer NOT NULL CONSTRAINT employees_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    -- The day in UTC.
    hired_on date NOT NULL DEFAULT CURRENT_DATE CHECK (hired_on IS date(hired_on, '+0 days')),
    CONSTRAINT employees_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

-- For employees.first_by_name.
CREATE INDEX employees_name_idx ON employees (name);

CREATE TABLE department_employee_association (
    department_id integer NOT NULL,
    employee_id integer NOT NULL,
    -- What the employee does in this department.
    job_title text NOT NULL,
    CONSTRAINT department_employee_association_pkey PRIMARY KEY (department_id, employee_id),
    CONSTRAINT department_employee_association_department_id_fkey
    FOREIGN KEY (department_id) REFERENCES departments (id) ON DELETE CASCADE,
    CONSTRAINT department_employee_association_employee_id_fkey
    FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
    CONSTRAINT department_employee_association_job_title_check
    CHECK (length(job_title) BETWEEN 1 AND 100)
) WITHOUT ROWID;

-- For departments.of_employee and the cascade from employees.
CREATE INDEX department_employee_association_employee_id_idx
ON department_employee_association (employee_id);


-- Family --------------------------------------------------------------------------------------------

CREATE TABLE parents (
    id integer NOT NULL CONSTRAINT parents_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    CONSTRAINT parents_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

-- For parents.first_by_name.
CREATE INDEX parents_name_idx ON parents (name);

CREATE TABLE children (
    id integer NOT NULL CONSTRAINT children_pkey PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    CONSTRAINT children_name_check CHECK (length(name) BETWEEN 1 AND 100)
);

-- For children.first_by_name.
CREATE INDEX children_name_idx ON children (name);

-- The kind belongs to the pair: a person may be a biological parent of one child and a step-parent of another.
CREATE TABLE parent_child_association (
    parent_id integer NOT NULL,
    child_id integer NOT NULL,
    kind text NOT NULL,
    CONSTRAINT parent_child_association_pkey PRIMARY KEY (parent_id, child_id),
    CONSTRAINT parent_child_association_parent_id_fkey
    FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
    CONSTRAINT parent_child_association_child_id_fkey
    FOREIGN KEY (child_id) REFERENCES children (id) ON DELETE CASCADE,
    CONSTRAINT parent_child_association_kind_check CHECK (kind IN ('biological', 'step'))
) WITHOUT ROWID;

-- For parents.of_child and the cascade from children.
CREATE INDEX parent_child_association_child_id_idx ON parent_child_association (child_id);


-- Library -------------------------------------------------------------------------------------------

CREATE TABLE books (
    id integer NOT NULL CONSTRAINT books_pkey PRIMARY KEY AUTOINCREMENT,
    title text NOT NULL,
    author text NOT NULL,
    pages integer NOT NULL CHECK (typeof(pages) = 'integer'),
    available boolean NOT NULL DEFAULT TRUE CHECK (available IN (FALSE, TRUE)),
    -- For books.upsert.  The author first: it serves books.by_author too.
    CONSTRAINT books_author_title_key UNIQUE (author, title),
    CONSTRAINT books_title_check CHECK (length(title) BETWEEN 1 AND 200),
    CONSTRAINT books_author_check CHECK (length(author) BETWEEN 1 AND 200),
    CONSTRAINT books_pages_check CHECK (pages > 0)
);


-- Garage --------------------------------------------------------------------------------------------

CREATE TABLE cars (
    id integer NOT NULL CONSTRAINT cars_pkey PRIMARY KEY AUTOINCREMENT,
    brand text NOT NULL,
    model text NOT NULL,
    CONSTRAINT cars_brand_check CHECK (length(brand) BETWEEN 1 AND 50),
    CONSTRAINT cars_model_check CHECK (length(model) BETWEEN 1 AND 50)
);

-- For cars.of_brand and cars.first_of_brand.
CREATE INDEX cars_brand_idx ON cars (brand);


-- Inventory -----------------------------------------------------------------------------------------

CREATE TABLE products (
    id integer NOT NULL CONSTRAINT products_pkey PRIMARY KEY AUTOINCREMENT,
    sku text NOT NULL,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL,
    stock integer NOT NULL DEFAULT 0 CHECK (typeof(stock) = 'integer'),
    active boolean NOT NULL DEFAULT TRUE CHECK (active IN (FALSE, TRUE)),
    created_at timestamptz NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000+00:00')
    CHECK (
        datetime(substr(created_at, 1, 19), '+0 days') IS substr(created_at, 1, 19)
        AND substr(created_at, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]+00:00'
    ),
    -- For products.by_sku, products.upsert and products.bulk_set_price.
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_sku_check CHECK (length(sku) BETWEEN 1 AND 50),
    CONSTRAINT products_name_check CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT products_price_check CHECK (
        price >= 0 AND price < 100000000 AND price = round(price, 2)
    ),
    -- The stock is never negative: products.adjust_stock relies on this.
    CONSTRAINT products_stock_check CHECK (stock >= 0)
);
