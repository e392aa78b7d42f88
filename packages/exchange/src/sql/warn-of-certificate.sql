insert into certificate_warning (fingerprint, use, within, told_at)
values ($1, $2, $3, $4)
on conflict do nothing
returning within
