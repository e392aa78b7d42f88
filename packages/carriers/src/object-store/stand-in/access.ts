import type { BucketPolicy, PolicyStatement } from '../policy.ts'
import { Refusal } from './answers.ts'

/** What a request wants. */
export interface Wanted {
  action: string
  bucket: string
  /** Of what is wanted of an object. */
  key?: string
  /** Of a listing. */
  prefix?: string
}

/** Whether a policy lets somebody do something: what no statement allows is denied. */
export function isAllowed(policy: BucketPolicy, principal: string, { action, bucket, key, prefix }: Wanted): boolean {
  const resource = `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`
  return policy.Statement.some(
    ({ Principal, Action, Resource, Condition }) =>
      Principal.AWS.includes(principal) &&
      Action.includes(action) &&
      Resource.some((pattern) => matches(pattern, resource)) &&
      (Condition === undefined || Condition.StringEquals['s3:prefix'].includes(prefix ?? '')),
  )
}

/** A wildcard stands at the end only: one of another kind of policy is not read at all. */
const matches = (pattern: string, resource: string): boolean =>
  pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern

/** Reads a policy of the kind that `bucketPolicy` writes. @throws Refusal MalformedPolicy: it would mean something else here */
export function readPolicy(text: string): BucketPolicy {
  let policy: Partial<BucketPolicy>
  try {
    policy = JSON.parse(text) as Partial<BucketPolicy>
  } catch {
    throw new Refusal('MalformedPolicy')
  }
  if (!Array.isArray(policy.Statement) || !policy.Statement.every(isStatement)) throw new Refusal('MalformedPolicy')
  return { Version: '2012-10-17', Statement: policy.Statement }
}

const members = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'])

function isStatement(each: Partial<PolicyStatement>): each is PolicyStatement {
  const { Effect, Principal, Action, Resource, Condition } = each
  return (
    Object.keys(each).every((name) => members.has(name)) &&
    Effect === 'Allow' &&
    isTexts(Principal?.AWS) &&
    isTexts(Action) &&
    isTexts(Resource) &&
    Resource.every((pattern) => !/[*?]/.test(pattern.slice(0, -1))) &&
    (Condition === undefined || isTexts(Condition.StringEquals?.['s3:prefix']))
  )
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
