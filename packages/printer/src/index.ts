export { systemBrowser } from './chromium.mjs'
export { PrinterFault, type PrinterFaultCode } from './faults.ts'
export { createPrinter, type Printer, type PrinterOptions } from './printer.ts'
