-- The sample's schema for MariaDB 10.11 and newer.  The other engines have schema.sql (SQLite) and
-- sql/postgresql/schema.sql, with the same tables, columns, nullability, keys and constraint names.
--
--     mariadb blog < sql/mariadb/schema.sql
--
-- Text is utf8mb4_nopad_bin: it compares and sorts by code point and counts trailing spaces, as on the
-- other engines.  A named CHECK limits its length, because the limit of a varchar silently drops trailing spaces.
--
-- An instant is a datetime(6) in UTC, in every time zone of a session.  The type timestamp ends in 2038.
--
-- A CHECK without a name, beside its column, completes a type: boolean is only a tinyint here.
--
-- MariaDB calls every primary key PRIMARY; the names given here are for the reader.


-- Accounts ------------------------------------------------------------------------------------------

CREATE TABLE users (
    id bigint NOT NULL AUTO_INCREMENT,
    username varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    age integer NULL,
    rating double NULL,
    balance decimal(10, 2) NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE CHECK (active IN (FALSE, TRUE)),
    role varchar(255) NOT NULL DEFAULT 'user',
    -- The user's key at the identity provider.  NULL: the user signs in here.
    external_id uuid NULL,
    created_at datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    -- For users.by_username and users.upsert.
    CONSTRAINT users_username_key UNIQUE (username),
    -- For users.by_email.
    CONSTRAINT users_email_key UNIQUE (email),
    -- For users.by_external_id.
    CONSTRAINT users_external_id_key UNIQUE (external_id),
    CONSTRAINT users_username_check CHECK (char_length(username) BETWEEN 1 AND 50),
    -- Only printable ASCII: all mail servers accept it, and lower() has the same result on every engine.
    CONSTRAINT users_email_check CHECK (char_length(email) BETWEEN 3 AND 254 AND email NOT REGEXP '[^!-~]'),
    CONSTRAINT users_age_check CHECK (age BETWEEN 0 AND 150),
    -- Prepaid: a balance is never negative.
    CONSTRAINT users_balance_check CHECK (balance >= 0),
    CONSTRAINT users_role_check CHECK (role IN ('admin', 'user', 'guest'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For filters.between and the other filters on age.
CREATE INDEX users_age_idx ON users (age);

-- At most one profile for each user: the key of the user is also its key.
CREATE TABLE profiles (
    user_id bigint NOT NULL,
    bio mediumtext NULL,
    avatar mediumblob NULL,
    born_on date NULL,
    -- The time in UTC at which the daily digest is sent.
    digest_at time(6) NULL,
    settings json NOT NULL DEFAULT '{}',
    CONSTRAINT profiles_pkey PRIMARY KEY (user_id),
    CONSTRAINT profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- At most 1 MiB: store a larger picture as a file.
    CONSTRAINT profiles_avatar_check CHECK (octet_length(avatar) <= 1048576),
    CONSTRAINT profiles_settings_check CHECK (json_type(settings) = 'OBJECT')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;


-- Blog ----------------------------------------------------------------------------------------------

CREATE TABLE blog_posts (
    id bigint NOT NULL AUTO_INCREMENT,
    user_id bigint NOT NULL,
    title varchar(255) NOT NULL,
    body mediumtext NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
    CONSTRAINT blog_posts_pkey PRIMARY KEY (id),
    CONSTRAINT blog_posts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT blog_posts_title_check CHECK (char_length(title) BETWEEN 1 AND 200)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For blog_posts.of_user, users.with_posts and the cascade from users.
CREATE INDEX blog_posts_user_id_idx ON blog_posts (user_id);

CREATE TABLE comments (
    id bigint NOT NULL AUTO_INCREMENT,
    blog_post_id bigint NOT NULL,
    user_id bigint NOT NULL,
    -- The comment that this comment answers.  NULL: this comment answers the post.
    parent_id bigint NULL,
    body mediumtext NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
    CONSTRAINT comments_pkey PRIMARY KEY (id),
    -- For comments.of_post, and as the target of comments_parent_id_fkey.
    CONSTRAINT comments_blog_post_id_id_key UNIQUE (blog_post_id, id),
    CONSTRAINT comments_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT comments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    -- Both columns: an answer belongs to the same post as the comment that it answers.  InnoDB follows
    -- a cascade only fifteen levels deep: in a deeper thread, delete the last answers first.
    CONSTRAINT comments_parent_id_fkey
    FOREIGN KEY (blog_post_id, parent_id) REFERENCES comments (blog_post_id, id) ON DELETE CASCADE,
    CONSTRAINT comments_body_check CHECK (char_length(body) >= 1)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For comments.thread and the cascades from blog_posts and comments.
CREATE INDEX comments_blog_post_id_parent_id_idx ON comments (blog_post_id, parent_id);

-- For comments.of_user and the cascade from users.
CREATE INDEX comments_user_id_idx ON comments (user_id);

CREATE TABLE tags (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT tags_pkey PRIMARY KEY (id),
    -- For tags.get_or_create and tags.by_name.
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_name_check CHECK (char_length(name) BETWEEN 1 AND 50)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE TABLE blog_post_tag_association (
    blog_post_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    CONSTRAINT blog_post_tag_association_pkey PRIMARY KEY (blog_post_id, tag_id),
    CONSTRAINT blog_post_tag_association_blog_post_id_fkey
    FOREIGN KEY (blog_post_id) REFERENCES blog_posts (id) ON DELETE CASCADE,
    CONSTRAINT blog_post_tag_association_tag_id_fkey
    FOREIGN KEY (tag_id) REFERENCES tags (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For blog_posts.tagged and the cascade from tags.
CREATE INDEX blog_post_tag_association_tag_id_idx ON blog_post_tag_association (tag_id);


-- Messages ------------------------------------------------------------------------------------------

CREATE TABLE message_type_lookup (
    id smallint NOT NULL,
    name varchar(255) NOT NULL,
    CONSTRAINT message_type_lookup_pkey PRIMARY KEY (id),
    -- For message_type_lookup.by_name.
    CONSTRAINT message_type_lookup_name_key UNIQUE (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- These rows are part of the schema, because applications use their names.
INSERT INTO message_type_lookup (id, name)
VALUES
(1, 'Global'),
(2, 'Personal');

CREATE TABLE messages (
    id bigint NOT NULL AUTO_INCREMENT,
    message_type_id smallint NOT NULL,
    subject varchar(255) NOT NULL,
    body mediumtext NOT NULL,
    created_at datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
    CONSTRAINT messages_pkey PRIMARY KEY (id),
    CONSTRAINT messages_message_type_id_fkey
    FOREIGN KEY (message_type_id) REFERENCES message_type_lookup (id) ON DELETE RESTRICT,
    CONSTRAINT messages_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For messages.of_type.
CREATE INDEX messages_message_type_id_idx ON messages (message_type_id);

-- A message delivered to a user.
CREATE TABLE user_message_association (
    user_id bigint NOT NULL,
    message_id bigint NOT NULL,
    -- NULL: not read yet.
    read_at datetime(6) NULL,
    CONSTRAINT user_message_association_pkey PRIMARY KEY (user_id, message_id),
    CONSTRAINT user_message_association_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_message_association_message_id_fkey
    FOREIGN KEY (message_id) REFERENCES messages (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For users.recipients_of and the cascade from messages.
CREATE INDEX user_message_association_message_id_idx ON user_message_association (message_id);


-- School --------------------------------------------------------------------------------------------

CREATE TABLE students (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT students_pkey PRIMARY KEY (id),
    CONSTRAINT students_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For students.first_by_name.  Two students may have the same name.
CREATE INDEX students_name_idx ON students (name);

CREATE TABLE activities (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (id),
    -- For activities.get_or_create.
    CONSTRAINT activities_name_key UNIQUE (name),
    CONSTRAINT activities_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE TABLE enrollments (
    student_id bigint NOT NULL,
    activity_id bigint NOT NULL,
    start_date date NOT NULL,
    -- NULL: the student still takes part.
    end_date date NULL,
    CONSTRAINT enrollments_pkey PRIMARY KEY (student_id, activity_id),
    -- Deleting a student also deletes the student's enrollments.
    CONSTRAINT enrollments_student_id_fkey
    FOREIGN KEY (student_id) REFERENCES students (id) ON DELETE CASCADE,
    -- An activity with enrollments cannot be deleted: certificates refer to it.
    CONSTRAINT enrollments_activity_id_fkey
    FOREIGN KEY (activity_id) REFERENCES activities (id) ON DELETE RESTRICT,
    CONSTRAINT enrollments_end_date_check CHECK (end_date >= start_date)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For students.in_activity and reports.enrollments.by_month.
CREATE INDEX enrollments_activity_id_idx ON enrollments (activity_id);


-- Company -------------------------------------------------------------------------------------------

CREATE TABLE departments (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT departments_pkey PRIMARY KEY (id),
    -- For departments.get_or_create.
    CONSTRAINT departments_name_key UNIQUE (name),
    CONSTRAINT departments_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

CREATE TABLE employees (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    -- The day in UTC.
    hired_on date NOT NULL DEFAULT (utc_date()),
    CONSTRAINT employees_pkey PRIMARY KEY (id),
    CONSTRAINT employees_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For employees.first_by_name.
CREATE INDEX employees_name_idx ON employees (name);

CREATE TABLE department_employee_association (
    department_id bigint NOT NULL,
    employee_id bigint NOT NULL,
    -- What the employee does in this department.
    job_title varchar(255) NOT NULL,
    CONSTRAINT department_employee_association_pkey PRIMARY KEY (department_id, employee_id),
    CONSTRAINT department_employee_association_department_id_fkey
    FOREIGN KEY (department_id) REFERENCES departments (id) ON DELETE CASCADE,
    CONSTRAINT department_employee_association_employee_id_fkey
    FOREIGN KEY (employee_id) REFERENCES employees (id) ON DELETE CASCADE,
    CONSTRAINT department_employee_association_job_title_check
    CHECK (char_length(job_title) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For departments.of_employee and the cascade from employees.
CREATE INDEX department_employee_association_employee_id_idx
ON department_employee_association (employee_id);


-- Family --------------------------------------------------------------------------------------------

CREATE TABLE parents (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT parents_pkey PRIMARY KEY (id),
    CONSTRAINT parents_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For parents.first_by_name.
CREATE INDEX parents_name_idx ON parents (name);

CREATE TABLE children (
    id bigint NOT NULL AUTO_INCREMENT,
    name varchar(255) NOT NULL,
    CONSTRAINT children_pkey PRIMARY KEY (id),
    CONSTRAINT children_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For children.first_by_name.
CREATE INDEX children_name_idx ON children (name);

-- The kind belongs to the pair: a person may be a biological parent of one child and a step-parent of another.
CREATE TABLE parent_child_association (
    parent_id bigint NOT NULL,
    child_id bigint NOT NULL,
    kind varchar(255) NOT NULL,
    CONSTRAINT parent_child_association_pkey PRIMARY KEY (parent_id, child_id),
    CONSTRAINT parent_child_association_parent_id_fkey
    FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
    CONSTRAINT parent_child_association_child_id_fkey
    FOREIGN KEY (child_id) REFERENCES children (id) ON DELETE CASCADE,
    CONSTRAINT parent_child_association_kind_check CHECK (kind IN ('biological', 'step'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For parents.of_child and the cascade from children.
CREATE INDEX parent_child_association_child_id_idx ON parent_child_association (child_id);


-- Library -------------------------------------------------------------------------------------------

CREATE TABLE books (
    id bigint NOT NULL AUTO_INCREMENT,
    title varchar(255) NOT NULL,
    author varchar(255) NOT NULL,
    pages integer NOT NULL,
    available boolean NOT NULL DEFAULT TRUE CHECK (available IN (FALSE, TRUE)),
    CONSTRAINT books_pkey PRIMARY KEY (id),
    -- For books.upsert.  The author first: it serves books.by_author too.
    CONSTRAINT books_author_title_key UNIQUE (author, title),
    CONSTRAINT books_title_check CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT books_author_check CHECK (char_length(author) BETWEEN 1 AND 200),
    CONSTRAINT books_pages_check CHECK (pages > 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;


-- Garage --------------------------------------------------------------------------------------------

CREATE TABLE cars (
    id bigint NOT NULL AUTO_INCREMENT,
    brand varchar(255) NOT NULL,
    model varchar(255) NOT NULL,
    CONSTRAINT cars_pkey PRIMARY KEY (id),
    CONSTRAINT cars_brand_check CHECK (char_length(brand) BETWEEN 1 AND 50),
    CONSTRAINT cars_model_check CHECK (char_length(model) BETWEEN 1 AND 50)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;

-- For cars.of_brand and cars.first_of_brand.
CREATE INDEX cars_brand_idx ON cars (brand);


-- Inventory -----------------------------------------------------------------------------------------

CREATE TABLE products (
    id bigint NOT NULL AUTO_INCREMENT,
    sku varchar(255) NOT NULL,
    name varchar(255) NOT NULL,
    price decimal(10, 2) NOT NULL,
    stock integer NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE CHECK (active IN (FALSE, TRUE)),
    created_at datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
    CONSTRAINT products_pkey PRIMARY KEY (id),
    -- For products.by_sku, products.upsert and products.bulk_set_price.
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_sku_check CHECK (char_length(sku) BETWEEN 1 AND 50),
    CONSTRAINT products_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT products_price_check CHECK (price >= 0),
    -- The stock is never negative: products.adjust_stock relies on this.
    CONSTRAINT products_stock_check CHECK (stock >= 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
