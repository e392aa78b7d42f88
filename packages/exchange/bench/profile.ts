/** What V8's sampling profiler says (Chrome DevTools protocol, Profiler.Profile). */
export interface Profile {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string }
    children?: number[]
  }[]
  samples?: number[]
  timeDeltas?: number[]
}

/** The first that a function or one of its callers answers to is where its time is counted; work of AS4 before who asked for it. */
const steps: [name: string, is: (functionName: string, url: string) => boolean][] = [
  ['seal: zip, encrypt, sign', (name, url) => name === 'sealUserMessage' && url.includes('/as4/')],
  ['open: verify, decrypt, unzip', (name, url) => name === 'open' && url.includes('/as4/')],
  ['make the receipt: sign', (name, url) => name === 'sealReceipt' && url.includes('/as4/')],
  ['check the receipt: verify', (name, url) => name === 'readResponse' && url.includes('/as4/')],
  ['database driver', (_, url) => /\/node_modules\/pg|\/packages\/database\//.test(url)],
  ['HTTP and TLS', (_, url) => /\/undici\/|^node:(_?http|_?tls|net|internal\/(http|stream|js_stream))/.test(url)],
  ['exchange', (_, url) => url.includes('/packages/exchange/src/')],
  ['the bench itself', (_, url) => url.includes('/packages/exchange/')],
]

const idle = new Set(['(idle)', '(root)'])

/** Shares of the busy time of a process by step; together 1. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profile): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map<number, number>()
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id)
  const stepOf = (id: number): string | undefined => {
    const own = byId.get(id)!.callFrame.functionName
    if (idle.has(own)) return undefined
    if (own === '(garbage collector)') return 'garbage collection'
    for (const [name, is] of steps)
      for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
        const { functionName, url } = byId.get(at)!.callFrame
        if (is(functionName, url)) return name
      }
    return 'Node.js itself'
  }
  const known = new Map(nodes.map(({ id }) => [id, stepOf(id)]))
  const spent = new Map<string, number>()
  let all = 0
  for (const [n, id] of samples.entries()) {
    const step = known.get(id)
    const time = Math.max(timeDeltas[n] ?? 0, 0)
    if (step === undefined) continue
    spent.set(step, (spent.get(step) ?? 0) + time)
    all += time
  }
  return new Map([...spent].map(([step, time]) => [step, time / all]))
}
