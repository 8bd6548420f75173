#!/bin/sh
# Run by the image when it makes the database: a role for each service. What they may do the Job "migrate" tells the database.
set -eu
for service in gateway admin login session presence message profile; do
  psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=secret="$(printenv "PASSWORD_$service")" <<SQL
CREATE ROLE im_$service LOGIN PASSWORD :'secret';
SQL
done
