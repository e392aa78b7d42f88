/** What is drawn of a corridor: who is in it, and how its members reach each other. A checked corridor file is one. */
export interface Chart {
  /** Of the corridor, for people. */
  title: string
  /** `hub`: set of one that forwards and keeps copies; `nationalSystem`: of one that the national system of its administration is joined to. */
  nodes: readonly {
    id: string
    name: string
    country: string
    hub?: object | null
    nationalSystem?: object | null
  }[]
  /** Third places that messages pass. */
  places: readonly { id: string; name: string; kind: string }[]
  /** `at`: the place or the node that what goes over the link passes; null for a direct one. */
  links: readonly { between: readonly [string, string]; kind: string; at: string | null }[]
}

/** What a box stands for; a place is its kind (`border-database`). */
export type Shape = 'node' | 'hub' | (string & {})

/** The nodes that forward what others send each other, or say that they do. */
export function hubsOf({ nodes, links }: Chart): Set<string> {
  const ids = new Set(nodes.map(({ id }) => id))
  const passed = links.flatMap(({ at }) => (at !== null && ids.has(at) ? [at] : []))
  return new Set([...nodes.flatMap(({ id, hub }) => (hub ? [id] : [])), ...passed])
}
