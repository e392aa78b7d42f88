import { sql, type Context } from '../context.ts'

/**
 * Takes back the objects of messages that were given up, from the places that let their sender do so. What its addressee has taken meanwhile is
 * no error. Rejects when a place cannot be reached: it may be called again.
 */
export async function takeBack(context: Context, messageIds: readonly string[]): Promise<void> {
  const rows = await context.db.run<{ recipient: string; object_id: string }>(sql.objectsLeft, [messageIds])
  for (const { recipient, object_id: id } of rows) {
    const place = context.places.get(context.carried.get(recipient)?.place ?? '')
    if (place !== undefined && 'carrier' in place) await place.carrier.takeBack?.({ addressee: recipient, id })
  }
}
