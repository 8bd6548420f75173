-- Writer: profile. One row for each direction. State: 1 requested (user_id asked), 2 pending (other asked), 3 accepted.
CREATE TABLE contacts (
    user_id bigint NOT NULL,
    other bigint NOT NULL,
    state smallint NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (user_id, other)
);

-- Writer: message, through the shard of the conversation of the two, which need not have begun.
CREATE TABLE blocks (
    user_id bigint NOT NULL,
    blocked bigint NOT NULL,
    conversation uuid NOT NULL,
    since bigint NOT NULL,
    PRIMARY KEY (user_id, blocked)
);
CREATE INDEX blocks_of_conversation ON blocks (conversation);

-- Writer: message. Counts the changes of a shard that take no seq (blocks): a commit made from an older count is refused, as an outdated place is by
-- the primary key of messages.
CREATE TABLE shard_changes (shard integer PRIMARY KEY, revision bigint NOT NULL);
