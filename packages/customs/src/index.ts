export { pathOf, type Doc, type Place } from './document.ts'
export { groups, text, texts } from './read.ts'
export { CustomsFault, faults, type CustomsFaultCode } from './faults.ts'
export { functionalErrorCode, maxFindings, xmlErrorCode, type Finding } from './finding.ts'
export type { Format, FormatProblem } from './format/format.ts'
export type { Optionality, TableNode } from './messages/fields.ts'
export { compileEditions, type Editions } from './messages/editions.ts'
export { codePaths } from './messages/code-paths.ts'
export { compileMessages, type Messages, type MessageTable, type MessageTexts } from './messages/messages.ts'
export type { ReadResult } from './messages/read.ts'
export {
  allocateGrn,
  allocateLrn,
  allocateMrn,
  countedBodies,
  drawnBodies,
  type Allocation,
  type Supply,
} from './values/allocate.ts'
export {
  addAmounts,
  compareAmounts,
  convertAmount,
  formatAmount,
  parseAmount,
  subtractAmounts,
  type Scaled,
} from './values/amount.ts'
export { checkDigit } from './values/check-digit.ts'
export {
  isContainer,
  makeContainer,
  parseContainer,
  type ContainerNumber,
  type ContainerVerdict,
} from './values/container.ts'
export { addDays, dateOf, dateTimeOf, isDate, isDateTime, momentOf } from './values/dates.ts'
export { afterDuration, isDuration } from './values/durations.ts'
export { isGrn, makeGrn, parseGrn, type Grn, type GrnVerdict } from './values/grn.ts'
export { isMrn, makeMrn, parseMrn, type Mrn, type MrnVerdict } from './values/mrn.ts'
export {
  countryOfOffice,
  countryOfTin,
  isLrn,
  isOfficeReference,
  isTin,
  isUnLocode,
  makeOfficeReference,
  makeTin,
  makeUnLocode,
  parseOfficeReference,
  parseTin,
  parseUnLocode,
  type CountryReference,
  type ReferenceVerdict,
} from './values/references.ts'
export {
  isTirCarnet,
  makeTirCarnet,
  parseTirCarnet,
  type TirCarnet,
  type TirCarnetVerdict,
} from './values/tir-carnet.ts'
export {
  compileCodeLists,
  overlayCodeLists,
  withParts,
  type Code,
  type CodeListPart,
  type CodeLists,
  type CodeListSource,
  type DatedCode,
} from './codelists/code-lists.ts'
export { toFunctionalErrors, toXmlErrors } from './errors.ts'
export { check, examine, type CheckContext, type Examination } from './check.ts'
export { type Authorisation, type Facts, type NotEvaluated } from './rules/facts.ts'
export {
  compileRules,
  type Evaluation,
  type RuleEntry,
  type Rules,
  type RuleTexts,
  withoutRules,
} from './rules/rules.ts'
export {
  coverageOf,
  type Count,
  type Coverage,
  type CoverageSources,
  type CoverageState,
  type CoveredGuideline,
  type CoveredRule,
  type RuleKind,
} from './rules/coverage.ts'
export { defaultDates, type NamedDates } from './rules/period.ts'
export {
  needInWords,
  pageRules,
  toHtml,
  toJsonSchema,
  toTypes,
  toXsd,
  type JsonSchema,
  type PageContext,
  type PageRule,
} from './generate/index.ts'
export { readJson, toJson, type JsonReading } from './json/json.ts'
export { type JsonMember, type JsonNode, type JsonProblem, lineFinder, parseJson } from './json/parse.ts'
export { toProblem, type DocumentProblem, type ProblemError } from './problem.ts'
export { withLines } from './locate.ts'
export { readTyped, writeTyped, type MessageType, type Reading } from './typed/typed.ts'
export type { MessageDocuments } from './documents.generated.ts'
export type * as documents from './documents.generated.ts'
export {
  compileGuidelines,
  type Guideline,
  type Guidelines,
  type GuidelineTexts,
  type Remark,
  type Remarks,
} from './guidelines/guidelines.ts'
export { isArc } from './values/arc.ts'
export {
  importCodeList,
  type CodeListImport,
  type ImportLine,
  type ImportOutcome,
  type ImportReport,
} from './codelists/import.ts'
export type { EntryForm, EntryRow, WrongLine } from './codelists/entry-rows.ts'
export { rowsOfCsrd2Xml } from './codelists/csrd2-xml.ts'
export { readOfficeLists, type OfficeLists } from './codelists/office-lists.ts'
export { codeListsUsed } from './codelists/used.ts'
export {
  compileCorridorTables,
  type CorridorTable,
  type CorridorTables,
  type CorridorTableTexts,
  type Counterpart,
  type MappingDirection,
  type TableCounterpart,
  type TableMapping,
  type TableValue,
  type ValueStatus,
} from './reference/corridor-tables.ts'
export type { TableHead } from './reference/corridor-tables-read.ts'
export { listsFromTables } from './reference/corridor-tables-lists.ts'
export {
  officeFindings,
  type OfficeCodes,
  operatorFindings,
  type OperatorCodes,
} from './reference/corridor-tables-records.ts'
export { recordWrongs } from './reference/record-wrongs.ts'
export {
  compileCorrespondence,
  correspondenceOfTables,
  type Correspondence,
  type CorrespondenceRow,
  type Translation,
  type Way,
} from './reference/correspondence.ts'
export {
  translate,
  type ChangedCode,
  type MissingCode,
  type TranslatedDocument,
} from './reference/correspondence-translate.ts'
export * from './reference/index.ts'
export { readTable } from './tsv.ts'
