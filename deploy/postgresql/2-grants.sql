-- What partners_web may: rows, of the tables there are and of those that later migrations make. Run by the owner of the
-- tables, in the site's database, before or after the first migration.
GRANT USAGE ON SCHEMA public TO partners_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO partners_web;
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO partners_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO partners_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO partners_web;
