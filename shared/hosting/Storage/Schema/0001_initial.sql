-- One schema for PostgreSQL and SQLite. Each table has one writer, named in the comment; anybody may read.

-- Facts fixed at the first start: number of shards, id of the log.
CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);

-- Writer: login.
CREATE TABLE accounts (
    user_id bigint PRIMARY KEY,
    username text NOT NULL,
    username_key text NOT NULL UNIQUE,
    password_hash text,
    disabled boolean NOT NULL,
    created_at bigint NOT NULL
);

-- Writer: profile; only the first row, with the name given at registration, comes from login, in the same commit as the account.
-- A user without a row has his name as display name.
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY,
    display_name text NOT NULL,
    bio text,
    avatar_url text
);

-- Writer: session.
CREATE TABLE devices (
    device_key bigint PRIMARY KEY,
    user_id bigint NOT NULL,
    device_id text NOT NULL,
    name text,
    platform text,
    created_at bigint NOT NULL,
    UNIQUE (user_id, device_id)
);

-- Writer: session. Only the hash of the secret id is kept.
CREATE TABLE sessions (
    session_key bigint PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE,
    user_id bigint NOT NULL,
    device_key bigint NOT NULL,
    created_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ended_at bigint
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Writer: presence.
CREATE TABLE last_seen (user_id bigint PRIMARY KEY, seen_at bigint NOT NULL);

-- Writer: every node, its own row.
CREATE TABLE nodes (
    boot text PRIMARY KEY,
    name text NOT NULL,
    services text NOT NULL,
    started_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    connections integer,
    shards text,
    url text,
    version text NOT NULL
);

-- Writer: message, here and below. Kind: 1 direct, 2 group.
CREATE TABLE conversations (
    conversation uuid PRIMARY KEY,
    kind smallint NOT NULL,
    title text,
    owner bigint,
    created_at bigint NOT NULL
);

-- Who may see what: from from_seq on, up to removed_seq (that one excluded). place: order of joining, the oldest inherits a group.
CREATE TABLE members (
    conversation uuid NOT NULL,
    user_id bigint NOT NULL,
    from_seq bigint NOT NULL,
    removed_seq bigint,
    place bigint NOT NULL,
    PRIMARY KEY (conversation, user_id)
);
CREATE INDEX members_of_user ON members (user_id);

-- The log. client_key is the client's id where it is a UUID, else a hash of it; client_id only where it is not a UUID.
-- type is NULL for text/plain.
CREATE TABLE messages (
    conversation uuid NOT NULL,
    seq bigint NOT NULL,
    sender bigint NOT NULL,
    client_key uuid NOT NULL,
    client_id text,
    type text,
    body text NOT NULL,
    time bigint NOT NULL,
    PRIMARY KEY (conversation, seq)
);
CREATE UNIQUE INDEX messages_once ON messages (sender, client_key);

-- Highest seq that a device acknowledged. No row: the device holds nothing of the conversation.
-- One exception to the writer: session fixes the cursors of a new device, in the same commit as the device.
CREATE TABLE cursors (
    device_key bigint NOT NULL,
    conversation uuid NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (device_key, conversation)
);

-- Highest seq delivered to any device of the user, and read by the user.
CREATE TABLE marks (
    user_id bigint NOT NULL,
    conversation uuid NOT NULL,
    delivered bigint NOT NULL,
    read bigint NOT NULL,
    PRIMARY KEY (user_id, conversation)
);
