import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeAuthority } from '@corridor/as4/testing'
import { type Measured, type Plan, rounded, type Setting } from './plan.ts'
import type { Keys, Order, Sent } from './process.ts'

/** Measures this library: a sender and a receiver of its own processes, by plain HTTP on the loopback. */
export async function measureOurs(setting: Setting, plan: Plan, execArgv: string[] = []): Promise<Measured[]> {
  const authority = await makeAuthority('Bench')
  const [a, b] = [await authority.issue({ commonName: 'sender' }), await authority.issue({ commonName: 'receiver' })]
  const keysOf = (own: typeof a, partner: typeof a): Keys => ({
    certificate: own.certificatePem,
    privateKey: own.privateKeyPem,
    partner: partner.certificatePem,
  })
  const sender = start(execArgv)
  const receiver = start(execArgv)
  try {
    const { url } = await ask<{ url: string }>(receiver, { receive: { ...setting, ...keysOf(b, a) } }, 'url')
    const send = (inFlight: number, seconds: number, most: number) =>
      ask<{ sent: Sent }>(sender, { send: { ...setting, ...keysOf(a, b), url, inFlight, seconds, most } }, 'sent')
    await send(8, 60, plan.warmUp)
    const rows: Measured[] = []
    for (const inFlight of plan.inFlight) {
      const before = [await usageOf(sender), await usageOf(receiver)] as const
      const { sent } = await send(inFlight, plan.seconds, Infinity)
      const after = [await usageOf(sender), await usageOf(receiver)] as const
      rows.push({
        ...setting,
        inFlight,
        messages: sent.messages,
        failed: sent.failed,
        messagesPerSecond: rounded(sent.messages / sent.seconds),
        p50Ms: sent.p50Ms,
        p99Ms: sent.p99Ms,
        senderCpuMs: rounded((after[0].cpuMs - before[0].cpuMs) / sent.messages, 2),
        receiverCpuMs: rounded((after[1].cpuMs - before[1].cpuMs) / sent.messages, 2),
        senderPeakRssMb: Math.round(after[0].peakRssMb),
        receiverPeakRssMb: Math.round(after[1].peakRssMb),
      })
    }
    return rows
  } finally {
    sender.disconnect()
    receiver.disconnect()
  }
}

function start(execArgv: string[]): ChildProcess {
  return fork(fileURLToPath(new URL('process.ts', import.meta.url)), { execArgv })
}

async function usageOf(child: ChildProcess): Promise<{ cpuMs: number; peakRssMb: number }> {
  const { usage } = await ask<{ usage: { cpuMs: number; peakRssMb: number } }>(child, { usage: true }, 'usage')
  return usage
}

function ask<T>(child: ChildProcess, order: Order, answer: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const hear = (word: object): void => {
      if (!(answer in word)) return
      child.off('message', hear)
      child.off('exit', gone)
      resolve(word as T)
    }
    const gone = (): void => reject(new Error(`a process of the bench ended before it said “${answer}”`))
    child.on('message', hear)
    child.once('exit', gone)
    // Infinity does not survive JSON.
    child.send(JSON.parse(JSON.stringify(order, (_, value: unknown) => (value === Infinity ? 1e9 : value))) as Order)
  })
}
