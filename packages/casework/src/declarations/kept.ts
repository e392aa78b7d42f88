import type { Block } from '@corridor/declarations'

/** A block as it was kept: it was read and checked before. */
export function keptBlock(bytes: Uint8Array): Block {
  return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { UtilityBlock: Block }).UtilityBlock
}
