export { loadExplored } from './corridor.ts'
export { type Explored, explore, type Found, type Limits } from './explore.ts'
export { Pairs } from './pairs.ts'
export { loadPaths, type Path } from './paths.ts'
