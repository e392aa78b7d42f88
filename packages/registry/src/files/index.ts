/** Files of supporting documents, and the requests for them. */
export { addFile, contentOf, filesOfMovement, filesOfRecord, findFile, officesOf } from './file.ts'
export type { FileHead, NewFile, StoredContent, StoredFile } from './file.ts'
export { countAsked, findRequest, noteFate, openRequest, requestById, requestsOf, settleRequest } from './request.ts'
export type { AnsweredFile, FileRequest, NewRequest } from './request.ts'
