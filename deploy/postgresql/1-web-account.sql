-- The account of the web processes and the worker; its password stands in WEB_PASSWORD. Run by the administrator.
\getenv password WEB_PASSWORD
CREATE ROLE partners_web LOGIN PASSWORD :'password';
