/** What `corridor as4` says of itself. */
export const USAGE = `corridor as4: send, receive, pull and look at AS4 messages by hand

  corridor as4 send URL [FILE…]        send files as one message; without files: a message to the test service
  corridor as4 serve --port P --out DIR [FILE…]
                                       receive messages into a folder until Ctrl-C; with --mpc, offer FILEs for pulling
  corridor as4 pull URL --mpc M --out DIR
                                       pull messages until there are no more
  corridor as4 explain FILE            what a captured message holds: an HTTP request or answer, or a bare body

Keys (PEM; a .p12 becomes one with: openssl pkcs12 -in my.p12 -nodes -out my.pem)
  --key FILE                 our private key; CORRIDOR_KEY_PASSWORD opens an encrypted one
  --cert FILE                our certificate and its issuers (when left out: in the file of the key)
  --partner FILE             the partner's certificate: verifies what they sign, encrypts what we send
  --encryption-key FILE      our key for decrypting, and --encryption-cert FILE,
  --encryption-partner FILE  the partner's certificate for encrypting, where a profile has keys for each use
Agreement
  --profile NAME             edelivery-1.15 (default), edelivery-2.0, edelivery-2.0-ec, ics2
  --from ID --from-type T --from-role R, --to ID --to-type T --to-role R
                             who sends, who receives; by default as the certificates are named, or anybody
  --service S --service-type T, --action A, --agreement A --agreement-type T, --mpc M
  --no-encrypt, --no-compress
  --pmodes FILE --pmode ID   instead of all these: P-Modes in JSON; which one, when we send or pull
  --token FORM               x509v3, x509-pki-path, key-identifier, issuer-serial: how we name our certificate
Message
  --property NAME=VALUE      a message property; any number of them
  --conversation ID, --message-id ID, --ref-to ID, --mime TYPE
Connection
  --ca FILE, --pin FILE      authorities of the partner's server; the one certificate it must have
  --tls-cert FILE, --tls-key FILE, --client-ca FILE (serve)
                             our TLS certificate and key; authorities of clients
  --timeout MS, --retry N, --interval MS
                             how long one exchange may take (60 s, 10 minutes for more than 4 MB; serve: 10 minutes)
  --host H, --path /as4      where serve listens
Else
  --capture DIR              keep every request and answer as a file that “explain” reads; serve and pull then hold
                             messages in memory and take 32 MB at most instead of 2 GB
  --fail CODE                serve: answer every message with this error, EBMS:0004 for one
  --max N                    pull: at most so many messages; serve: end after so many
  --sent FILE                explain: the captured request that a receipt is for
  --json                     one JSON object a line
`
