import type { Wire } from '@corridor/as4'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpAnswer, HttpCase } from './http-cases.ts'

/** Everything that came back on a connection. */
export interface Exchanged {
  answers: HttpAnswer[]
  text: string
}

/** Carries out one case on a connection and reads until the server has answered and is silent, or has closed it. */
export async function exchange(socket: Socket, hostile: HttpCase, wire: Wire): Promise<Exchanged> {
  let text = ''
  let last = performance.now()
  const state = { ended: false }
  const end = (): void => {
    state.ended = true
  }
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1')
    last = performance.now()
  })
  // A server that is rude to the rude may reset the connection.
  for (const event of ['error', 'close', 'end']) socket.on(event, end)
  socket.write(hostile.bytes(wire))
  if (hostile.end) socket.end()
  for (const octet of hostile.drip ?? '') {
    if (state.ended || text !== '') break
    socket.write(octet)
    await pause(100)
  }
  const patience = performance.now() + 20_000
  while (!state.ended && performance.now() < patience) {
    await pause(5)
    const silent = performance.now() - last
    if (text !== '' && silent > (text.includes('100 Continue') && answersOf(text).length < 2 ? 6_000 : 60)) break
  }
  socket.destroy()
  if (!socket.closed) await once(socket, 'close')
  return { answers: answersOf(text), text }
}

function answersOf(text: string): HttpAnswer[] {
  if (text === '') return ['closed']
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((each) => each.startsWith('HTTP/1.1 '))
    .map((each) => {
      const status = Number(each.slice(9, 12))
      if (status !== 200) return status
      const code = / errorCode="(EBMS:\d{4})"/.exec(each)?.[1]
      if (code !== undefined) return code as HttpAnswer
      return each.includes('NonRepudiationInformation') ? 'receipt' : status
    })
}
