/** libxml2 with the official schema set (test input in ../shared), as the second opinion on structure. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import {
  ParseOption,
  XmlBufferInputProvider,
  XmlDocument,
  XmlError,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
  XsdValidator,
} from 'libxml2-wasm'

const folder = new URL('../../../../shared/ncts/xsd-p5-51.8.0/', import.meta.url)

/** false, or why tests that need the schema set are skipped. */
export const skipWithoutSchemas: false | string = existsSync(folder) ? false : 'needs ../shared'

/** Where the schemas are to libxml2; nothing is read from disk or network under this name. */
const base = 'memory:/ncts/'

/**
 * Compiles the schemas of the messages to one validator. The list of countries with offices (CL070) is widened to any two capitals: here it is data,
 * because corridors add to it. Dispose of the validator.
 */
export function schemaValidator(types: readonly string[]): { isValid(bytes: Uint8Array): boolean; dispose(): void } {
  const files = readdirSync(folder).filter((name) => name.endsWith('.xsd'))
  const texts = files.map((name) => [base + name, readFileSync(new URL(name, folder), 'utf8')] as const)
  const wide = texts.map(
    ([name, text]) => [name, new TextEncoder().encode(name.endsWith('tcl.xsd') ? widened(text) : text)] as const,
  )
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(wide)))
  const includes = types.map((type) => `<xs:include schemaLocation="${type}.xsd"/>`).join('')
  const all = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://ncts.dgtaxud.ec">${includes}</xs:schema>`
  try {
    return validatorOf(all)
  } finally {
    xmlCleanupInputProvider()
  }
}

/**
 * Compiles the text of a schema; `beside` are the files that it imports, by name; `isValid` is libxml2's verdict. Dispose of it. Throws
 * XmlError for a schema that is none.
 */
export function validatorOf(
  xsd: string,
  beside: ReadonlyMap<string, string> = new Map(),
): { isValid(bytes: Uint8Array): boolean; dispose(): void } {
  if (beside.size > 0) {
    const files = [...beside].map(([name, text]) => [base + name, new TextEncoder().encode(text)] as const)
    xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(files)))
    try {
      return validatorOf(xsd)
    } finally {
      xmlCleanupInputProvider()
    }
  }
  const document = XmlDocument.fromString(xsd, { url: `${base}all.xsd`, option: ParseOption.XML_PARSE_NO_XXE })
  try {
    const validator = XsdValidator.fromDoc(document)
    return { isValid: (bytes) => isValid(validator, bytes), dispose: () => validator.dispose() }
  } finally {
    document.dispose()
  }
}

function widened(tcl: string): string {
  const start = tcl.indexOf('<xs:simpleType name="CountryCodesCustomsOfficeLists">')
  const end = tcl.indexOf('</xs:simpleType>', start)
  const any =
    '<xs:simpleType name="CountryCodesCustomsOfficeLists"><xs:restriction base="xs:normalizedString"><xs:pattern value="[A-Z]{2}"/></xs:restriction>'
  if (start < 0) throw new Error('the schema set has no CL070')
  return tcl.slice(0, start) + any + tcl.slice(end)
}

function isValid(validator: XsdValidator, bytes: Uint8Array): boolean {
  let document: XmlDocument | undefined
  try {
    document = XmlDocument.fromBuffer(bytes, { option: ParseOption.XML_PARSE_NO_XXE })
    validator.validate(document)
    return true
  } catch (error) {
    if (error instanceof XmlError) return false
    throw error
  } finally {
    document?.dispose()
  }
}
