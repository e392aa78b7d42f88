/** Namespace names, by the prefix the specifications use for them. */
export const NS = {
  env: 'http://www.w3.org/2003/05/soap-envelope',
  eb: 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/',
  ebbp: 'http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsse11: 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  dsig11: 'http://www.w3.org/2009/xmldsig11#',
  rfc9231: 'http://www.w3.org/2021/04/xmldsig-more#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const

const X509_PROFILE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0'
const SWA_PROFILE = 'http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1'

/** Algorithm and type identifiers (eDelivery AS4 1.15, 1.4.2.6; RFC 9231) besides those in `algorithms/`; no others are accepted. */
export const URI = {
  exclusiveC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  rsaOaep: 'http://www.w3.org/2009/xmlenc11#rsa-oaep',
  mgf1Sha256: 'http://www.w3.org/2009/xmlenc11#mgf1sha256',
  hkdf: 'http://www.w3.org/2021/04/xmldsig-more#hkdf',
  hmacSha256: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
  p256: 'urn:oid:1.2.840.10045.3.1.7',
  attachmentContent: `${SWA_PROFILE}#Attachment-Content-Signature-Transform`,
  attachmentCiphertext: `${SWA_PROFILE}#Attachment-Ciphertext-Transform`,
  attachmentContentOnly: `${SWA_PROFILE}#Attachment-Content-Only`,
  base64: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary',
  x509v3: `${X509_PROFILE}#X509v3`,
  x509PkiPath: `${X509_PROFILE}#X509PKIPathv1`,
  subjectKeyIdentifier: `${X509_PROFILE}#X509SubjectKeyIdentifier`,
  encryptedKeyToken: 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey',
} as const

/** The ebMS3 roles and test service that eDelivery AS4 uses unless partners agree otherwise. */
export const EBMS = {
  initiator: `${NS.eb}initiator`,
  responder: `${NS.eb}responder`,
  testService: `${NS.eb}service`,
  testAction: `${NS.eb}test`,
  defaultMpc: `${NS.eb}defaultMPC`,
} as const
