import {
  Attribute,
  CMSVersion,
  EncryptedContentInfo,
  id_signedData,
  OriginatorInfo,
  RecipientInfos,
  SignedData,
} from '@peculiar/asn1-cms'
import { AsnArray, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from '@peculiar/asn1-schema'
import { OID } from './names.ts'

// The library tells the types by decorators, which Node does not run in TypeScript; here they are called as functions.

/** A set of attributes as it is signed: with the tag of a set (RFC 5652, 5.4). */
export class AttributeSet extends AsnArray<Attribute> {}
AsnType({ type: AsnTypeTypes.Set, itemType: Attribute })(AttributeSet)

/** AuthEnvelopedData (RFC 5083, 2.1), which the library does not have. */
export class AuthEnvelopedData {
  version: CMSVersion = CMSVersion.v0
  originatorInfo?: OriginatorInfo
  recipientInfos = new RecipientInfos()
  authEncryptedContentInfo = new EncryptedContentInfo()
  authAttrs?: Attribute[]
  mac = new OctetString()
  unauthAttrs?: Attribute[]

  constructor(given: Partial<AuthEnvelopedData> = {}) {
    Object.assign(this, given)
  }
}
const optional = { implicit: true, optional: true } as const
const fields = AuthEnvelopedData.prototype
AsnProp({ type: AsnPropTypes.Integer })(fields, 'version')
AsnProp({ type: OriginatorInfo, context: 0, ...optional })(fields, 'originatorInfo')
AsnProp({ type: RecipientInfos })(fields, 'recipientInfos')
AsnProp({ type: EncryptedContentInfo })(fields, 'authEncryptedContentInfo')
AsnProp({ type: Attribute, repeated: 'set', context: 1, ...optional })(fields, 'authAttrs')
AsnProp({ type: OctetString })(fields, 'mac')
AsnProp({ type: Attribute, repeated: 'set', context: 2, ...optional })(fields, 'unauthAttrs')

/** GCMParameters (RFC 5084, 3.2). */
export class GcmParameters {
  nonce = new OctetString()
  icvLength = 12

  constructor(given: Partial<GcmParameters> = {}) {
    Object.assign(this, given)
  }
}
AsnProp({ type: OctetString })(GcmParameters.prototype, 'nonce')
AsnProp({ type: AsnPropTypes.Integer, defaultValue: 12 })(GcmParameters.prototype, 'icvLength')

/** ContentInfo (RFC 5652, 3) around what a sealed object has: typed, so that neither layer is read or written twice. */
export class SignedContentInfo {
  contentType: string = id_signedData
  content = new SignedData()

  constructor(given: Partial<SignedContentInfo> = {}) {
    Object.assign(this, given)
  }
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(SignedContentInfo.prototype, 'contentType')
AsnProp({ type: SignedData, context: 0 })(SignedContentInfo.prototype, 'content')

/** The same around the outer layer (RFC 5083, 2). */
export class AuthEnvelopedContentInfo {
  contentType: string = OID.authEnvelopedData
  content = new AuthEnvelopedData()

  constructor(given: Partial<AuthEnvelopedContentInfo> = {}) {
    Object.assign(this, given)
  }
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(AuthEnvelopedContentInfo.prototype, 'contentType')
AsnProp({ type: AuthEnvelopedData, context: 0 })(AuthEnvelopedContentInfo.prototype, 'content')
