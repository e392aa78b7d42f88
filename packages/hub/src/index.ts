export { HubFault, type HubFaultCode } from './faults.ts'
export { type HubLimits, usualLimits } from './limits.ts'
export { createHub, migrations, type Hub } from './hub.ts'
export type { HubPorts } from './ports.ts'
export { readCopyTable, type CopiedElement, type CopyTable } from './copies/table.ts'
export { copyReceiver, noteRefusedCopy, type CopyReceiver } from './copies/send.ts'
export { regionalTopic } from './copies/take.ts'
export {
  copyOf,
  readCopy,
  type RegionalCopy,
  regionalCopyRefusedType,
  regionalCopyType,
  type Said,
  writeCopy,
} from './copies/copy.ts'
export { type Contradiction } from './board/contradictions.ts'
export { loadMeanings } from './board/load.ts'
export { type Meanings, type MovementState, readMeanings, states as movementStates } from './board/meanings.ts'
export { type KeptCopy, movementOf, type RegionalMovement } from './board/movement.ts'
export type {
  Board,
  BoardCopy,
  BoardMovement,
  BoardMovementDetail,
  BoardQuery,
  CorridorFigures,
  Dashboard,
  GuaranteeFigures,
  GuaranteeLine,
  MemberFigures,
} from './board/board.ts'
