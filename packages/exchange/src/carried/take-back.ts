import { sql, type Context } from '../context.ts'

/**
 * Takes back the objects of messages that were given up, from the places that let their sender do so. What its addressee has taken meanwhile is
 * no error.
 * @returns the messages of which nothing lies anywhere that could be taken back; for the others, whose link or place is away, it may be called again
 */
export async function takeBack(context: Context, messageIds: readonly string[]): Promise<string[]> {
  const rows = await context.db.run<{ message_id: string; recipient: string; object_id: string }>(sql.objectsLeft, [
    messageIds,
  ])
  const left = new Set<string>()
  // One that is away is asked once, and keeps nothing at the others.
  const away = new Set<unknown>()
  for (const { message_id: messageId, recipient, object_id: id } of rows) {
    const place = context.places.get(context.carried.get(recipient)?.place ?? '')
    if (place === undefined || away.has(place)) left.add(messageId)
    else if ('carrier' in place)
      try {
        await place.carrier.takeBack?.({ addressee: recipient, id })
      } catch (error) {
        context.log('warn', 'an object could not be taken back from a third place', { recipient, error })
        away.add(place)
        left.add(messageId)
      }
  }
  return messageIds.filter((each) => !left.has(each))
}
