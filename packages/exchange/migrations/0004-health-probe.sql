-- One row that /health writes: only a commit proves that the database can take one.
create table health_probe (
  one boolean primary key default true check (one),
  written_at timestamptz not null
);
