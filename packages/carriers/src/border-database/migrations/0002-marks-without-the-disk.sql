-- The marks of one sender's objects are committed one after the other, and need not wait for the disk: after a crash the last ones are
-- shown again, and their addressee knows them. What is put does wait. The function stays the door's.
create or replace function border.mark(of_sender text, of_id text, as_what text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update border.object o set dealt_as = as_what where o.sender = of_sender and o.id = of_id and o.dealt_as is null;
  return found;
end $$;
