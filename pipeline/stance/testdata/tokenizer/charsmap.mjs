// A charsmap as sentencepiece compiles it, over rules of our own in the manner of NFKC.

function rules () {
  const map = new Map()
  const rule = (from, to) => map.set(from, to)
  for (let c = 0xff01; c <= 0xff5e; c++) rule(String.fromCodePoint(c), String.fromCodePoint(c - 0xfee0))
  for (const c of ['\t', '\n', '\r', '\f', '\u00a0', '\u1680', '\u2002', '\u2003', '\u2009', '\u200b', '\u2028', '\u202f', '\u3000', '\ufeff', '\ufffd']) rule(c, ' ')
  for (const c of ['\u0001', '\u0007', '\u001b', '\u007f', '\u00ad', '\u200d', '\u200e']) rule(c, '')
  for (const c of '…①②½™ﬁﬂﬃﬆⅧ㎏℃№㍿ﷺﻻŉǆ\u212b\u2126ſ｡ｶ') rule(c, c.normalize('NFKC'))
  for (const base of 'aceinorsuyzACEINOSUZ') {
    for (const mark of '\u0301\u0300\u0308\u0302\u0327\u030c\u0303') {
      const one = (base + mark).normalize('NFC')
      if ([...one].length === 1) rule(base + mark, one)
    }
  }
  rule('か\u3099', 'が')
  rule('\r\n', ' ')
  return map
}

// The trie is a double array of 32-bit units; a unit holds its label in the low byte, bit 8 says that a value hangs under
// label 0, and the offset that, xored with the own place, leads to the children is in the high bits.
export function charsmap () {
  const root = { children: new Map() }
  let replacements = Buffer.alloc(0)
  for (const [from, to] of rules()) {
    let node = root
    for (const byte of Buffer.from(from)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map() })
      node = node.children.get(byte)
    }
    node.value = replacements.length
    replacements = Buffer.concat([replacements, Buffer.from(to + '\0')])
  }
  const units = new Map([[0, 0]])
  const place = (node, at) => {
    const labels = [...node.children.keys(), ...(node.value === undefined ? [] : [0])]
    let base = 1
    while (labels.some(label => units.has(base ^ label))) base++
    for (const label of labels) units.set(base ^ label, 0)
    units.set(at, units.get(at) | (at ^ base) << 10 | (node.value === undefined ? 0 : 1 << 8))
    if (node.value !== undefined) units.set(base, (node.value | 1 << 31) >>> 0)
    for (const [label, child] of node.children) {
      units.set(base ^ label, label)
      place(child, base ^ label)
    }
  }
  place(root, 0)
  const size = (Math.max(...units.keys()) | 0xff) + 1
  const blob = Buffer.alloc(4 + 4 * size)
  blob.writeUInt32LE(4 * size, 0)
  for (const [at, unit] of units) blob.writeUInt32LE(unit >>> 0, 4 + 4 * at)
  return Buffer.concat([blob, replacements]).toString('base64')
}
