/** The scenes of the procedure, and that they took every row of every machine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amending } from './scenes/amending.ts'
import { onPaper } from './scenes/on-paper.ts'
import { diverting } from './scenes/diverting.ts'
import { crossingPaths } from './scenes/crossing-paths.ts'
import { declaring } from './scenes/declaring.ts'
import { guaranteeing } from './scenes/guaranteeing.ts'
import { enquiring } from './scenes/enquiring.ts'
import { invalidating } from './scenes/invalidating.ts'
import { recovering } from './scenes/recovering.ts'
import { exiting } from './scenes/exiting.ts'
import { exporting } from './scenes/exporting.ts'
import { incidents } from './scenes/incidents.ts'
import { querying } from './scenes/querying.ts'
import { releasing } from './scenes/releasing.ts'
import { travelling } from './scenes/travelling.ts'
import { unanswered } from './scenes/unanswered.ts'
import { unsettled } from './scenes/unsettled.ts'
import { law, rowsTaken } from './stage.ts'

for (const [name, play] of [
  ...declaring,
  ...amending,
  ...releasing,
  ...guaranteeing,
  ...travelling,
  ...invalidating,
  ...enquiring,
  ...recovering,
  ...diverting,
  ...incidents,
  ...querying,
  ...exiting,
  ...exporting,
  ...unsettled,
  ...unanswered,
  ...crossingPaths,
  ...onPaper,
])
  test(name, play)

test('the scenes take every row of every machine', (t) => {
  const rows = Object.entries(law.machines).flatMap(([role, machine]) =>
    machine.rows.map((row) => ({ key: `${role} ${row.number}`, row })),
  )
  const left = rows.filter(({ key }) => !rowsTaken.has(key))
  t.diagnostic(`${rowsTaken.size} of ${new Set(rows.map(({ key }) => key)).size} rows taken`)
  assert.deepEqual(
    left.map(({ key, row }) => `${key}: ${row.from} ${row.on} ${row.guard}`),
    [],
  )
})
