// @ts-check
/** What has gone from where to where, line by line. */
import { byId, make, named } from './elements.js'
import { language, say } from './language.js'

/** @param {any[]} lines @param {boolean} afresh */
export function drawLines(lines, afresh) {
  const list = byId('lines')
  const log = byId('log')
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8
  if (afresh)
    list.replaceChildren(...(lines.length === 0 ? [make('li', { class: 'none muted' }, say('story.none'))] : []))
  else list.querySelector('.none')?.remove()
  list.append(...lines.map(lineRow))
  if (isAtEnd) log.scrollTop = log.scrollHeight
}

/** What took long, because somebody was away, is told in hours and minutes. @param {number} ms */
function duration(ms) {
  const minutes = Math.floor(ms / 60_000)
  const parts = minutes < 1 ? { milliseconds: ms } : { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
  const told = Object.entries(parts).filter(([, amount]) => amount > 0)
  const units = { milliseconds: 'millisecond', hours: 'hour', minutes: 'minute' }
  const format = (/** @type {string} */ unit, /** @type {number} */ amount) =>
    new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'short' }).format(amount)
  return told.map(([name, amount]) => format(units[/** @type {keyof typeof units} */ (name)], amount)).join(' ')
}

/** @param {any} line */
function lineRow({ at, who, document: type, title, to, receiptMs, isPartners }) {
  const time = new Date(at).toLocaleTimeString(`${language}-u-nu-latn`, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const receipt =
    receiptMs === null ? '' : say(isPartners ? 'story.receipt' : 'story.taken', { time: duration(receiptMs) })
  return make(
    'li',
    {},
    make('time', { datetime: at, class: 'muted' }, time),
    make('span', {}, named(who)),
    make('span', { lang: 'en' }, named(`${type} ${title}`.trim())),
    make('span', {}, ...(to === '' ? [] : [`${document.documentElement.dir === 'rtl' ? '←' : '→'} `, named(to)])),
    make('span', { class: 'muted' }, receipt),
  )
}
