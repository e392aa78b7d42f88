// A border database of before, on which the program is updated while objects lie there.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { connect, migrate } from '@corridor/database'
import { testServer } from '@corridor/database/testing'
import { createBorderDatabase, openBorderDatabase, prepareBorderDatabase } from '../src/index.ts'
import { iq, jo, object, sy } from './border.ts'

const migrations = new URL('../src/border-database/migrations/', import.meta.url)

test('the room of each pair begins with what lies there for it', async () => {
  const administrator = await testServer()
  const database = `test_border_${randomBytes(5).toString('hex')}`
  const ownerPassword = randomBytes(18).toString('base64url')
  const ownerUrl = await createBorderDatabase(administrator, { database, owner: database, ownerPassword })
  const folder = join(await mkdtemp(join(tmpdir(), 'corridor-')), 'before')
  await mkdir(folder)
  for (const each of (await readdir(migrations)).filter((name) => name < '0004'))
    await cp(new URL(each, migrations), join(folder, each))
  const owner = connect(ownerUrl, { max: 2 })
  const roles: string[] = []
  try {
    await migrate(owner, [{ room: 'border', directory: pathToFileURL(`${folder}/`) }])
    await owner.query(`insert into border.member (party, role) values ('${sy}', 'a'), ('${jo}', 'b'), ('${iq}', 'c')`)
    await owner.query(`insert into border.put_total values ('${sy}', 7, 700), ('${jo}', 0, 0), ('${iq}', 0, 0)`)
    await owner.query(`insert into border.settled_total values ('${sy}', '${jo}', 4, 400)`)
    await owner.query('alter table border.object disable trigger on_put')
    await owner.query(
      `insert into border.object (number, sender, id, addressee, kind, expires_at, bytes, size, digest, put_at)
       select nextval('border.object_number'), '${sy}', n::text, case when n < 3 then '${jo}' else '${iq}' end, 'message', now() + interval '1 day',
         decode(repeat('00', 100), 'hex'), 100, sha256('x'), now() from generate_series(1, 3) n`,
    )
    await owner.query('alter table border.object enable trigger on_put')
    // The roles of the members are made with the update.
    await owner.query('update border.member set removed_at = now()')
    const report = await prepareBorderDatabase(ownerUrl, {
      members: [sy, jo, iq],
      limits: { waitingObjects: 3 },
    })
    roles.push(...report.members.map(({ role }) => role))
    assert.equal(report.migrations, (await readdir(migrations)).length - 3)
    await owner.query(
      'update border.member m set role = r.role from unnest($1::text[], $2::text[]) r (party, role) where m.party = r.party',
      [report.members.map(({ party }) => party), roles],
    )
    const pairs = await owner.query('select addressee, objects, bytes from border.put_pair order by addressee')
    assert.deepEqual(pairs, [
      { addressee: iq, objects: 1, bytes: 100 },
      { addressee: jo, objects: 6, bytes: 600 },
    ])
    const from = openBorderDatabase({ url: report.members.find(({ party }) => party === sy)!.url!, party: sy })
    try {
      // Two lie there for JO, one for IQ; three of each are allowed.
      assert.equal(await from.put(object()), 'put')
      await assert.rejects(from.put(object()), /border\.full/)
      for (let at = 0; at < 2; at++) assert.equal(await from.put(object({ addressee: iq })), 'put')
      await assert.rejects(from.put(object({ addressee: iq })), /border\.full/)
    } finally {
      await from.close()
    }
  } finally {
    await owner.close()
    await rm(join(folder, '..'), { recursive: true })
    const admin = connect(administrator, { max: 1 })
    await admin.query(`drop database ${database} with (force)`)
    for (const role of roles) await admin.query(`drop role if exists "${role}"`)
    await admin.query(`drop role "border_door_${createHash('md5').update(database).digest('hex').slice(0, 8)}"`)
    await admin.query(`drop owned by ${database}`)
    await admin.query(`drop role ${database}`)
    await admin.close()
  }
})
