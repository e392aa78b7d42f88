import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Configuration, type Corridor, corridorFileOf, type RunningCorridor, signsIn } from '@corridor/node'
import type { ConfigurationView, ListedCorridor, RunningView } from '@corridor/start-page'

/** A path as somebody types it here. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file)
  const shorter = path.startsWith('..') ? file : path
  return /^[\w./-]+$/.test(shorter) ? shorter : `'${shorter}'`
}

/** The name of a corridor, or the path of its file, as somebody types it here. */
export const shownName = (name: string): string => (/\.ya?ml$/.test(name) ? shownPath(resolve(name)) : name)

/** A corridor as the page lists it. @param now the one that runs, as it is by now */
export function listed(
  { name, corridor }: { name: string; corridor: Corridor },
  now: Corridor | undefined,
): ListedCorridor {
  const { id, title, about, ...chart } = now?.id === corridor.id ? now : corridor
  return { id, title, about, chart: { title, ...chart }, command: `npm start -- ${name}` }
}

/** @param by the name of the corridor, or path of its file, by which it works now */
export function configurationView({ name, file, corridor }: Configuration, by: string): ConfigurationView {
  // A file of one's own may have been taken away since.
  const taken = /\.ya?ml$/.test(by) || by === '' ? by : fileURLToPath(corridorFileOf(by))
  return {
    id: name,
    title: corridor?.title ?? name,
    about: corridor?.about ?? {},
    command: `npx --no corridor change ${shownPath(file)}`,
    isTaken: taken !== '' && resolve(taken) === file,
  }
}

/** A node as the page shows it. */
export function nodeView(
  corridor: Corridor,
  { node, url }: RunningCorridor['nodes'][number],
): RunningView['nodes'][number] {
  const accounts = node.accounts.map((account) => ({
    id: account.id,
    name: account.name,
    role: account.role,
    office: corridor.offices.find(({ reference }) => reference === account.office)?.name ?? null,
    signsIn: signsIn(corridor, node, account),
  }))
  return { id: node.id, name: node.name, country: node.country, url, accounts }
}
