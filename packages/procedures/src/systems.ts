/**
 * The outside systems that a node exchanges documents with by a mailbox: the export system of its own administration, the central services
 * of the common domain, the one that is told of TIR movements, and the one in which the administration's inspectors record their controls.
 */
export const systems = ['aes', 'central', 'speed', 'inspection'] as const
export type System = (typeof systems)[number]

/** The name under which an outside system sends and is written to inside of a node. No trader's number begins with small letters. */
export const systemParticipant = (system: System): string => `system:${system}`

/** The outside system that has a name of this kind; undefined for a trader or an administration. */
export function systemIn(participant: string): System | undefined {
  return systems.find((system) => systemParticipant(system) === participant)
}
