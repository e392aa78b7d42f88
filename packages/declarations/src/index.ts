export { canonicalJson } from './blocks/canonical.ts'
export { type Block, type BlockReading, compileBlocks, type OlderBlock, type UtilityBlocks } from './blocks/blocks.ts'
export { type BlockEdition, type BlockElement, type BlockTexts, compareEditions } from './blocks/elements.ts'
export type { BlockRule } from './blocks/rules.ts'
export { type CommodityCode, type CommodityVerdict, isCommodity, parseCommodity } from './values/commodity.ts'
export { isUcr, makeUcr, parseUcr, type UcrParts, type UcrVerdict } from './values/ucr.ts'
export {
  compileForm,
  type Form,
  type FormFacts,
  type FormFinding,
  type FormReading,
  type FormTexts,
  type FormWriting,
  type Loss,
  wordsOf,
} from './forms/form.ts'
export type { NotMapped } from './forms/mapping.ts'
export { type DraftRow, type DraftTables, type ImportTexts } from './imports/draft-table.ts'
export { type Change, changesOf, sizeOf } from './imports/changes.ts'
export {
  compileImports,
  type ImportFacts,
  type ImportOutcome,
  type Imports,
  type ToComplete,
} from './imports/import-from.ts'
export {
  mirror,
  type MirrorChapter,
  type MirrorDifference,
  type MirrorFacts,
  type MirrorPair,
  type MirrorReport,
  together,
} from './mirror/mirror.ts'
export type { MirrorRate, MirrorTotals } from './mirror/totals.ts'
export {
  compact,
  copyOf,
  elementOf,
  groupsAt,
  type HasAttributes,
  type Leaf,
  leaves,
  putAt,
  stepsOf,
  textAt,
} from './doc.ts'
