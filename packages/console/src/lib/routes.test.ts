import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  listQueryOf,
  referenceQueryOf,
  referenceSearch,
  routeOf,
  toFallback,
  toGuarantee,
  toGuarantees,
  toList,
  toMovement,
  toReference,
  toVersions,
} from './routes.ts'

test('every address of the console finds its page', () => {
  assert.deepEqual(routeOf('/'), { page: 'movements' })
  assert.deepEqual(routeOf('/movements/'), { page: 'movements' })
  assert.deepEqual(routeOf('/movements/26AL1'), { page: 'movement', mrn: '26AL1' })
  assert.deepEqual(routeOf('/movements/26AL1/do/release'), { page: 'act', mrn: '26AL1', act: 'release' })
  assert.deepEqual(routeOf('/movements/26AL1/messages/m%2F1'), { page: 'message', mrn: '26AL1', id: 'm/1' })
  assert.deepEqual(routeOf('/exchange'), { page: 'exchange' })
  assert.deepEqual(routeOf('/exchange/messages'), { page: 'exchange-messages' })
  assert.deepEqual(routeOf('/exchange/messages/in-12'), { page: 'exchange-message', id: 'in-12' })
  assert.deepEqual(routeOf('/exchange/messages/in-12/correct'), { page: 'exchange-correction', id: 'in-12' })
  assert.deepEqual(routeOf('/exchange/dead-letters'), { page: 'exchange-parked' })
  assert.deepEqual(routeOf('/exchange/batches'), { page: 'exchange-batches' })
  assert.deepEqual(routeOf('/exchange/batches/new'), { page: 'exchange-batch-new' })
  assert.deepEqual(routeOf('/exchange/certificates'), { page: 'exchange-certificates' })
  assert.deepEqual(routeOf('/exchange/partners/NTA.XK'), { page: 'exchange-partner', party: 'NTA.XK' })
  assert.deepEqual(routeOf('/exchange/reconciliation'), { page: 'exchange-reconciliation' })
  assert.deepEqual(routeOf('/exchange/reconciliation/3'), { page: 'exchange-reconciliation-run', number: '3' })
  assert.deepEqual(routeOf('/exchange/batches/7'), { page: 'exchange-batch', id: '7' })
  assert.deepEqual(routeOf('/sign-in'), { page: 'sign-in' })
  assert.deepEqual(routeOf('/guarantees/'), { page: 'guarantees' })
  assert.deepEqual(routeOf('/guarantees/26AL1'), { page: 'guarantee', grn: '26AL1' })
  assert.deepEqual(routeOf('/fallback/'), { page: 'fallback-modes' })
  assert.deepEqual(routeOf('/fallback/AL000101-2026-3'), { page: 'fallback-mode', id: 'AL000101-2026-3' })
  assert.deepEqual(routeOf(toFallback('new', 'begin')), { page: 'fallback-act', id: 'new', act: 'begin' })
  assert.deepEqual(routeOf('/regional/'), { page: 'regional' })
  assert.deepEqual(routeOf('/regional/movements'), { page: 'regional-movements' })
  assert.deepEqual(routeOf('/regional/movements/26CG1'), { page: 'regional-movement', mrn: '26CG1' })
  assert.deepEqual(routeOf('/regional/others'), { page: 'not-found' })
  assert.deepEqual(routeOf('/regional/movements/26CG1/do'), { page: 'not-found' })
  assert.deepEqual(routeOf('/availability'), { page: 'availability' })
  assert.deepEqual(routeOf('/statistics'), { page: 'statistics' })
  assert.deepEqual(routeOf('/statistics/2026'), { page: 'not-found' })
  assert.deepEqual(routeOf('/fallback/A-1/do/enter'), { page: 'fallback-enter', id: 'A-1' })
  assert.deepEqual(routeOf('/reference'), { page: 'reference' })
  assert.deepEqual(routeOf('/reference/changes'), { page: 'reference-changes' })
  assert.deepEqual(routeOf('/reference/subscribers'), { page: 'reference-subscribers' })
  assert.deepEqual(routeOf('/reference/volume'), { page: 'reference-volume' })
  assert.deepEqual(routeOf('/reference/CL141/versions'), { page: 'reference-versions', list: 'CL141' })
  assert.deepEqual(routeOf('/reference/CL141%2FNTA.AL/versions/new'), { page: 'reference-new', list: 'CL141/NTA.AL' })
  assert.deepEqual(routeOf(toVersions('CL141', 7)), { page: 'reference-version', list: 'CL141', number: '7' })
  assert.deepEqual(routeOf('/reference/CL141'), { page: 'reference-list', list: 'CL141' })
  assert.deepEqual(routeOf('/reference/CL015/AL%2FMK'), { page: 'reference-code', list: 'CL015', code: 'AL/MK' })
})

test('an unknown or broken address is not found, not a crash', () => {
  for (const path of [
    '/guarantees/a/b',
    '/fallback/new',
    '/fallback/a/b',
    '/fallback/a/do/b/c',
    '/movements/a/b',
    '/movements/a/do/b/c',
    '/exchange/x',
    '/exchange/messages/in-12/x',
    '/exchange/messages/in-12/correct/x',
    '/exchange/batches/7/x',
    '/exchange/dead-letters/x',
    '/reference/a/b/c',
  ]) {
    assert.equal(routeOf(path).page, 'not-found', path)
  }
  assert.deepEqual(routeOf('/movements/%E0%A4%A'), { page: 'movement', mrn: '%E0%A4%A' })
})

test('addresses made are addresses read', () => {
  assert.equal(toMovement('26AL1', 'messages', 'a/b'), '/movements/26AL1/messages/a%2Fb')
  assert.equal(toList({}), '/movements')
  const query = { q: 'AA 366 XF', status: 'under-control', page: 3 }
  assert.deepEqual(listQueryOf(new URL(toList(query), 'http://node').search), query)
  assert.deepEqual(listQueryOf('?page=-4'), { q: '', status: '', page: 1 })
  assert.equal(toGuarantee('26AL1'), '/guarantees/26AL1')
  assert.equal(toGuarantees({ q: '26', page: 2 }), '/guarantees?q=26&page=2')
  assert.equal(toFallback('A-1', 'void', { mrn: '26' }), '/fallback/A-1/do/void?mrn=26')
  assert.equal(toReference('CL015', 'AL/MK'), '/reference/CL015/AL%2FMK')
  const sought = { q: 'durrës port', at: 'any', cursor: 'x' }
  assert.deepEqual(referenceQueryOf(referenceSearch(sought)), sought)
  assert.equal(referenceSearch({ q: '', at: '' }), '')
  assert.deepEqual(referenceQueryOf('?at=yesterday'), { q: '', at: '', cursor: '' })
})
