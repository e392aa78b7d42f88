/** Made-up messages of other standards' making, each as a table and as the schema that says the same, written by hand. */

/** One message twice: as our table has it, and as XML Schema. */
export interface Twice {
  readonly type: string
  readonly table: string
  readonly groups: string
  readonly xsd: string
  /** schemas of other namespaces, by file name */
  readonly beside: ReadonlyMap<string, string>
}

const columns = 'depth\tname\toptionality\tcardinality\tformat\tcodelist\trules\n'

export const formats = `name\twhitespace\tpattern\tvalues
capital\ttext\t[A-Z]*\t
sex\ttoken\t\tF M X
unit\ttoken\t\tKGM LTR NAR
`

const simpleTypes = `
  <xs:simpleType name="an3"><xs:restriction base="xs:normalizedString"><xs:pattern value="[A-Z]*"/><xs:length value="3"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="an17"><xs:restriction base="xs:normalizedString"><xs:minLength value="1"/><xs:maxLength value="17"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="an0-35"><xs:restriction base="xs:normalizedString"><xs:maxLength value="35"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="n5"><xs:restriction base="xs:token"><xs:pattern value="[0-9]{1,5}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="decimal"><xs:restriction base="xs:decimal"><xs:totalDigits value="16"/><xs:fractionDigits value="3"/><xs:pattern value="(0|[1-9][0-9]*)(\\.[0-9]+)?"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="unit"><xs:restriction base="xs:token"><xs:enumeration value="KGM"/><xs:enumeration value="LTR"/><xs:enumeration value="NAR"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="date"><xs:restriction base="xs:date"><xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}"/></xs:restriction></xs:simpleType>
`

/** In the manner of the WCO data model: everything in one namespace, amounts with a currency, one of several identifications. */
export const cargoReport: Twice = {
  type: 'CargoReport',
  table: `#message\tCargoReport
#title\tCARGO REPORT
#namespace\turn:example:cargo:1
#elements\tqualified
#edition\t1
${columns}1\t@version\tR\t1x\tn..5
1\t@language\tO\t1x\tan3 capital
1\tID\tR\t1x\tan..17
1\tIssue\tO\t1x\tdate
1\t(choice)\tR\t1x
2\tCarrier\tR\t1x\t=Party
2\tAgent\tR\t2x\t=Party
2\t(sequence)\tR\t1x
3\tVessel\tR\t1x\tan..17
3\tVoyage\tO\t1x\tan0..35
1\tItem\tR\t2..4x
2\tSequence\tR\t1x\tn..5
2\tWeight\tR\t1x\tn..16,3
3\t@unit\tR\t1x\tan..3 unit
2\tAmount\tO\t2x\tn..16,3
3\t@currencyID\tR\t1x\tan3 capital
3\t@rate\tO\t1x\tn..16,3
2\t(choice)\tO\t1x
3\tPackage\tR\t1x\tan..17
3\tContainer\tR\t*x\tan..17
1\t(sequence Stop)\tO\t3x
2\tPlace\tR\t1x\tan..17
2\tArrival\tO\t1x\tdate
2\tDeparture\tO\t1x\tdate
1\t(choice Event)\tO\t*x
2\tSealed\tR\t1x\tan..17
2\tOpened\tR\t1x
3\tReason\tR\t1x\tan..17
1\tRemark\tO\t1x\tan0..35
`,
  groups: `#namespace\turn:example:cargo:1
#elements\tqualified
${columns}0\tParty
1\t@id\tO\t1x\tan..17
1\tName\tR\t1x\tan..17
1\tRole\tO\t3x\tan3 capital
`,
  xsd: `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:example:cargo:1" targetNamespace="urn:example:cargo:1" elementFormDefault="qualified">${simpleTypes}
  <xs:complexType name="Party"><xs:sequence><xs:element name="Name" type="an17"/><xs:element name="Role" type="an3" minOccurs="0" maxOccurs="3"/></xs:sequence><xs:attribute name="id" type="an17"/></xs:complexType>
  <xs:element name="CargoReport"><xs:complexType><xs:sequence>
    <xs:element name="ID" type="an17"/>
    <xs:element name="Issue" type="date" minOccurs="0"/>
    <xs:choice>
      <xs:element name="Carrier" type="Party"/>
      <xs:element name="Agent" type="Party" maxOccurs="2"/>
      <xs:sequence><xs:element name="Vessel" type="an17"/><xs:element name="Voyage" type="an0-35" minOccurs="0"/></xs:sequence>
    </xs:choice>
    <xs:element name="Item" minOccurs="2" maxOccurs="4"><xs:complexType><xs:sequence>
      <xs:element name="Sequence" type="n5"/>
      <xs:element name="Weight"><xs:complexType><xs:simpleContent><xs:extension base="decimal"><xs:attribute name="unit" type="unit" use="required"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
      <xs:element name="Amount" minOccurs="0" maxOccurs="2"><xs:complexType><xs:simpleContent><xs:extension base="decimal"><xs:attribute name="currencyID" type="an3" use="required"/><xs:attribute name="rate" type="decimal"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
      <xs:choice minOccurs="0"><xs:element name="Package" type="an17"/><xs:element name="Container" type="an17" maxOccurs="unbounded"/></xs:choice>
    </xs:sequence></xs:complexType></xs:element>
    <xs:sequence minOccurs="0" maxOccurs="3"><xs:element name="Place" type="an17"/><xs:element name="Arrival" type="date" minOccurs="0"/><xs:element name="Departure" type="date" minOccurs="0"/></xs:sequence>
    <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="Sealed" type="an17"/><xs:element name="Opened"><xs:complexType><xs:sequence><xs:element name="Reason" type="an17"/></xs:sequence></xs:complexType></xs:element></xs:choice>
    <xs:element name="Remark" type="an0-35" minOccurs="0"/>
  </xs:sequence><xs:attribute name="version" type="n5" use="required"/><xs:attribute name="language" type="an3"/></xs:complexType></xs:element>
</xs:schema>`,
  beside: new Map(),
}

/** In the manner of the EAEU: parts of several namespaces in one document, none of them the root's. */
export const transitPermit: Twice = {
  type: 'R.TEST.001',
  table: `#message\tR.TEST.001
#root\tTransitPermit
#title\tTRANSIT PERMIT
#namespace\turn:example:permit:2
#xmlns:doc\turn:example:permit:2
#xmlns:sdo\turn:example:simple
#edition\t2
${columns}1\tsdo:DocCode\tR\t1x\tan..17
1\tdoc:Traveller\tR\t*x
2\tsdo:Sex\tR\t1x\ta1 sex
2\t@sdo:kind\tO\t1x\tan3 capital
2\tNote\tO\t1x\tan0..35
1\tsdo:Measure\tO\t1x\tn..16,3
2\t@sdo:unit\tR\t1x\tan..3 unit
2\t@scale\tO\t1x\tn..5
`,
  groups: columns,
  xsd: `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:example:permit:2" xmlns:sdo="urn:example:simple" targetNamespace="urn:example:permit:2" elementFormDefault="unqualified">
  <xs:import namespace="urn:example:simple" schemaLocation="simple.xsd"/>${simpleTypes}
  <xs:element name="TransitPermit"><xs:complexType><xs:sequence>
    <xs:element ref="sdo:DocCode"/>
    <xs:element name="Traveller" form="qualified" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element ref="sdo:Sex"/><xs:element name="Note" type="an0-35" minOccurs="0"/>
    </xs:sequence><xs:attribute ref="sdo:kind"/></xs:complexType></xs:element>
    <xs:element ref="sdo:Measure" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>`,
  beside: new Map([
    [
      'simple.xsd',
      `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:example:simple" targetNamespace="urn:example:simple">${simpleTypes}
  <xs:element name="DocCode" type="an17"/>
  <xs:element name="Sex"><xs:simpleType><xs:restriction base="xs:token"><xs:enumeration value="F"/><xs:enumeration value="M"/><xs:enumeration value="X"/></xs:restriction></xs:simpleType></xs:element>
  <xs:attribute name="kind" type="an3"/>
  <xs:attribute name="unit" type="unit"/>
  <xs:element name="Measure"><xs:complexType><xs:simpleContent><xs:extension base="decimal"><xs:attribute ref="unit" use="required"/><xs:attribute name="scale" type="n5"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
</xs:schema>`,
    ],
  ]),
}
