import { tick } from 'svelte'
import { routeOf } from './routes.ts'

/**
 * Where the person is: the address bar as state. The History API is the only router. Scroll is kept per history entry,
 * because pages fill after their data arrived and the browser's own restoring would come too early.
 */
class Place {
  path = $state(location.pathname)
  search = $state(location.search)
  hash = $state(location.hash)
  /** Grows with every visit of a page, also of the same one; a page that cares watches it. */
  visit = $state(0)
  route = $derived(routeOf(this.path))

  read(): void {
    this.path = location.pathname
    this.search = location.search
    this.hash = location.hash
  }
}

export const place = new Place()

const scrolls = new Map<string, number>()
let entry = entryOf(history.state)

function entryOf(state: unknown): string {
  const known = (state as { entry?: unknown } | null)?.entry
  return typeof known === 'string' ? known : 'first'
}

function keepScroll(): void {
  scrolls.set(entry, window.scrollY)
}

/**
 * Goes to an address of the console. Another query of the same page (a filter, the next rows) is no visit: the focus
 * stays. `replace` leaves no way back to the present one.
 */
export function go(href: string, options: { replace?: boolean } = {}): void {
  const target = new URL(href, location.href)
  const samePage = target.pathname === location.pathname && target.search !== location.search
  keepScroll()
  const next = options.replace ? entry : crypto.randomUUID()
  const address = target.pathname + target.search + target.hash
  if (options.replace) history.replaceState({ entry: next }, '', address)
  else history.pushState({ entry: next }, '', address)
  entry = next
  place.read()
  if (!samePage) place.visit += 1
  // Words that are typed change the address of where one is; nothing jumps.
  if (target.hash === '' && !(samePage && options.replace)) scrollTo(0, 0)
}

/** Puts the page where it was when this history entry was left; called by a page once its data is on the screen. */
export async function restoreScroll(): Promise<void> {
  await tick()
  const kept = scrolls.get(entry)
  if (kept !== undefined && kept > 0) scrollTo(0, kept)
  else if (place.hash.length > 1) document.getElementById(decodeURIComponent(place.hash.slice(1)))?.scrollIntoView()
}

function isOurs(link: HTMLAnchorElement): boolean {
  return link.origin === location.origin && !link.target && !link.hasAttribute('download') && link.protocol !== 'blob:'
}

/** Follows plain clicks on own links without loading a page; every other click stays the browser's. */
export function startPlace(): void {
  history.scrollRestoration = 'manual'
  addEventListener('popstate', (event) => {
    const from = place.path
    keepScroll()
    entry = entryOf(event.state)
    place.read()
    if (place.path !== from) place.visit += 1
  })
  addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element | null)?.closest('a')
    if (!link || !isOurs(link)) return
    const inPage = link.pathname === location.pathname && link.search === location.search && link.hash !== ''
    if (inPage) return
    event.preventDefault()
    go(link.href)
  })
}
