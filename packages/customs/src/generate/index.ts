/** What is made from a message table, besides reader and writer. */
export { toHtml, type PageContext, type PageRule } from './html/page.ts'
export { needInWords } from './html/words.ts'
export { pageRules } from './html/page-rules.ts'
export { toJsonSchema, type JsonSchema } from './json-schema.ts'
export { toTypes } from './types.ts'
export { toXsd } from './xsd.ts'
