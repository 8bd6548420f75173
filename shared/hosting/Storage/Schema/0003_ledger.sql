-- What the node counted since it started, as JSON; see NodeLedger.
ALTER TABLE nodes ADD COLUMN ledger text;

-- Writer: message. One row: who checks the log now and until when, how far he is, and what the last whole round found. walk and finished are JSON.
CREATE TABLE log_check (
    id integer PRIMARY KEY,
    owner text,
    owned_until bigint NOT NULL,
    walk text,
    finished text
);
INSERT INTO log_check (id, owned_until) VALUES (1, 0);

-- Writer: message. Places that the log should have and has not, from seq to until; gone again once a whole round did not find them.
CREATE TABLE log_gaps (
    conversation uuid NOT NULL,
    seq bigint NOT NULL,
    until bigint NOT NULL,
    found_at bigint NOT NULL,
    round bigint NOT NULL,
    PRIMARY KEY (conversation, seq)
);
