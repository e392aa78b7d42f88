import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { roomViolations, violationsOf } from './rooms.ts'

test('every room keeps to its arrows', () => {
  assert.deepEqual(roomViolations(fileURLToPath(new URL('..', import.meta.url))), [])
})

test('a planted violation is found', () => {
  const planted = (path: string, text: string) => violationsOf({ path, text })
  assert.match(
    planted('packages/as4/src/x.ts', `import { decide } from '@corridor/procedures'`)[0] ?? '',
    /as4 may not import procedures/,
  )
  assert.match(
    planted('packages/customs/src/x.ts', `import { readFileSync } from 'node:fs'`)[0] ?? '',
    /pure and may not import node:fs/,
  )
  assert.match(planted('packages/procedures/src/x.ts', 'const now = Date.now()')[0] ?? '', /reads the clock/)
  assert.match(planted('packages/procedures/src/x.ts', 'const now = new Date()')[0] ?? '', /reads the clock/)
  assert.match(planted('packages/exchange/src/x.ts', 'const chance = Math.random()')[0] ?? '', /have it handed in/)
  assert.match(
    planted('packages/casework/src/x.ts', `import { randomUUID } from 'node:crypto'\nconst id = randomUUID()`)[0] ?? '',
    /draws its own random bytes or ids/,
  )
  assert.match(
    planted('packages/api/src/x.ts', `import { x } from '../../exchange/src/x.ts'`)[0] ?? '',
    /reaches into another room/,
  )
  assert.match(planted('packages/shelf/src/x.ts', `export {}`)[0] ?? '', /not in the list of rooms/)
  assert.match(planted('packages/xml/src/x.ts', '\n'.repeat(401))[0] ?? '', /400 at the most/)
  assert.match(
    planted('packages/xml/src/x.ts', `const home = "${['', 'root', 'x'].join('/')}"`)[0] ?? '',
    /somebody’s machine/,
  )
})

test('what is allowed is not found', () => {
  assert.deepEqual(
    violationsOf({ path: 'packages/registry/src/secrets.ts', text: 'const nonce = randomBytes(12)' }),
    [],
  )
  assert.deepEqual(
    violationsOf({
      path: 'packages/as4/src/x.ts',
      text: `import { parse } from '@corridor/xml'\nimport 'node:crypto'`,
    }),
    [],
  )
  assert.deepEqual(
    violationsOf({ path: 'packages/customs/src/x.ts', text: `// Date.now() is not read here\nnew Date(0)` }),
    [],
  )
  assert.deepEqual(violationsOf({ path: 'packages/customs/src/x.test.ts', text: `import 'node:fs'; Date.now()` }), [])
})
