export { inspect, type Inspected } from './inspect.ts'
export { extensionsOf, kindOfMediaType, type Kind, kinds } from './kinds.ts'
export { cleanName } from './name.ts'
export type { Refusal, RefusalCode } from './refusal.ts'
