/**
 * A gateway that pumps one national system into a database, to be killed: `node pump-process.ts KIND WHERE FORM NODE-URL [TOKEN]`. It ends by itself
 * when nothing is left for a while.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { connect } from '@corridor/database'
import { loadDeclarations } from '@corridor/tables'
import {
  folderSystem,
  type Handed,
  type NationalSystem,
  pump,
  readHanded,
  restSystem,
  triggerSystem,
} from '../src/index.ts'

const [kind = '', where = '', formName = '', nodeUrl = '', token = ''] = process.argv.slice(2)
const { blocks, forms } = loadDeclarations()
const form = forms.get(formName)!
const node = connect(nodeUrl)

async function open(): Promise<NationalSystem> {
  if (kind === 'database') return triggerSystem(connect(where), { leaseSeconds: 1 })
  if (kind === 'rest') return restSystem({ url: where, token })
  const unique = (): string => randomBytes(6).toString('hex')
  return folderSystem({ folder: where, now: () => new Date(), unique, leaseMs: 1_000 })
}

const system = await open()

/** As a node does it: what is right is committed under its id; then the national system gets its receipt. */
async function accept(handed: Handed) {
  const { block, wrong } = readHanded(handed.bytes, form, { country: 'SZ', currency: 'ZAR' })
  if (wrong) return { wrong }
  const rows = await node.query(
    'insert into received (id, declaration, block) values ($1, $2, $3) on conflict (id) do nothing returning id',
    [handed.id, handed.declaration, blocks.write(block)],
  )
  await setTimeout(5)
  const receipt = {
    id: `receipt-${handed.id}`,
    declaration: handed.declaration,
    kind: 'receipt',
    mediaType: 'text/plain',
  }
  await system.give({ ...receipt, bytes: new TextEncoder().encode(handed.id) })
  await setTimeout(5)
  return rows.length > 0 ? 'accepted' : 'again'
}

for (let idle = 0; idle < 8;) {
  const { accepted, again, setAside } = await pump(system, accept, 5)
  idle = accepted + again + setAside > 0 ? 0 : idle + 1
  if (idle > 0) await setTimeout(250)
}
await system.close()
await node.close()
