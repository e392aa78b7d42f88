import type { Doc } from './document.ts'

/** The groups at a path of names separated by dots; repeated groups are walked in their order. */
export function groups(doc: Doc | undefined, path: string): Doc[] {
  let level: Doc[] = doc === undefined ? [] : [doc]
  for (const name of path.split('.')) {
    level = level.flatMap((group) => {
      const value = group[name]
      if (value === undefined || typeof value === 'string') return []
      return (Array.isArray(value) ? value : [value]).filter((item): item is Doc => typeof item !== 'string')
    })
  }
  return level
}

/** The text at a path such as `TransitOperation.MRN`, of the first of repeated groups; undefined when it is not there. */
export function text(doc: Doc | undefined, path: string): string | undefined {
  const dot = path.lastIndexOf('.')
  const holder = dot < 0 ? (doc === undefined ? [] : [doc]) : groups(doc, path.slice(0, dot))
  const name = path.slice(dot + 1)
  for (const group of holder) {
    const value = group[name]
    if (typeof value === 'string') return value
    if (Array.isArray(value) && typeof value[0] === 'string') return value[0]
  }
  return undefined
}

/** Every text at a path, over all repeated groups. */
export function texts(doc: Doc | undefined, path: string): string[] {
  const dot = path.lastIndexOf('.')
  return groups(doc, path.slice(0, dot)).flatMap((group) => {
    const value = group[path.slice(dot + 1)]
    return typeof value === 'string' ? [value] : []
  })
}
