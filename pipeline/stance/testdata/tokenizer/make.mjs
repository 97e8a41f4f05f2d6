// Makes everything else in this folder: three small tokenizers, and what the reference implementation makes of our texts.
//
//   npm install tokenizers@0.23.2 && node make.mjs
//
// It is run by hand, when a kind of text or of tokenizer is to be added; the tests only read the results.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import crypto from 'node:crypto'
import * as T from 'tokenizers'
import { texts, sentence } from './texts.mjs'
import { charsmap } from './charsmap.mjs'
import { variants } from './variants.mjs'

const here = path.dirname(new URL(import.meta.url).pathname)
const write = (name, data) => fs.writeFileSync(path.join(here, name), zlib.gzipSync(data, { level: 9 }))
const all = texts()

// Training: the library's own trainers, on half of the texts and more sentences of the same grammar.
const corpus = path.join(os.tmpdir(), 'corpus.txt')
fs.writeFileSync(corpus, [...all.filter((_, i) => i % 2), ...Array.from({ length: 2000 }, sentence)].join('\n'))
function train (model, normalizer, preTokenizer) {
  const t = new T.Tokenizer(model)
  if (normalizer) t.setNormalizer(normalizer)
  t.setPreTokenizer(preTokenizer)
  t.train([corpus])
  const file = path.join(os.tmpdir(), 'trained.json')
  t.save(file)
  return JSON.parse(fs.readFileSync(file)).model
}
const added = (id, content, more) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more })
const shell = { version: '1.0', truncation: null, padding: null, decoder: null }
const piece = (kind, id, type_id = 0) => ({ [kind]: { id, type_id } })
const template = (cls, sep, ids) => ({
  type: 'TemplateProcessing',
  single: [piece('SpecialToken', cls), piece('Sequence', 'A'), piece('SpecialToken', sep)],
  pair: [piece('SpecialToken', cls), piece('Sequence', 'A'), piece('SpecialToken', sep), piece('Sequence', 'B', 1), piece('SpecialToken', sep, 1)],
  special_tokens: Object.fromEntries([cls, sep].map(t => [t, { id: t, ids: [ids[t]], tokens: [t] }]))
})

// WordPiece in the shape of the default model.
function wordpiece () {
  const trained = train(T.WordPiece.empty(), T.bertNormalizer(), T.bertPreTokenizer())
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '[AUTHOR]', '[ENT]']
  const pieces = Object.entries(trained.vocab).sort((a, b) => a[1] - b[1]).map(([p]) => p).filter(p => !specials.includes(p)).slice(0, 2500)
  const vocab = Object.fromEntries([...specials, ...pieces].map((p, i) => [p, i]))
  const quotes = [['’', "'"], ['‘', "'"], ['“', '"'], ['”', '"'], ['–', '-'], ['—', '-']]
  return {
    ...shell,
    added_tokens: specials.map((s, i) => added(i, s)),
    normalizer: {
      type: 'Sequence',
      normalizers: [...quotes.map(([from, to]) => ({ type: 'Replace', pattern: { String: from }, content: to })),
        { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true }]
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: template('[CLS]', '[SEP]', vocab),
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab }
  }
}

// Byte-level BPE in the shape of RoBERTa.
function bytebpe () {
  const trained = train(T.BPE.empty(), null, T.byteLevelPreTokenizer(true))
  const specials = ['<s>', '<pad>', '</s>', '<unk>']
  const vocab = {}
  const put = p => { vocab[p] ??= Object.keys(vocab).length }
  specials.forEach(put)
  T.byteLevelAlphabet().sort().forEach(put)
  const merges = trained.merges.slice(0, 2000)
  for (const [a, b] of merges) put(a + b)
  put('<mask>')
  return {
    ...shell,
    added_tokens: [...specials.map((s, i) => added(i, s, { normalized: true })), added(vocab['<mask>'], '<mask>', { lstrip: true })],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: false },
    model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab, merges }
  }
}

// Unigram in the shape of DeBERTa-v3.
function unigram () {
  const map = { type: 'Precompiled', precompiled_charsmap: charsmap() }
  const trained = train(T.Unigram.empty(), T.nfkcNormalizer(), T.metaspacePreTokenizer())
  const specials = ['[PAD]', '[CLS]', '[SEP]', '[UNK]']
  const pieces = trained.vocab.filter(([p]) => !specials.includes(p) && !p.includes('[MASK]')).slice(0, 2500)
  const vocab = [...specials.map(s => [s, 0]), ...pieces.map(([p, score]) => [p, Number(score.toPrecision(8))]), ['[MASK]', 0]]
  const ids = Object.fromEntries(vocab.map(([p], i) => [p, i]))
  return {
    ...shell,
    added_tokens: [...specials, '[MASK]'].map(s => added(ids[s], s, { normalized: s === '[UNK]' })),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Strip', strip_left: false, strip_right: true }, map, { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }] },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: template('[CLS]', '[SEP]', ids),
    model: { type: 'Unigram', unk_id: 3, byte_fallback: false, vocab }
  }
}

// encode returns ids and offsets without special tokens around them. Offsets are in code points, each start relative to
// the end before it and each end relative to its start.
async function encode (tokenizer, text) {
  const e = await tokenizer.encode(text, null, { addSpecialTokens: false })
  let at = 0
  const offsets = e.getOffsets().flatMap(([start, end]) => {
    const step = [start - at, end - start]
    at = end
    return step
  })
  return [e.getIds(), offsets]
}

const bases = { wordpiece: wordpiece(), bytebpe: bytebpe(), unigram: unigram() }
const lines = all.map(text => ({ text }))
for (const [name, json] of Object.entries(bases)) {
  write(name + '.json.gz', JSON.stringify(json))
  const tokenizer = T.Tokenizer.fromString(JSON.stringify(json))
  for (const line of lines) line[name] = await encode(tokenizer, line.text)
}
write('vectors.jsonl.gz', lines.map(line => JSON.stringify(line)).join('\n') + '\n')

// Variants: each a base with some parts changed; of what the reference makes of a text, the first two bytes of a hash; and
// ids and types of one text and of two with the special tokens around them.
const framed = async (tokenizer, text, pair) => {
  const e = await tokenizer.encode(text, pair)
  return { ids: e.getIds(), types: e.getTypeIds() }
}
const out = []
for (const v of variants(bases)) {
  const json = { ...bases[v.base], ...v.set }
  const tokenizer = T.Tokenizer.fromString(JSON.stringify(json))
  const hashes = Buffer.alloc(2 * all.length)
  for (const [i, text] of all.entries()) {
    const canonical = (await encode(tokenizer, text)).map(list => list.join(' ')).join('|')
    crypto.createHash('sha256').update(canonical).digest().copy(hashes, 2 * i, 0, 2)
  }
  const frames = [await framed(tokenizer, 'troops', null), await framed(tokenizer, 'troops', 'border patrol')]
  out.push(JSON.stringify({ ...v, frames, hashes: hashes.toString('base64') }))
}
write('variants.jsonl.gz', out.join('\n') + '\n')

// Code points: for each property the ranges of those that have it, and for each mapping a hash over what becomes of all.
const every = function * () { for (let c = 0; c < 0x110000; c++) if (c < 0xd800 || c > 0xdfff) yield c }
const clean = T.bertNormalizer({ cleanText: true, handleChineseChars: false, stripAccents: false, lowercase: false })
const accents = T.bertNormalizer({ cleanText: false, handleChineseChars: false, stripAccents: true, lowercase: false })
const marks = T.stripAccentsNormalizer()
const bert = T.bertPreTokenizer(); const words = T.whitespacePreTokenizer(); const digits = T.digitsPreTokenizer(true); const bytes = T.byteLevelPreTokenizer(false, true)
const between = (t, left, c, right) => t.preTokenizeString(left + c + right).length
const properties = {
  removed: c => clean.normalizeString(`a${c}b`) === 'ab',
  blank: c => clean.normalizeString(`a${c}b`) === 'a b',
  space: c => between(bert, 'a', c, 'b') === 2,
  punctuation: c => between(bert, 'a', c, 'b') === 3,
  accent: c => accents.normalizeString(`a${c}b`) === 'ab',
  mark: c => marks.normalizeString(`a${c}b`) === 'ab',
  word: c => between(words, 'a', c, 'b') === 1,
  numeric: c => between(digits, 'a', c, 'b') === 3,
  letter: c => between(bytes, 'a', c, 'b') === 1,
  number: c => between(bytes, '1', c, '1') === 1
}
const mappings = { lower: T.lowercase(), nfc: T.nfcNormalizer(), nfd: T.nfdNormalizer(), nfkc: T.nfkcNormalizer(), nfkd: T.nfkdNormalizer() }
const codepoints = { ranges: {}, hashes: {} }
for (const [name, has] of Object.entries(properties)) {
  const ranges = []
  for (const c of every()) {
    if (!has(String.fromCodePoint(c))) continue
    const last = ranges.at(-1)
    if (last && last[1] === c - 1) last[1] = c
    else ranges.push([c, c])
  }
  codepoints.ranges[name] = ranges
}
for (const [name, normalizer] of Object.entries(mappings)) {
  const hash = crypto.createHash('sha256')
  for (const c of every()) hash.update(normalizer.normalizeString(String.fromCodePoint(c)) + '\n')
  codepoints.hashes[name] = hash.digest('hex')
}
write('codepoints.json.gz', JSON.stringify(codepoints))
