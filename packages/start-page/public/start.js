// @ts-check
/** The start page in the browser: it hears what runs, and shows it. Text is only ever written as text. */
import { byId, make, named } from './elements.js'
import { firstLanguage, language, languages, say, speak } from './language.js'
import { drawLines } from './lines.js'

const againMs = 1_500

/** @type {{ corridors: any[], running: any, lines: any[] }} */
let state = { corridors: [], running: null, lines: [] }
/** Links that were made here, by `node account`: they stay where they are while the page is drawn anew. */
const links = new Map()
let trouble = ''
/** Why a wish for another configuration was not heard. */
let changeTrouble = ''

// The secret stands behind the #, which a browser sends to nobody; it is taken out of the address, so that nobody copies it by mistake.
function takeSecret() {
  const given = location.hash.slice(1)
  if (given === '') return
  sessionStorage.setItem('secret', given)
  history.replaceState(null, '', location.pathname)
}
takeSecret()
// A new address typed into this very page loads nothing by itself.
window.addEventListener('hashchange', () => {
  takeSecret()
  location.reload()
})
const secret = () => sessionStorage.getItem('secret') ?? ''

/** @param {string} path @param {object} [body] */
function post(path, body = {}) {
  return fetch(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function draw() {
  document.documentElement.lang = language
  document.documentElement.dir = /^(ar|fa)/.test(language) ? 'rtl' : 'ltr'
  for (const place of document.querySelectorAll('[data-word]'))
    place.textContent = say(place.getAttribute('data-word') ?? '')
  byId('trouble').hidden = trouble === ''
  if (byId('trouble').textContent !== say(trouble)) byId('trouble').textContent = say(trouble)
  const isOpen = state.corridors.length > 0
  byId('story').hidden = !isOpen || state.running === null
  byId('others').hidden = !isOpen
  keepingFocus(() => {
    byId('running').replaceChildren(...(isOpen ? running(state.running) : []))
    byId('cards').replaceChildren(...others())
  })
  drawLines(state.lines, true)
}

/** Draws, and gives the focus back to what had it. @param {() => void} work */
function keepingFocus(work) {
  const had = document.activeElement?.id ?? ''
  const wasOpen = new Set([...document.querySelectorAll('details[open]')].map(({ id }) => id))
  work()
  for (const id of wasOpen) document.getElementById(id)?.setAttribute('open', '')
  if (had !== '' && document.activeElement?.id !== had) document.getElementById(had)?.focus()
}

/** @param {any} run */
function running(run) {
  if (run === null) return [make('p', { class: 'run' }, say('state.none'))]
  const { about } = state.corridors.find(({ id }) => id === run.id) ?? { about: {} }
  const head = make(
    'section',
    { class: 'run', 'aria-labelledby': 'running-title' },
    make(
      'div',
      {},
      make('h2', { id: 'running-title' }, `${say('running.title')}: `, named(run.title)),
      sentence(about),
      make('p', { class: `phase ${run.phase}`, role: 'status' }, say(`state.${run.phase}`)),
      run.said === '' ? null : make('p', { class: 'muted said', lang: 'en', dir: 'auto' }, run.said),
    ),
    picture(run.id),
  )
  const isUp = run.phase === 'playing' || run.phase === 'ready'
  if (run.nodes.length === 0) return [head]
  return [
    head,
    ...configurations(run, isUp),
    make('h2', {}, say('running.nodes')),
    make('div', { class: 'nodes' }, ...run.nodes.map((/** @type {any} */ node) => nodeCard(node, run.name, isUp))),
  ]
}

/** What else the corridor that runs can work by, each with what has it taken up. @param {any} run @param {boolean} isUp */
function configurations(run, isUp) {
  const { change } = run
  const isChanging = change !== null && change.refused === null
  const others = run.configurations.filter((/** @type {any} */ each) => !each.isTaken)
  if (others.length === 0 && change === null) return []
  const titleOf = (/** @type {string} */ id) =>
    run.configurations.find((/** @type {any} */ each) => each.id === id)?.title ?? id
  return [
    make('h2', { id: 'change-title' }, say('change.title')),
    make('p', { class: 'muted' }, say('change.how')),
    make(
      'div',
      { id: 'change-said', role: 'status' },
      ...(change === null
        ? []
        : [
            make(
              'p',
              { class: isChanging ? 'phase' : 'phase failed' },
              named(titleOf(change.to)),
              `: ${say(isChanging ? 'change.underWay' : 'change.refused')}`,
            ),
            change.refused === null ? null : make('p', { class: 'said', lang: 'en', dir: 'auto' }, change.refused),
          ].filter((each) => each !== null)),
    ),
    make('p', { id: 'change-late', role: 'status' }, changeTrouble === '' ? '' : say(changeTrouble)),
    make(
      'ul',
      { class: 'choices', 'aria-labelledby': 'change-title' },
      ...others.map((/** @type {any} */ { id, title, about, command }) =>
        make(
          'li',
          { class: 'card' },
          make('h3', { id: `change-title-${id}` }, named(title)),
          sentence(about),
          make(
            'button',
            {
              id: `change-${id}`,
              class: 'first',
              type: 'button',
              disabled: !isUp || isChanging,
              'aria-labelledby': `change-${id} change-title-${id}`,
              onclick: () => void takeUp(run.id, id),
            },
            say('change.take'),
          ),
          make('p', {}, `${say('others.command')} `, make('code', {}, command)),
        ),
      ),
    ),
  ]
}

/** What comes of it is heard, as by every other page. @param {string} corridor @param {string} configuration */
async function takeUp(corridor, configuration) {
  changeTrouble = ''
  const answer = await post(`/corridors/${encodeURIComponent(corridor)}/change`, { configuration }).catch(
    () => undefined,
  )
  changeTrouble = answer?.status === 404 || answer?.status === 409 ? 'change.busy' : ''
  draw()
}

/** @param {Record<string, string>} about */
function sentence(about) {
  const found = [language, 'en'].find((each) => about[each] !== undefined)
  return found === undefined ? null : make('p', { lang: found, dir: 'auto' }, about[found])
}

/** @param {string} id */
function picture(id) {
  const { described, title } = state.corridors.find((each) => each.id === id) ?? { described: {}, title: '' }
  return make('img', {
    // A browser asks once for each address: another picture needs another.
    src: `/maps/${encodeURIComponent(id)}.svg?language=${language}&of=${encodeURIComponent(title)}`,
    alt: described[language] ?? '',
  })
}

/** @param {any} node @param {string} corridor @param {boolean} isUp */
function nodeCard(node, corridor, isUp) {
  const signing = node.accounts.filter((/** @type {any} */ account) => account.signsIn)
  const programs = node.accounts.filter((/** @type {any} */ account) => !account.signsIn)
  return make(
    'section',
    { class: 'node', 'aria-label': node.name },
    make('h3', {}, named(node.name), ` (${node.country})`),
    make(
      'p',
      {},
      isUp
        ? make('a', { href: node.url, target: '_blank', rel: 'noopener noreferrer' }, say('running.console'))
        : say('running.console'),
    ),
    make(
      'ul',
      { 'aria-label': say('running.accounts') },
      ...signing.map((/** @type {any} */ account) => accountRow(node, account, isUp)),
    ),
    programs.length === 0
      ? null
      : make(
          'details',
          { id: `programs-${node.id}` },
          make('summary', {}, say('running.programs')),
          make('p', { class: 'muted' }, say('running.programsHow')),
          make(
            'ul',
            {},
            ...programs.map((/** @type {any} */ { id, name }) =>
              make(
                'li',
                {},
                named(name),
                make('br'),
                make('code', {}, `npx --no corridor token ${id} NAME --corridor ${corridor}`),
              ),
            ),
          ),
        ),
  )
}

/** @param {any} node @param {any} account @param {boolean} isUp */
function accountRow(node, account, isUp) {
  const key = `${node.id} ${account.id}`
  const made = links.get(key)
  const row = make(
    'li',
    { class: 'account' },
    make(
      'span',
      {},
      make('bdi', { id: `name-${node.id}-${account.id}` }, account.name),
      make(
        'span',
        { class: 'muted' },
        say(`role.${account.role}`),
        ...(account.office === null ? [] : [' · ', named(account.office)]),
      ),
    ),
    make(
      'button',
      {
        id: `link-${node.id}-${account.id}`,
        type: 'button',
        disabled: !isUp,
        'aria-labelledby': `link-${node.id}-${account.id} name-${node.id}-${account.id}`,
        onclick: () => void makeLink(node.id, account.id),
      },
      say('running.link'),
    ),
  )
  if (made?.link !== undefined && isUp)
    row.append(
      make(
        'p',
        { class: 'once' },
        make(
          'a',
          {
            id: `open-${node.id}-${account.id}`,
            href: made.link,
            target: '_blank',
            rel: 'noopener noreferrer',
            onclick: () => setTimeout(() => (links.delete(key), draw())),
          },
          say('running.signIn', { name: account.name }),
        ),
        make('span', { class: 'muted' }, say('running.once')),
      ),
    )
  if (made?.why !== undefined)
    row.append(make('p', { class: 'once', role: 'status' }, say('running.noLink', { why: made.why })))
  return row
}

/** @param {string} node @param {string} account */
async function makeLink(node, account) {
  const key = `${node} ${account}`
  try {
    const answer = await post('/sign-in-links', { node, account })
    links.set(key, answer.ok ? { link: (await answer.json()).link } : { why: String(answer.status) })
  } catch (error) {
    links.set(key, { why: error instanceof Error ? error.message : '' })
  }
  draw()
  document.getElementById(`open-${node}-${account}`)?.focus()
}

/** The corridors that do not run, each with what starts it. */
function others() {
  const run = state.running
  const isBusy = run?.phase === 'starting' || run?.phase === 'stopping'
  return state.corridors
    .filter(({ id }) => id !== run?.id)
    .map(({ id, title, about, command }) =>
      make(
        'li',
        { class: 'card' },
        make('h3', { id: `title-${id}` }, named(title)),
        picture(id),
        sentence(about),
        make(
          'button',
          {
            id: `start-${id}`,
            class: 'first',
            type: 'button',
            disabled: isBusy,
            'aria-labelledby': `start-${id} title-${id}`,
            onclick: () => void startOther(id),
          },
          say('others.start'),
        ),
        run === null || run.phase === 'failed'
          ? null
          : make('p', { class: 'muted' }, say('others.stops', { name: run.title })),
        make('p', {}, `${say('others.command')} `, make('code', {}, command)),
      ),
    )
}

/** @param {string} id */
async function startOther(id) {
  const answer = await post(`/corridors/${encodeURIComponent(id)}/start`).catch(() => undefined)
  byId('refused').textContent = answer?.status === 202 ? '' : say('others.refused')
  if (answer?.status === 202) window.scrollTo({ top: 0 })
}

/** @param {any} news */
function hear(news) {
  if (news.corridors !== undefined) {
    const isOther = news.running?.id !== state.running?.id || news.afresh === true
    state = { ...state, corridors: news.corridors, running: news.running, lines: isOther ? [] : state.lines }
    if (news.lines !== undefined) state.lines = news.lines
    if (news.running?.phase !== 'playing' && news.running?.phase !== 'ready') links.clear()
    return draw()
  }
  state.lines.push(...news.lines)
  drawLines(news.lines, false)
}

/** Hears what runs until the program ends; then tries again. */
async function listen() {
  try {
    const answer = await fetch('/feed', { headers: { authorization: `Bearer ${secret()}` } })
    if (answer.status === 401) return tell('page.secret')
    const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body)
      .pipeThrough(new TextDecoderStream())
      .getReader()
    tell('')
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const parts = (rest + value).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) if (part !== '') hear(JSON.parse(part))
    }
  } catch {
    // Said below.
  }
  tell('page.lost')
  setTimeout(() => void listen(), againMs)
}

/** @param {string} key */
function tell(key) {
  trouble = key
  draw()
}

const choice = /** @type {HTMLSelectElement} */ (byId('language'))
for (const each of languages)
  choice.append(
    make('option', { value: each, lang: each }, new Intl.DisplayNames([each], { type: 'language' }).of(each) ?? each),
  )
choice.value = firstLanguage()
choice.addEventListener('change', () => {
  localStorage.setItem('language', choice.value)
  void speak(choice.value).then(draw)
})
await speak(choice.value)
draw()
void listen()
