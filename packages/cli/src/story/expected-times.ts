import type { Story } from './story.ts'

/** How often a story expects each document. */
export function expectedTimes({ steps }: Pick<Story, 'steps'>): Map<string, number> {
  const types = steps.flatMap(({ expect }) => [
    ...expect.documents,
    ...expect.mailboxes.map(({ type }) => type),
    ...(expect.refused === null ? [] : [expect.refused.by]),
  ])
  return new Map([...Map.groupBy(types, (type) => type)].map(([type, same]) => [type, same.length]))
}
