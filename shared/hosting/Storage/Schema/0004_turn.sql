-- PostgreSQL lets nobody hold a row (SELECT … FOR UPDATE) who may change nothing in it. Session and profile hold accounts, so that changes about one user follow one
-- another, and may not change them: the right to change this column is all they have. It stays empty and says nothing.
ALTER TABLE accounts ADD COLUMN turn boolean CHECK (turn IS NULL);
