-- What each table and column is for: docs/keys.md.

-- That somebody was told of the end of a certificate: once for each step, whatever process of the node noticed first.
create table certificate_warning (
  fingerprint text not null,
  use text not null,
  -- Told when so many days were left, or fewer.
  within int not null,
  told_at timestamptz not null,
  primary key (fingerprint, use, within)
);
