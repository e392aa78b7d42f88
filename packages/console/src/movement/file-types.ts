/** Media types by extension: browsers do not know all of them, and the node asks for the right one. */
const mediaTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  xml: 'application/xml',
  txt: 'text/plain',
}

/** For the dialog that chooses a file. */
export const takenExtensions = Object.keys(mediaTypes)
  .map((extension) => `.${extension}`)
  .join(',')

/** What a file is said to be: by its extension, else by what the browser thinks. The node looks at the content. */
export function mediaTypeOf({ name, type }: Pick<File, 'name' | 'type'>): string {
  const extension = /\.([^.]*)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return mediaTypes[extension] ?? (type === '' ? 'application/octet-stream' : type)
}
