import { loadLaw } from '@corridor/tables'

let titles: Map<string, string> | undefined

/** The name of a document for a terminal: CD001C → Anticipated arrival record. */
export function documentTitle(type: string): string {
  if (titles === undefined) {
    const { messages } = loadLaw().law
    titles = new Map(messages.types.map((known) => [known, sentence(messages.get(known)?.title ?? known)]))
  }
  return titles.get(type) ?? type
}

const sentence = (title: string): string => title.charAt(0) + title.slice(1).toLowerCase()
