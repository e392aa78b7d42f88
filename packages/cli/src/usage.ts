/** What may be typed. */
export const usage = `corridor: customs administrations exchange data across borders

  corridor start [CORRIDOR]            run a corridor on this machine: every node, with its console
                                       (the default is albania-kosovo; --again plays the story once more)
  corridor change FILE                 the corridor that runs on this machine works by another file of it from now on,
                                       while everything runs (also by a button of the start page)
  corridor play CORRIDOR[/STORY] [--all] [--json]
                                       play its story, or the one of a name, in fresh databases and say whether all of it
                                       came true; --list instead: which stories there are;
                                       --all: every story, and with whom each message went
  corridor draw [CORRIDOR] [--svg FILE|--mermaid]
                                       the picture of its nodes, places and links, drawn from its file
  corridor login [ACCOUNT] [--corridor CORRIDOR]
                                       a new one-time sign-in link for an account of a corridor that runs here
                                       (of a real node: with its DATABASE_URL and --corridor FILE)
  corridor token ACCOUNT NAME [--revoke]
                                       a bearer token for a program of a trader or an officer; or the end of one
  corridor node NODE --corridor FILE   run one real node of a corridor.yaml of your own, with DATABASE_URL
                                       (SIGHUP: it takes up a changed corridor.yaml while it runs)
  corridor join init NODE --country CC --party PARTY --name NAME --url URL [--into FOLDER] [--pilot] [--time-zone ZONE]
                [--locales L,L] [--api-port N] [--as4-port N]
                                       a new member: keys, certificate requests, a first corridor.yaml; nothing is overwritten
                                       (--pilot: an authority of its own signs them)
  corridor join invite --for CC [--corridor FILE] [--agreement REF] [--days N] [--out FILE]
                                       an invitation for the administration of another country: a signed file for the post,
                                       a fingerprint for the telephone
  corridor join accept FILE [--fingerprint F] [--corridor FILE] [--test-partner]
                                       what an invitation changes here; with its fingerprint the change is made
  corridor join leave NODE [--yes] [--corridor FILE]
                                       takes a member out again
  corridor join check MEMBER [--corridor FILE] [--movement] [--minutes N] [--link-only] [--out FILE]
                                       runs the conformance scenarios against a member, with DATABASE_URL and our node running;
                                       leaves a signed report (--movement: with a movement that people of both sides do)
  corridor join verify-report FILE [--corridor FILE|--signer CERTIFICATE]
                                       whether a report is what its maker signed
  corridor test-partner --country CC --invitation FILE [--into FOLDER] [--host HOST] [--api-port N] [--as4-port N]
                                       a node that plays any country, to test with; FILE is the invitation made for it
  corridor join database [FOLDER]      a PostgreSQL for a pilot, for as long as this command runs
  corridor journal verify --node NODE [--corridor CORRIDOR] [--from N] [--to N] [--head HASH] [--json]
                                       whether the sealed journal of a node is what it was
  corridor backup --node NODE --out FOLDER [--reason WORDS] [--corridor CORRIDOR] [--json]
                                       the database of a node as files, as it is at one moment; the node may run. Keys are not in it
  corridor restore FOLDER --verify --node NODE|--data-key FILE [--to FOLDER] [--corridor CORRIDOR] [--json]
                                       proves a backup: restores it into a PostgreSQL of its own and looks at every file, row, seal
                                       and document (--to: a folder in which that PostgreSQL stays)
  corridor restore FOLDER --node NODE --reason WORDS [--corridor CORRIDOR] [--json]
                                       the same, and puts it in the place of the node's database; the node is stopped
  corridor certificates --node NODE [--days N] [--party PARTY] [--corridor FILE] [--json]
                                       every certificate of the files of a node, own and partners'; what a node would not take;
                                       what breaks in 60 days (or N), and what to do. Nothing has to run
  corridor partners [PARTY] --node NODE --as ACCOUNT [--json]
                                       with whom a running node exchanges: link, P-Modes, contacts, certificates
  corridor reconcile PARTNER --node NODE [--day DAY] [--repair --reason WORDS] [--seconds N] [--corridor CORRIDOR] [--json]
                                       a day (of UTC; yesterday unless told) held against what the partner has of it,
                                       message by message; --repair: only what is missing is sent again, on both sides
                                       (--show NUMBER instead of PARTNER: how one stands)
  corridor evidence MRN [--node NODE] [--out FILE] [--reason WORDS] [--corridor CORRIDOR]
                                       all that proves what was exchanged about a movement, in one signed file
                                       (a real node: with its DATABASE_URL and --corridor FILE)
  corridor verify FILE [--trust FILE] [--key FILE --certificate FILE] [--json]
                                       whether such a file is what was exchanged, without network and database;
                                       --trust: certificates (PEM) of the parties; --key: opens what is withheld from others
  corridor validate FILE… [--structure] [--json] [--at DATE] [--corridor CORRIDOR]
                                       what is wrong with documents: structure, code lists, rules;
                                       remarks where a guideline is not followed
  corridor schema [MESSAGE] --xsd|--json-schema|--html|--types [--into FOLDER] [--corridor CORRIDOR]
                                       what a message may hold; alone: which messages there are
  corridor convert FILE --to json|xml  a document in its other form
  corridor declaration FILE [--form FORM] [--country CC] [--currency CUR] [--to FORM|block|xml] [--import]
                                       what is wrong with a declaration in a national system's form, or with a utility
                                       block; --to: it in another form, with what that could not hold;
                                       --import: the import begun from it, with what is to be completed
  corridor declaration forms|elements  which forms there are; the elements of the utility block
  corridor declaration mirror --exports FOLDER --imports FOLDER --currency CUR [--rates FILE] [--day DAY]
                              [--mass PERCENT] [--value PERCENT] [--travel DAYS] [--json]
                                       declared exports held against declared imports
  corridor connect triggers --print|--install|--recapture|--state|--uninstall [--mapping FILE] [--discard]
                                       triggers that hand over what a national database releases; where it is,
                                       NATIONAL_DATABASE_URL says
  corridor rules [--message MESSAGE]   how many rules are evaluated; exceptions and their reasons
  corridor machine [ROLE] [--mermaid [--all]] [--json]
                                       the machines by which offices decide; the rows of one, or its diagram
  corridor codelists [LIST] [--at DATE] [--corridor CORRIDOR]
                                       which code lists there are, or the codes of one
  corridor codelists import FILE --list LIST --into FOLDER [--name N] [--source S] [--version DATE] [--addition]
                                       a published list into a corridor's folder of code lists
  corridor reference tables [NUMBER] [--json]
                                       the tables that the sides of a corridor agreed on, with both of their numbers,
                                       or one with its values and what they are in today's lists
  corridor reference lists|show LIST CODE|export LIST [--form FORM] --node NODE [--corridor CORRIDOR] [--json]
                                       the lists that a node keeps; a code at every time; a list as a file
                                       (csrd2-xml, tsv, csv, json)
  corridor reference subscribers --node NODE [--json]
                                       who has which version of the lists that are the node's, and why not the one in use
  corridor reference import FILE --node NODE [--list LIST] [--version DATE] [--addition] [--ending] [--draft] [--json]
                                       a published file into the lists of a node, all of it or nothing
  corridor reference draft LIST FILE|--changes FILE --note WORDS --as ACCOUNT --node NODE [--version DATE] [--form FORM]
                           [--addition] [--ending]
                                       a new version of a list to be reviewed: from a file, or from a JSON array of
                                       changes ({code, texts, …} or {end, validTo})
  corridor reference versions LIST --node NODE [--json]
                                       who made, reviewed and published which version, and what may be done now
  corridor reference difference LIST NUMBER --node NODE [--json]
                                       what a version changes, and which movements under way use what it ends or changes
  corridor reference review|publish|discard LIST NUMBER --as ACCOUNT --node NODE [--reason WORDS]
                                       a second person reviews; then it is published, or at any time before discarded
                                       (--reason: why codes end that movements under way use)
  corridor reference restore LIST NUMBER --note WORDS --as ACCOUNT --node NODE [--version DATE]
                                       a new version to be reviewed that has what an earlier one had
  corridor reference copy --node NODE --out FOLDER [--lists LIST,…] [--at DAY] [--typescript] [--language LANGUAGE]
                                       lists as of a day, as files for where there is no network; what changed since,
                                       where the folder has a copy
  corridor reference volume --node NODE [--from MONTH] [--to MONTH] [--csv|--json]
                                       how much reference data each side produces: entries and changes by list and month,
                                       observed and expected
  corridor explore [PATH…] [--depth N] [--states N] [--list] [--json] | --random MOVEMENTS [--seed S] [--json]
                                       every order in which the documents of one movement may come, acts and copies in
                                       between: how many states there are, and what must hold in each;
                                       --random: so many movements on ways that a seed draws, fifty at a time
  corridor paper NUMBER --as ACCOUNT --node NODE --pdf FILE|--html FILE [--kind KIND] [--languages L,L]
                                       a document on paper: of an MRN the accompanying document or
                                       --kind unloading-permission, of a GRN the receipt of the guarantee
  corridor simulate [--seeds N] [--first S] | --seed S [--json]
                                       whole nodes in a simulation: faults that a seed chooses, and what must hold
                                       all the same
  corridor border create --administrator URL --name DATABASE --owner ROLE [--password-file FILE] [--json]
                                       an empty database for a border and the role that owns it, on a PostgreSQL of yours
                                       (16 or newer); once, as its superuser
  corridor border prepare --database URL [--member PARTY]… [--new-password PARTY]… [--remove PARTY]…
                          [--password-file FILE] [--object-megabytes N] [--waiting-objects N] [--waiting-megabytes N] [--json]
                                       as its owner: tables and members of a border database, also after an update; a password
                                       is shown once, or is in the file (mode 600; a line each: PARTY PASSWORD)
  corridor border tidy --database URL [--json]
                                       as its owner, every few minutes: removes what expired or was dealt with
                                       (the URL may be in BORDER_DATABASE_URL instead)
  corridor link wireguard --corridor FILE --between A,B --endpoint NODE=HOST:PORT… [--address NODE=ADDRESS]… --into FOLDER
                [--own NODE [--public-key KEY]] [--mtu N] [--keepalive SECONDS]
                                       the configuration of a tunnel for both sides, or for your own, and what the corridor
                                       file needs; a private key is never written over
  corridor link check --node NODE [--corridor FILE] [--json]
                                       whether the tunnels of a node are up: its address, the way, the partner
  corridor cloud policy --bucket BUCKET --member PARTY=PRINCIPAL…
                                       the policy of a bucket in a cloud store that keeps its members apart, as JSON
  corridor cloud prepare --settings FILE --member PARTY=PRINCIPAL…
                                       as the bucket’s owner: makes the bucket where it is not there, and applies the policy
  corridor cloud check --settings FILE --party PARTY --other PARTY… [--json]
                                       as a member: tries what the store must let it do, and what it must not
  corridor cloud tidy --settings FILE [--days N]
                                       as the owner, daily: removes what lies there for longer than objects live
  corridor messages list|count [FILTER…] --node NODE --as ACCOUNT [--limit N] [--cursor CURSOR] [--json]
                                       messages that came and that are owed, the newest first. FILTER: --mrn, --lrn, --plate,
                                       --seal, --container, --message-id, --conversation, --partner, --type, --state, --direction,
                                       --from, --to, --ids, or --q for any of them (docs/repair.md)
  corridor messages show ID --node NODE --as ACCOUNT [--json]
                                       one message: verdict, what happened to it, its conversation
  corridor messages document|raw|receipt ID --node NODE --as ACCOUNT [--out FILE]
                                       its document without access codes, or the exact bytes that were exchanged
                                       (of a node elsewhere: --url URL instead, with the token in CORRIDOR_TOKEN)
  corridor messages batch resend|replay|park|discard FILTER… --node NODE --as ACCOUNT [--json]
                                       a dry run: how many messages, and what would come of it now
  corridor messages batch … --digest DIGEST --reason WORDS [--count N]
                                       asks for it; --count where the filter leaves all messages
  corridor messages approve|refuse N --node NODE --as ACCOUNT [--reason WORDS]
                                       a second person approves a batch, or refuses it; who asked may withdraw it
  corridor messages batches|result [N] --node NODE --as ACCOUNT [--state STATE] [--outcome OUTCOME]
                                       the batches; what became of each message of one
  corridor messages correct ID --document FILE --reason WORDS --node NODE --as ACCOUNT
                                       a corrected document for a parked message that came; what came is kept
  corridor messages trial ID --node NODE --as ACCOUNT
                                       what would be decided on a message if it came now; nothing of it stays
  corridor as4 send|serve|pull|explain …
                                       AS4 messages by hand, for who debugs a partner; more: corridor as4 help
  corridor help

Data, keys and settings are in .corridor (as root: /var/lib/corridor), or where CORRIDOR_HOME says.
`

/** A command of the usage with its explanation: from one line `  corridor …` to before the next. */
const blocks = usage.split(/\n(?= {2}corridor )/).slice(1)

/**
 * The part of the usage that tells of a command, so that who mistyped one word need not look for it.
 * @param name of the command @param what its first word: `draft` of `corridor reference draft`
 */
export function usageOf(name: string, what = ''): string {
  const of = blocks
    .filter((block) => block.startsWith(`  corridor ${name} `))
    .map((block) => `${block.split('\n\n', 1)[0]!.trimEnd()}\n`)
  const first = (block: string): string[] => (block.split(/\s+/)[3] ?? '').split('|')
  const closer = of.filter((block) => what !== '' && first(block).includes(what))
  return (closer.length > 0 ? closer : of).join('') || 'corridor help lists the commands.\n'
}
