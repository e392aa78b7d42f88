import type { Role, Session } from '../api/types.ts'

/** A part of the console in the bar at the top. */
export interface Area {
  href: string
  words: string
  /** Of the key that leads there. */
  keyWords: string
  /** second key after `g` */
  key: string
  /** Another address of the same area. */
  also?: string
}

const movements: Area = { href: '/movements', words: 'area.movements', keyWords: 'keys.movements', key: 'm' }
const guarantees: Area = { href: '/guarantees', words: 'area.guarantees', keyWords: 'keys.guarantees', key: 'u' }
const fallback: Area = { href: '/fallback', words: 'area.fallback', keyWords: 'keys.fallback', key: 'f' }
const systems: Area = {
  href: '/availability',
  words: 'area.services',
  keyWords: 'keys.services',
  key: 's',
  also: '/statistics',
}
const regional: Area = { href: '/regional', words: 'area.regional', keyWords: 'keys.regional', key: 'h' }
const exchange: Area = { href: '/exchange', words: 'area.exchange', keyWords: 'keys.exchange', key: 'e' }
const reference: Area = { href: '/reference', words: 'area.reference', keyWords: 'keys.reference', key: 'r' }

const declarations: Area = {
  href: '/declarations',
  words: 'area.declarations',
  keyWords: 'keys.declarations',
  key: 'd',
}

const shares: Area = { href: '/shares', words: 'area.shares', keyWords: 'keys.shares', key: 'a' }

/** The areas of somebody: those of the role, and declarations and shares where the node has any. */
export function areasFor({ user, node }: Pick<Session, 'user' | 'node'>): [Area, ...Area[]] {
  if (user.role === 'trader') return [declarations]
  const [first, ...others] = areasOf(user.role)
  const sees = node.declarations === true && user.role !== 'regional' && user.role !== 'reference'
  const own = node.shares === true && user.role === 'operations' ? [shares] : []
  return sees ? [first, declarations, ...own, ...others] : [first, ...own, ...others]
}

/** The areas that a role may open; the first is where its work begins. Who is of no office has no movements, and the secretariat of a hub has its board alone. */
export function areasOf(role: Role): [Area, ...Area[]] {
  if (role === 'regional') return [regional]
  // A trader's software has the rest.
  if (role === 'trader') return [declarations]
  if (role === 'reference') return [reference, exchange]
  if (role === 'operations') return [systems, exchange, reference]
  if (role === 'departure' || role === 'destination') return [movements, fallback, exchange, reference]
  return role === 'guarantee' ? [movements, guarantees, exchange, reference] : [movements, exchange, reference]
}
