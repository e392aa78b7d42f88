import { connect, createDatabase, type Tx } from '@corridor/database'
import { borderAddress } from './address.ts'
import { requireServer } from './owner.ts'

/** The database to be made and the role that owns it. */
export interface BorderDatabaseAccount {
  database: string
  owner: string
  ownerPassword: string
}

/**
 * What PostgreSQL lets everybody do in a new database and a member of a border database has no use for. Only a superuser can take it
 * away. `%owner%` keeps what he needs.
 */
const closing: readonly string[] = [
  // Large objects and temporary files would fill the disk past every limit; an advisory lock would keep migrations waiting for ever;
  // sizes and counters tell of what others do.
  `do $$ declare f regprocedure; begin
     for f in select p.oid::regprocedure from pg_proc p
       where p.pronamespace = 'pg_catalog'::regnamespace
         and p.proname ~ '^(lo_|loread$|lowrite$|pg_sleep|pg_(try_)?advisory_|pg_stat_get_|pg_[a-z_]*size$)'
         and has_function_privilege('public', p.oid, 'execute')
     loop
       execute format('revoke execute on function %s from public', f);
       execute format('grant execute on function %s to %I', f, '%owner%');
     end loop;
   end $$`,
  // Who else there is, and how much passes and lies here in all.
  `do $$ declare t regclass; begin
     for t in select c.oid::regclass from pg_class c
       where c.relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
         and c.relkind in ('r', 'v') and has_table_privilege('public', c.oid, 'select')
     loop
       execute format('revoke select on %s from public', t);
       execute format('grant select on %s to %I', t, '%owner%');
     end loop;
   end $$`,
  'grant set on parameter temp_file_limit to "%owner%"',
  // DO blocks: programs of a member's own.
  'revoke usage on language plpgsql from public',
  'grant usage on language plpgsql to "%owner%"',
]

/**
 * Makes an empty database for a border and the role that owns it, as a superuser, once. Whoever runs the border database works with the
 * role from then on. Idempotent; the role gets the given password.
 * @returns the URL of the owner
 * @throws BorderFault `border.bad-url`, `border.no-tls`, `border.server-too-old`; DatabaseFault as `createDatabase`
 */
export async function createBorderDatabase(
  administratorUrl: string,
  { database, owner, ownerPassword }: BorderDatabaseAccount,
): Promise<string> {
  const address = borderAddress(administratorUrl)
  await asAdministrator(address.href, requireServer)
  const url = await createDatabase(address.href, { database, user: owner, password: ownerPassword })
  const inside = new URL(address)
  inside.pathname = `/${database}`
  await asAdministrator(inside.href, async (admin) => {
    await admin.query(`alter role "${owner}" createrole`)
    for (const each of closing) await admin.query(each.replaceAll('%owner%', owner))
  })
  return url
}

async function asAdministrator(url: string, work: (admin: Tx) => Promise<void>): Promise<void> {
  const admin = connect(url, { max: 1, applicationName: 'corridor border create' })
  try {
    await admin.session(work)
  } finally {
    await admin.close()
  }
}
