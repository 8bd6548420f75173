-- What the role of each service may do in PostgreSQL; what is not here it may not. Given anew by each `migrate --roles`, in one transaction with the schema.
-- No service may change or delete a message, see a password's hash but login, or make and change tables. Who takes away a right that the version before
-- uses does so one version later: both run side by side while services are rolled.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM im_gateway, im_admin, im_login, im_session, im_presence, im_message, im_profile;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM im_gateway, im_admin, im_login, im_session, im_presence, im_message, im_profile;

-- Each: what is fixed for life, whether the schema is its own, and the board of nodes.
GRANT SELECT ON settings, migrations TO im_gateway, im_admin, im_login, im_session, im_presence, im_message, im_profile;
GRANT SELECT, INSERT, DELETE, UPDATE (last_seen_at, connections, shards, ledger) ON nodes
    TO im_gateway, im_admin, im_login, im_session, im_presence, im_message, im_profile;

-- Checks sessions and reads what clients ask for. All that it changes goes through other services.
GRANT USAGE ON SEQUENCE connection_epochs TO im_gateway;
GRANT SELECT (session_key, token_hash, user_id, device_key, ended_at, expires_at) ON sessions TO im_gateway;
GRANT SELECT (device_key, device_id) ON devices TO im_gateway;
GRANT SELECT (user_id, username, disabled) ON accounts TO im_gateway;
GRANT SELECT (user_id, display_name) ON profiles TO im_gateway;
GRANT SELECT ON conversations, members, messages, cursors, marks, blocks, contacts TO im_gateway;

-- Looks up who waits for which message, never what it says.
GRANT SELECT (user_id) ON accounts TO im_admin;
GRANT SELECT (device_key, user_id, device_id, created_at) ON devices TO im_admin;
GRANT SELECT (user_id, device_key, ended_at, expires_at) ON sessions TO im_admin;
GRANT SELECT (conversation, seq, sender, client_key, client_id, type, time) ON messages TO im_admin;
GRANT SELECT ON members, cursors, marks, log_check, log_gaps TO im_admin;

-- Accounts and their passwords; the name to show from the registration.
GRANT SELECT, INSERT, UPDATE (password_hash, disabled) ON accounts TO im_login;
GRANT SELECT (user_id, display_name), INSERT (user_id, display_name) ON profiles TO im_login;

-- Sessions and devices; where a new device begins. The hash of a session's id it writes and never reads.
GRANT SELECT (user_id, disabled), UPDATE (turn) ON accounts TO im_session;
GRANT SELECT, INSERT, UPDATE (name, platform) ON devices TO im_session;
GRANT SELECT (session_key, user_id, device_key, created_at, last_seen_at, expires_at, ended_at), INSERT, UPDATE (last_seen_at, expires_at, ended_at)
    ON sessions TO im_session;
GRANT SELECT (user_id, conversation, delivered) ON marks TO im_session;
GRANT INSERT ON cursors TO im_session;

GRANT SELECT, INSERT, UPDATE (seen_at) ON last_seen TO im_presence;

-- The log and what belongs to it. A message is written once.
GRANT SELECT (user_id) ON accounts TO im_message;
GRANT SELECT, INSERT, UPDATE (title, owner) ON conversations TO im_message;
GRANT SELECT, INSERT, UPDATE (from_seq, removed_seq, place) ON members TO im_message;
GRANT SELECT, INSERT ON messages TO im_message;
GRANT SELECT, INSERT, UPDATE (seq) ON cursors TO im_message;
GRANT SELECT, INSERT, UPDATE (delivered, read) ON marks TO im_message;
GRANT SELECT, INSERT, DELETE ON blocks TO im_message;
GRANT SELECT, INSERT, UPDATE (revision) ON shard_changes TO im_message;
GRANT SELECT, UPDATE (owner, owned_until, walk, finished) ON log_check TO im_message;
GRANT SELECT, INSERT, UPDATE (until, round), DELETE ON log_gaps TO im_message;

-- Profiles and contacts.
GRANT SELECT (user_id, username, username_key), UPDATE (turn) ON accounts TO im_profile;
GRANT SELECT, INSERT, UPDATE (display_name, bio, avatar_url) ON profiles TO im_profile;
GRANT SELECT, INSERT, UPDATE (state, since), DELETE ON contacts TO im_profile;
GRANT SELECT (user_id, blocked) ON blocks TO im_profile;
