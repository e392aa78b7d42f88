-- Receipts have room beside that of messages: without it two sides that have put as much as they may could neither of them give the receipts
-- that make room again. They are short, so that this room is not one for anything else.
create or replace function border.on_put() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  me text := border.party();
  allowed border.limits;
  lies_objects bigint;
  lies_bytes bigint;
  longest_receipt constant bigint := 65536;
  is_receipt boolean := new.kind = 'receipt';
begin
  -- In the name of another, or of nobody: row security refuses it next, and nothing of theirs may be touched before.
  if me is null or new.sender is distinct from me then
    return new;
  end if;
  select * into allowed from border.limits;
  new.size := octet_length(new.bytes);
  if is_receipt then
    allowed.object_bytes := least(allowed.object_bytes, longest_receipt);
    allowed.waiting_bytes := allowed.waiting_bytes + allowed.waiting_objects * longest_receipt;
    allowed.waiting_objects := 2 * allowed.waiting_objects;
  end if;
  if new.size > allowed.object_bytes then
    raise exception 'an object has % bytes; % are allowed here', new.size, allowed.object_bytes using errcode = 'CB001';
  end if;
  if new.expires_at < clock_timestamp() - allowed.grace
    or new.expires_at > clock_timestamp() + make_interval(days => allowed.longest_days) then
    raise exception 'it expires at %, and here it is %: not before now (less %), and not in more than % days',
      new.expires_at, clock_timestamp(), allowed.grace, allowed.longest_days using errcode = 'CB003';
  end if;
  if not exists (select from border.member m where m.party = new.addressee and m.removed_at is null) then
    raise exception '% is no member here', new.addressee using errcode = 'CB004';
  end if;
  update border.put_total t set objects = t.objects + 1, bytes = t.bytes + new.size
    where t.party = me returning t.objects, t.bytes into lies_objects, lies_bytes;
  -- Drawn under the lock of that row: what one sender puts is numbered in the order in which it is committed.
  new.number := nextval('border.object_number');
  new.digest := sha256(new.bytes);
  new.put_at := clock_timestamp();
  -- The same again goes on to the key, also where there is no room for more.
  if exists (select from border.object o where o.sender = me and o.id = new.id) then
    return new;
  end if;
  select lies_objects - coalesce(sum(s.objects), 0), lies_bytes - coalesce(sum(s.bytes), 0)
    into lies_objects, lies_bytes from border.settled_total s where s.sender = me;
  if lies_objects > allowed.waiting_objects or lies_bytes > allowed.waiting_bytes then
    raise exception 'too much of % lies here and is not taken: % objects, % bytes with this one; % and % are allowed',
      me, lies_objects, lies_bytes, allowed.waiting_objects, allowed.waiting_bytes using errcode = 'CB002';
  end if;
  insert into border.access_log (party, act, sender, id, addressee, kind, size)
    values (me, 'put', new.sender, new.id, new.addressee, new.kind, new.size);
  -- Without a word of what it is: who might listen learns nothing.
  perform pg_notify((select m.channel from border.member m where m.party = new.addressee), '');
  return new;
end $$;
