import { createHash } from 'node:crypto'
import { sealUserMessage } from '@corridor/as4'
import { pullMessage } from '@corridor/as4/http'
import type { ErrorCase } from './errors.ts'
import { fieldOf, messageFor, MPC, newMessageId, type Scene, textOf, type Wrong } from './exchange.ts'
import type { Case } from './plan.ts'
import { fieldsOf, identityOf, phase4Options, pmodeOf } from './sides.ts'

const PROFILES = ['edelivery1', 'edelivery2-eddsa', 'edelivery2-ecdsa'] as const

/**
 * phase4 pulls from us, in each profile, signed only and encrypted, with one part and three; and what it hears when
 * there is nothing, no such channel, or no signature. phase4 sends no receipts for what it pulled, so that each message
 * stays on offer until the retry interval is over; and it offers nothing itself but EBMS:0006.
 */
export function pullCases(): ErrorCase[] {
  const cases: Case[] = PROFILES.flatMap((profile) =>
    (['sign', 'sign+encrypt'] as const).map((protection, n) => ({
      direction: 'to-phase4',
      profile,
      protection,
      parts: n === 0 ? 1 : 3,
      compressed: true,
      token: 'x509v3',
      size: '10 kB',
    })),
  )
  return [
    ...cases.map((each) => ({
      name: `phase4 pulls ${each.profile} ${each.protection} ${each.parts} parts, oldest first, then EBMS:0006`,
      run: (scene: Scene) => phase4Pulls(scene, each),
    })),
    {
      name: 'phase4 pulls from another channel (EBMS:0010)',
      run: (scene) => phase4IsRefused(scene, { mpc: 'urn:other' }, 'EBMS:0010'),
    },
    {
      name: 'phase4 pulls without signing (EBMS:0103)',
      run: (scene) => phase4IsRefused(scene, { sign: 'false' }, 'EBMS:0103'),
    },
    { name: 'we pull from phase4, which has nothing (EBMS:0006)', run: wePull },
  ]
}

// The party that pulls is the one that a message is for: phase4 holds the keys of a, we those of b.
function offering(each: Case) {
  const { initiator, responder, tokens: _, ...pmode } = pmodeOf('a', each)
  return {
    ...pmode,
    initiator: { ...responder, role: initiator.role },
    responder: { ...initiator, role: responder.role },
    mpc: MPC,
  }
}

async function phase4Pulls(scene: Scene, each: Case): Promise<Wrong> {
  const pmode = offering(each)
  const identity = identityOf('b', each.profile)
  scene.ours.identity = identity
  scene.ours.findPullPMode = (mpc) => (mpc === MPC ? pmode : undefined)
  const messages = [1, 2].map(() => ({ ...messageFor(each), from: pmode.initiator, to: pmode.responder, mpc: MPC }))
  for (const message of messages) scene.queue.add(sealUserMessage(message, pmode, identity), pmode)
  await scene.sender.ask('options', ...fieldsOf({ ...phase4Options('a', each), mpc: MPC }))
  const wrong: Wrong = []
  for (const { messageId, parts } of messages) {
    const lines = await scene.sender.ask('pull', scene.url)
    const [, id, checked, decrypted] = lines.find(([word]) => word === 'PULLED') ?? []
    if (id !== messageId) wrong.push(`phase4 says: ${textOf(lines)}`)
    if (checked !== 'true') wrong.push('phase4 did not verify the signature')
    if (decrypted !== String(each.protection === 'sign+encrypt')) wrong.push('phase4 did not decrypt')
    const digests = lines.filter(([word]) => word === 'PART').map(([, digest]) => digest)
    const expected = parts.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
    if (digests.join() !== expected.join()) wrong.push(`phase4 got ${digests.length} parts, not all as they were sent`)
  }
  const empty = await scene.sender.ask('pull', scene.url)
  const [, checked, , code, severity] = empty.find(([word]) => word === 'ERROR') ?? []
  if (code !== 'EBMS:0006' || severity !== 'warning' || checked !== 'true') wrong.push(`phase4 says: ${textOf(empty)}`)
  for (const { messageId } of messages)
    await scene.queue.settle(messageId, { kind: 'error', errors: [], wire: { contentType: '', body: Buffer.alloc(0) } })
  return wrong
}

const PLAIN = { profile: 'edelivery1', protection: 'sign' } as const

async function phase4IsRefused(scene: Scene, options: Record<string, string>, code: string): Promise<Wrong> {
  const pmode = offering({
    ...PLAIN,
    direction: 'to-phase4',
    parts: 1,
    compressed: true,
    token: 'x509v3',
    size: '10 kB',
  })
  scene.ours.identity = identityOf('b', 'edelivery1')
  scene.ours.findPullPMode = (mpc) => (mpc === MPC ? pmode : undefined)
  await scene.sender.ask('options', ...fieldsOf({ ...phase4Options('a', PLAIN), mpc: MPC, ...options }))
  const lines = await scene.sender.ask('pull', scene.url)
  const got = lines.find(([word]) => word === 'ERROR')?.[3]
  return got === code && fieldOf(lines, 'PULLED') === undefined ? [] : [`phase4 says: ${textOf(lines)}`]
}

async function wePull(scene: Scene): Promise<Wrong> {
  const { tokens: _, ...pmode } = pmodeOf('b', { ...PLAIN, compressed: true, token: 'x509v3' })
  await scene.receiver.ask('options', ...fieldsOf(phase4Options('b', PLAIN)))
  const outcome = await pullMessage(
    scene.receiverUrl,
    { ...pmode, mpc: MPC },
    {
      identity: identityOf('a', 'edelivery1'),
      now: () => new Date(),
      newMessageId,
      onMessage: () => undefined,
    },
  )
  return outcome.kind === 'empty' ? [] : [JSON.stringify(outcome)]
}
