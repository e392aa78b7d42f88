import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMonths, monthsBetween, type VersionVolume, volumeCsv, volumeOf } from './volume.ts'

const version = (month: string, number: number, more: Partial<VersionVolume> = {}): VersionVolume => ({
  list: 'CL141/NTA.AL',
  owner: 'NTA.AL',
  number,
  month,
  published: true,
  added: 2,
  removed: 1,
  changes: 2,
  bytes: 400,
  ...more,
})
const loaded = version('2026-06', 1, { added: 100, removed: 0, changes: 100, bytes: 20_000 })
const months = { from: '2026-10', to: '2027-01', current: '2026-11' }

test('months are counted over the end of a year', () => {
  assert.deepEqual(monthsBetween('2026-11', '2027-02'), ['2026-11', '2026-12', '2027-01', '2027-02'])
  assert.deepEqual([addMonths('2026-01', -1), addMonths('2026-12', 1), addMonths('2026-05', -17)], ['2025-12', '2027-01', '2024-12']) // prettier-ignore
  assert.deepEqual(monthsBetween('2027-01', '2026-12'), [])
})

test('what was observed: entries at the end of a month, changes without the first version, bytes of what was sent', () => {
  const { lists } = volumeOf([loaded, version('2026-10', 2), version('2026-10', 3), version('2026-11', 4)], [], months)
  const [october, november] = lists[0]!.months
  assert.deepEqual(october, { month: '2026-10', kind: 'observed', entries: 102, changes: 4, low: 4, high: 4, announced: 0, versions: 2, loaded: 0, bytes: 800 }) // prettier-ignore
  assert.deepEqual([november?.kind, november?.entries, november?.changes], ['running', 103, 2])
  const june = volumeOf([loaded], [], { ...months, from: '2026-06' }).lists[0]!.months[0]!
  assert.deepEqual([june.loaded, june.changes, june.bytes], [100, 0, 20_000])
})

test('the forecast: mean and standard deviation of the last complete months; growth goes on; bytes of an entry as they were', () => {
  // Whole months since the first version: July to October, with 0, 0, 8 and 4 changes: mean 3, deviation √11.
  const versions = [loaded, version('2026-09', 2, { changes: 8 }), version('2026-10', 3, { changes: 4 })]
  const [series] = volumeOf(versions, [], months).lists
  assert.ok(series)
  assert.equal(series.basisMonths, 4)
  const [, , december, january] = series.months
  assert.deepEqual(december, { month: '2026-12', kind: 'forecast', entries: 103, changes: 3, low: 0, high: 6, announced: 0, versions: 0, loaded: 0, bytes: 600 }) // prettier-ignore
  assert.equal(january?.entries, 103)
  const two = volumeOf(versions, [], { ...months, history: 1 }).lists[0]!
  assert.deepEqual([two.basisMonths, two.months[2]?.changes, two.months[2]?.low, two.months[2]?.high], [1, 4, 4, 4])
})

test('what is announced counts exactly: later days of what is in use, and versions that are being prepared', () => {
  const draft = version('2026-12', 3, { published: false, changes: 7 })
  const announced = [{ list: 'CL141/NTA.AL', month: '2026-12', changes: 5 }, { list: 'CL141/NTA.XK', month: '2026-12', changes: 99 }] // prettier-ignore
  const [, , december, january] = volumeOf([loaded, version('2026-10', 2), draft], announced, months).lists[0]!.months
  assert.deepEqual([december?.announced, december?.changes, december?.low, december?.high], [12, 12, 12, 12])
  assert.deepEqual([january?.announced, january?.changes], [0, 1])
  assert.equal(december?.entries, 101, 'a draft is not in use')
})

test('a list of yesterday has no history: only what is announced is expected', () => {
  const [series] = volumeOf([{ ...loaded, month: '2026-11' }], [], months).lists
  assert.deepEqual([series?.basisMonths, series?.months[2]?.changes, series?.months[2]?.entries], [0, 0, 100])
})

test('a side is all its lists together, and lists of nobody are a side too', () => {
  const other = version('2026-10', 1, { list: 'CL172/NTA.AL', added: 10, removed: 0, changes: 10 })
  const kosovo = { ...loaded, list: 'CL141/NTA.XK', owner: 'NTA.XK' }
  const common = { ...loaded, list: 'CL019', owner: null }
  const { sides, lists } = volumeOf([loaded, other, kosovo, common], [], months)
  assert.deepEqual(lists.map(({ owner, list }) => `${owner} ${list}`), ['null CL019', 'NTA.AL CL141/NTA.AL', 'NTA.AL CL172/NTA.AL', 'NTA.XK CL141/NTA.XK']) // prettier-ignore
  assert.deepEqual(sides.map(({ owner, months: [october] }) => [owner, october?.entries, october?.loaded]), [[null, 100, 0], ['NTA.AL', 110, 10], ['NTA.XK', 100, 0]]) // prettier-ignore
})

test('CSV: a line for each list and month', () => {
  const csv = volumeCsv(volumeOf([{ ...loaded, list: 'a,"b"', owner: null }], [], { ...months, to: '2026-10' }))
  assert.equal(
    csv,
    'owner,list,month,kind,entries,changes,low,high,announced,versions,loaded,bytes\r\n,"a,""b""",2026-10,observed,100,0,0,0,0,0,0,0\r\n',
  )
})
