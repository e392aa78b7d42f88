import type { DailyReconciliation } from '@corridor/exchange'
import type { Checked } from './checked.ts'

/** After every partner’s midnight that matters here: what was sent late on a day has arrived by then. */
const usualMinute = 2 * 60

/** `reconciliation: { at: '02:00', repair: 'yes' }`, or `{ daily: 'no' }`; hours are those of UTC. Null: only when somebody asks. */
export function reconciliationFrom(group: Checked | null): DailyReconciliation | null {
  if (group === null) return { minute: usualMinute, repair: false }
  const at = group.has('at') ? group.text('at', /^([01]\d|2[0-3]):[0-5]\d$/) : null
  const daily = answerFrom(group, 'daily', true)
  const repair = answerFrom(group, 'repair', false)
  if (!daily) return null
  const [hour, minute] = at?.split(':').map(Number) ?? []
  return { minute: hour === undefined ? usualMinute : hour * 60 + (minute ?? 0), repair }
}

function answerFrom(group: Checked, name: string, usual: boolean): boolean {
  const said = group.optionalText(name)
  if (said !== null && !/^(yes|no)$/.test(said)) group.refuse(name, `“${said}” is neither yes nor no`)
  return said === null ? usual : said === 'yes'
}
