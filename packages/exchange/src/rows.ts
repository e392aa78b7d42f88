/** A row with its columns named as in this program: `message_id` becomes `messageId`. */
export function camelCased<T>(row: Readonly<Record<string, unknown>>): T {
  const named = Object.entries(row).map(([name, value]) => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ])
  return Object.fromEntries(named) as T
}
