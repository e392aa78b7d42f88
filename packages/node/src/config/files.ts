import { type FileSettings, mostFileBytes, usualFileSettings } from '@corridor/casework'
import type { Checked } from './checked.ts'

const megabyte = 1024 * 1024

/** `supportingDocuments: { answer: after-approval, fileMegabytes: 5, movementMegabytes: 25, movementFiles: 50 }`; each as usual unless told. */
export function filesFrom(told: Checked | null): FileSettings {
  if (told === null) return usualFileSettings
  const { answer, fileBytes, movementBytes, movementFiles } = usualFileSettings
  const megabytes = (name: string, most: number): number | undefined =>
    told.has(name) ? told.number(name, 1, most) * megabyte : undefined
  return {
    answer: told.has('answer')
      ? (told.text('answer', /^(automatically|after-approval)$/) as FileSettings['answer'])
      : answer,
    fileBytes: megabytes('fileMegabytes', mostFileBytes / megabyte) ?? fileBytes,
    movementBytes: megabytes('movementMegabytes', 1000) ?? movementBytes,
    movementFiles: told.has('movementFiles') ? told.number('movementFiles', 1, 500) : movementFiles,
  }
}
