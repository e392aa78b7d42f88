import { inboxOf } from './layout.ts'

/** A statement of a bucket policy, as far as this room writes and its stand-in reads it. */
export interface PolicyStatement {
  Sid: string
  Effect: 'Allow'
  Principal: { AWS: string[] }
  Action: string[]
  Resource: string[]
  Condition?: { StringEquals: { 's3:prefix': string[] } }
}

/** A bucket policy (Amazon S3 User Guide, “Policies and permissions”). */
export interface BucketPolicy {
  Version: '2012-10-17'
  Statement: PolicyStatement[]
}

/**
 * What each member of a bucket may do, and nothing else: list, read and delete what is for it; write what is by it, read it again and
 * take it back. Each pair of members is named: a wildcard in the middle of a key would reach across the slashes.
 * @param members the principal of the store by party id
 */
export function bucketPolicy(bucket: string, members: ReadonlyMap<string, string>): BucketPolicy {
  const arn = `arn:aws:s3:::${bucket}`
  const parties = [...members.keys()]
  return {
    Version: '2012-10-17',
    Statement: [...members].flatMap(([party, principal], at): PolicyStatement[] => {
      const others = parties.filter((other) => other !== party)
      const who = { Effect: 'Allow' as const, Principal: { AWS: [principal] } }
      return [
        {
          Sid: `Looks${at}`,
          ...who,
          Action: ['s3:ListBucket'],
          Resource: [arn],
          Condition: { StringEquals: { 's3:prefix': [inboxOf(party)] } },
        },
        {
          Sid: `Takes${at}`,
          ...who,
          Action: ['s3:GetObject', 's3:DeleteObject'],
          Resource: [`${arn}/${inboxOf(party)}*`],
        },
        {
          Sid: `Leaves${at}`,
          ...who,
          Action: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
          Resource: others.map((addressee) => `${arn}/${inboxOf(addressee, party)}*`),
        },
      ].filter(({ Resource }) => Resource.length > 0)
    }),
  }
}
