/** Above it the order of the file stays: all orders of eight are 5,040, of nine 40,320. */
const mostTried = 8

/**
 * The order in which nodes stand on a ring so that as many direct links as possible are between neighbours. The first stays the first;
 * of orders that are as good, the one that is nearest to that of the file.
 */
export function orderOnRing(nodes: readonly string[], direct: readonly (readonly [string, string])[]): string[] {
  const [first, ...rest] = nodes
  if (first === undefined || nodes.length < 4 || nodes.length > mostTried) return [...nodes]
  const linked = new Set(direct.flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]))
  let best = [...nodes]
  let most = neighboursLinked(best, linked)
  for (const order of ordersOf(rest)) {
    const tried = [first, ...order]
    const count = neighboursLinked(tried, linked)
    if (count > most) [best, most] = [tried, count]
  }
  return best
}

const neighboursLinked = (order: readonly string[], linked: ReadonlySet<string>): number =>
  order.filter((node, at) => linked.has(`${node} ${order[(at + 1) % order.length]}`)).length

/** Every order, the given one first. */
function* ordersOf(items: readonly string[]): Generator<string[]> {
  if (items.length <= 1) yield [...items]
  for (const [at, item] of items.entries())
    if (items.length > 1)
      for (const rest of ordersOf([...items.slice(0, at), ...items.slice(at + 1)])) yield [item, ...rest]
}
