/** What is made from a message table, besides reader and writer. */
export { toXsd } from './xsd.ts'
