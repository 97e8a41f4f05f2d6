// Tokenizers that differ from the three bases in one or two parts, so that every part that is supported is tried.

const bert = more => ({ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true, ...more })
const sequence = (...normalizers) => ({ type: 'Sequence', normalizers })
const steps = (...pretokenizers) => ({ type: 'Sequence', pretokenizers })
const split = (pattern, behavior, invert = false) => ({ type: 'Split', pattern, behavior, invert })
const metaspace = (prepend_scheme, split = true) => ({ type: 'Metaspace', replacement: '▁', prepend_scheme, split })
const byteLevel = (add_prefix_space, use_regex = true) => ({ type: 'ByteLevel', add_prefix_space, trim_offsets: true, use_regex })
const replace = (pattern, content) => ({ type: 'Replace', pattern, content })
const gpt4 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

export function variants (bases) {
  const { wordpiece, bytebpe, unigram } = bases
  const model = (base, more) => ({ model: { ...bases[base].model, ...more } })
  const extra = (base, list) => {
    const { vocab } = bases[base].model
    let next = Object.keys(vocab).length
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }
    return { added_tokens: [...bases[base].added_tokens, ...list.map(t => ({ id: vocab[t.content] ?? next++, ...flags, ...t }))] }
  }
  const word = (name, set) => ({ name: 'wordpiece ' + name, base: 'wordpiece', set })
  const byte = (name, set) => ({ name: 'bpe ' + name, base: 'bytebpe', set })
  const uni = (name, set) => ({ name: 'unigram ' + name, base: 'unigram', set })

  // BPE over characters, as models converted from sentencepiece have it
  const charVocab = { '<unk>': 0, '<s>': 1, '</s>': 2 }
  for (let b = 0; b < 256; b++) charVocab[`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`] = 3 + b
  const charMerges = []
  const put = p => { charVocab[p] ??= Object.keys(charVocab).length }
  for (const c of '▁abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPRSTUVWéß.,-\'0123456789') put(c)
  for (const [a, b] of bytebpe.model.merges) {
    const [left, right] = [a, b].map(p => p.replaceAll('Ġ', '▁'))
    if (!(left in charVocab && right in charVocab)) continue
    charMerges.push([left, right])
    put(left + right)
  }
  const chars = (name, more, normalizer, pre_tokenizer) => byte('characters ' + name, {
    added_tokens: [], normalizer, pre_tokenizer, post_processor: null,
    model: { ...bytebpe.model, unk_token: '<unk>', vocab: charVocab, merges: charMerges, ...more }
  })
  const llama = sequence({ type: 'Prepend', prepend: '▁' }, replace({ String: ' ' }, '▁'))
  // BPE with markers inside and at the end of words
  const affixed = { '<unk>': 0 }
  for (const c of 'abcdefghijklmnopqrstuvwxyz') for (const p of [c, '@' + c, '@' + c + '$', c + '$']) affixed[p] = Object.keys(affixed).length
  const affixMerges = [['t', '@h'], ['th', '@e$'], ['@i', '@n'], ['@in', '@g$'], ['a', '@n'], ['an', '@d$'], ['@e', '@r$'], ['o', '@f$'], ['@o', '@o'], ['@l', '@l'], ['@s', '@s$']]
  for (const [a, b] of affixMerges) affixed[a + b.slice(1)] = Object.keys(affixed).length

  return [
    word('as it is', {}),
    byte('as it is', {}),
    uni('as it is', {}),
    word('no post-processor', { post_processor: null }),
    word('BertProcessing', { post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] } }),
    byte('ModernBERT', { normalizer: { type: 'NFC' }, post_processor: { ...wordpiece.post_processor, single: [wordpiece.post_processor.single[1]], pair: [1, 3].map(i => wordpiece.post_processor.pair[i]), special_tokens: {} } }),
    byte('ByteLevel, then a template', {
      post_processor: {
        type: 'Sequence',
        processors: [{ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }, {
          type: 'TemplateProcessing',
          single: [{ SpecialToken: { id: 'both', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
          pair: [{ Sequence: { id: 'B', type_id: 1 } }, { SpecialToken: { id: 'both', type_id: 1 } }, { Sequence: { id: 'A', type_id: 0 } }],
          special_tokens: { both: { id: 'both', ids: [0, 2], tokens: ['<s>', '</s>'] } }
        }]
      }
    }),
    word('cased', { normalizer: bert({ lowercase: false }) }),
    word('cased, accents stripped', { normalizer: bert({ lowercase: false, strip_accents: true }) }),
    word('lower case, accents kept', { normalizer: bert({ strip_accents: false }) }),
    word('nothing cleaned', { normalizer: bert({ clean_text: false, handle_chinese_chars: false }) }),
    word('no normalizer', { normalizer: null }),
    word('NFC', { normalizer: { type: 'NFC' } }),
    word('NFD', { normalizer: { type: 'NFD' } }),
    word('NFKC', { normalizer: { type: 'NFKC' } }),
    word('NFKD, accents stripped', { normalizer: sequence({ type: 'NFKD' }, { type: 'StripAccents' }) }),
    word('NFKC after NFD', { normalizer: sequence({ type: 'NFD' }, { type: 'NFKC' }, { type: 'Lowercase' }) }),
    word('Nmt, Strip', { normalizer: sequence({ type: 'Nmt' }, { type: 'Strip', strip_left: true, strip_right: true }, { type: 'Lowercase' }) }),
    word('Replace', { normalizer: sequence(replace({ String: '``' }, '"'), replace({ String: 'the ' }, ''), replace({ Regex: '[0-9]+' }, '0$0'), replace({ Regex: '\\s+' }, ' '), bert()) }),
    word('Prepend', { normalizer: sequence({ type: 'Prepend', prepend: 'un ' }, bert()) }),
    word('Whitespace', { pre_tokenizer: { type: 'Whitespace' } }),
    word('WhitespaceSplit', { pre_tokenizer: { type: 'WhitespaceSplit' } }),
    ...['Removed', 'Isolated', 'Contiguous', 'MergedWithPrevious', 'MergedWithNext'].flatMap(behavior => [
      word('Punctuation ' + behavior, { pre_tokenizer: steps({ type: 'WhitespaceSplit' }, { type: 'Punctuation', behavior }) }),
      word('Split ' + behavior, { normalizer: null, pre_tokenizer: split({ Regex: '[aeiou]| ' }, behavior) }),
      word('Split inverted ' + behavior, { normalizer: null, pre_tokenizer: split({ Regex: '\\p{L}+|\\d+' }, behavior, true) })
    ]),
    word('Digits', { pre_tokenizer: steps({ type: 'BertPreTokenizer' }, { type: 'Digits', individual_digits: false }) }),
    word('Digits, each', { pre_tokenizer: steps({ type: 'BertPreTokenizer' }, { type: 'Digits', individual_digits: true }) }),
    word('short words', model('wordpiece', { max_input_chars_per_word: 6 })),
    word('other prefix', model('wordpiece', { continuing_subword_prefix: '' })),
    word('added tokens', extra('wordpiece', [
      { content: 'Kyiv', normalized: true }, { content: 'peacekeepers', normalized: true, single_word: true }, { content: 'man', single_word: true },
      { content: 'troops', lstrip: true, rstrip: true }, { content: 'troop', rstrip: true }, { content: 'É', normalized: true }, { content: '...', lstrip: true }, { content: ' \u00a0 ' }])),
    byte('prefix space', { pre_tokenizer: byteLevel(true), post_processor: { ...bytebpe.post_processor, add_prefix_space: true } }),
    byte('offsets not trimmed', { post_processor: { ...bytebpe.post_processor, trim_offsets: false } }),
    byte('no splitting', { pre_tokenizer: byteLevel(false, false) }),
    byte('ByteLevel post-processor', { normalizer: { type: 'NFC' }, pre_tokenizer: byteLevel(true), post_processor: { type: 'Sequence', processors: [{ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true }] } }),
    byte('ByteLevel normalizer', { normalizer: { type: 'ByteLevel' }, pre_tokenizer: null, post_processor: null }),
    byte('GPT-4', { pre_tokenizer: steps(split({ Regex: gpt4 }, 'Isolated'), byteLevel(false, false)) }),
    byte('GPT-4 removed', { pre_tokenizer: steps(split({ Regex: gpt4 }, 'Removed', true), byteLevel(false, false)) }),
    byte('digits first', { pre_tokenizer: steps({ type: 'Digits', individual_digits: true }, byteLevel(false)) }),
    byte('merges as lines', model('bytebpe', { merges: bytebpe.model.merges.map(m => m.join(' ')) })),
    byte('ignore_merges', model('bytebpe', { ignore_merges: true, merges: bytebpe.model.merges.slice(0, 600) })),
    byte('merges out of order', model('bytebpe', { merges: [...bytebpe.model.merges].reverse() })),
    byte('added tokens', extra('bytebpe', [{ content: '  ', normalized: true }, { content: '   ', normalized: true }, { content: 'Paris', single_word: true, normalized: true }, { content: 'ing', rstrip: true, normalized: true }])),
    chars('byte_fallback', { byte_fallback: true, fuse_unk: true }, llama, null),
    chars('byte_fallback, some bytes unknown', { byte_fallback: true, fuse_unk: true, vocab: Object.fromEntries(Object.entries(charVocab).filter(([p]) => p !== '<0xE2>')) }, llama, null),
    chars('unknown fused', { fuse_unk: true }, null, metaspace('first')),
    chars('unknown apart', {}, null, metaspace('always', false)),
    chars('unknown dropped', { unk_token: null }, null, metaspace('never')),
    chars('prefix and suffix', { continuing_subword_prefix: '@', end_of_word_suffix: '$', vocab: affixed, merges: affixMerges }, bert(), { type: 'BertPreTokenizer' }),
    uni('XLM-R', { normalizer: unigram.normalizer.normalizers[1], pre_tokenizer: steps({ type: 'WhitespaceSplit' }, metaspace('always')) }),
    uni('first', { pre_tokenizer: metaspace('first') }),
    uni('never', { pre_tokenizer: metaspace('never') }),
    uni('not split', { pre_tokenizer: metaspace('always', false) }),
    uni('lower case', { normalizer: sequence(unigram.normalizer.normalizers[1], { type: 'NFKC' }, { type: 'Lowercase' }) }),
    uni('no normalizer', { normalizer: null }),
    uni('byte_fallback', model('unigram', { byte_fallback: true, vocab: [...unigram.model.vocab, ...Array.from({ length: 256 }, (_, b) => [`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`, -20])] })),
    uni('ties', model('unigram', { vocab: unigram.model.vocab.map(([p, score]) => [p, Math.round(score)]) }))
  ]
}
