/** What is made from a message table, besides reader and writer. */
export { toJsonSchema, type JsonSchema } from './json-schema.ts'
export { toTypes } from './types.ts'
export { toXsd } from './xsd.ts'
