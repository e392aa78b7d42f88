-- One row: what the other administration told of the import of an export of ours. Its declarant may see so much, and no value of the import.
create table import_abroad (
  declaration bigint primary key references declaration (id),
  state text not null check (state in ('lodged', 'registered', 'withdrawn')),
  day date not null
);
