-- The two roles of an installation and its database. Run as a superuser, once or again: what exists is left as it is.
--   OPORA_OWNER_PASSWORD=... OPORA_APP_PASSWORD=... psql -f roles.sql
-- opora_owner owns the schema and runs migrations; opora_app is what the application connects as, and what it may do
-- is granted by `manage.py grant_rights` after each migration.
\set ON_ERROR_STOP on
\getenv owner_password OPORA_OWNER_PASSWORD
\getenv app_password OPORA_APP_PASSWORD

SELECT format('CREATE ROLE opora_owner LOGIN CREATEDB PASSWORD %L', :'owner_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opora_owner') \gexec

SELECT format('CREATE ROLE opora_app LOGIN PASSWORD %L', :'app_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opora_app') \gexec

-- The owner can step into the application's role, to show in tests what that role may not do.
GRANT opora_app TO opora_owner;

-- C.UTF-8 and not the cluster's collation: trigrams of Cyrillic letters need it, and it is the same on every machine.
SELECT 'CREATE DATABASE opora OWNER opora_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'opora') \gexec

REVOKE ALL ON DATABASE opora FROM PUBLIC;
GRANT CONNECT ON DATABASE opora TO opora_app;
