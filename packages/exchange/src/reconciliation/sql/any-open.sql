select exists (
  select from reconciliation where state in ('wanted', 'asked') or repair in ('wanted', 'ordered')
) as open
