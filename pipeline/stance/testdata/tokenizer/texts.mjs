// The texts that tokenizers are compared on. All are made up here: sentences from a small grammar in the manner of news,
// short sentences in many scripts, and both spoilt in every way that a page on the web spoils them. The generator is
// seeded, so that every run gives the same texts.

let state = 20260101
export const random = n => { // 0 to n-1, by xorshift
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5
  return (state >>> 0) % n
}
const pick = list => list[random(list.length)]

const who = ['Paris', 'London', 'the Kremlin', 'President Emmanuel Macron', 'Keir Starmer', 'Friedrich Merz', 'Kyiv', 'NATO',
  'the European Commission', 'Giorgia Meloni', 'Warsaw', 'Ankara', 'the coalition of the willing', 'Volodymyr Zelenskyý',
  'Mette Frederiksen', 'Estonia’s defence minister', 'a senior U.S. official', 'Kristen Michal', 'Moscow', 'Sergei Lavrov',
  'the French president', 'Canberra', 'Ottawa', 'Robert Fico', 'Viktor Orbán', 'Bucharest', 'Petr Pavel', 'the White House',
  'Andrius Kubilius', 'Łukasz Żółkiewski', 'José Ñandú', 'the chief of the general staff', 'diplomats', 'lawmakers in Tallinn']
const says = ['said on Tuesday that', 'told reporters', 'warned', 'insisted again', 'wrote on X that', 'conceded privately that',
  'denied reports that', 'repeated his view that', 'has long argued that', 'did not rule out that', 'signalled', 'announced that']
const what = ['troops could be sent to western Ukraine once a ceasefire holds', 'no soldier of theirs would cross the border',
  'a reassurance force of 25,000 to 30,000 men was being planned', 'any foreign contingent would be a legitimate target',
  'the mission needs an American backstop', 'monitors in uniform might patrol the line of contact',
  'training inside the country was overdue', 'it was too early to talk about boots on the ground',
  'peacekeepers under a UN mandate were the only way', 'the plan amounted to a reckless gamble with other people’s lives',
  'two frigates and eight Typhoon jets stood ready', 'parliament would have the last word, by a two-thirds majority',
  'the idea was “a fantasy” that sabotages the talks', 'logistics hubs in Rzeszów and Constanța would suffice',
  'it would contribute engineers, de-miners and air cover', 'guarantees without soldiers are worthless']
const where = ['in Odesa', 'near Lviv', 'along the Dnipro', 'at the summit in Brussels', 'after a call with Washington',
  'during a visit to Vilnius', 'on the sidelines of the Munich conference', 'by the end of 2026', 'within 72 hours of a truce']
export function sentence () {
  const subject = pick(who)
  const text = `${subject[0].toUpperCase()}${subject.slice(1)} ${pick(says)} ${pick(what)}`
  const end = pick(['.', '.', '.', '!', '?', '…', ';', ' —'])
  return random(3) ? `${text} ${pick(where)}${end}` : text + end
}

const scripts = ['Президент сказал, что войска не будут отправлены.', 'Зеленський зустрівся з послами у Києві.', 'Ђорђе и Ћирић ћуте.',
  'Ο πρωθυπουργός αρνήθηκε· ΣΊΣΥΦΟΣ, Ὀδυσσεύς.', 'رفض الوزير إرسال القوات إلى أوكرانيا.', 'הנשיא אמר שלא יישלחו חיילים.', 'שָׁלוֹם עֲלֵיכֶם',
  '总统表示不会派兵。', '大統領は部隊を派遣しないと述べた。', 'カタカナとひらがな、ｶﾀｶﾅ', '대통령은 파병을 거부했다.', '각나다', 'นายกรัฐมนตรีปฏิเสธที่จะส่งทหาร',
  'राष्ट्रपति ने सैनिक भेजने से इनकार किया।', 'அமைதி வேண்டும்', 'შეხვედრა თბილისში', 'Խաղաղություն', 'ሰላም ለሁሉም', 'სამშვიდობო ძალა', 'ភ្នំពេញ',
  'İstanbul’da ISPARTA’lı ılık IĞDIR', 'Straße, STRASSE, ẞ, ſtraſse', 'Tiếng Việt: Đặng Thị Ngọc Ánh', 'Þórður Æsir Œuvre ŒUVRE', 'Dvořák, Čapek, Łódź, Şırnak',
  'naïve café résumé coöperate façade Ångström', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝒯ℯ𝓍𝓉 𝟙𝟚𝟛', '𠀀𠮷野家 𪚥 龍', 'ＦＵＬＬ　ＷＩＤＴＨ１２３！', 'ﬁnance ofﬂine eﬃcient ﬆ', '① ② Ⅷ ½ ㎏ ℃ ™ № ㍿',
  'ǅ ǆ Ǆ ŉ ΐ ẖ', 'Z̸̧̢̛͇̗a̶͝l̷͌g̵o̴', 'ȧ̱b̈̇ͅ', '٠١٢٣ ०१२३ ๐๑๒ ௧', '﷽ ﷺ ﻻ', 'ᚠᛇᚻ ᛒᛦᚦ', '𐌰𐌱 𐍈 𐤀', '꧁꧂ ⸘‽⸙ ⹁', '〈《「『【〔〖〘〚', 'ʻokina ʼaleph ˈstress']
const marks = ['👍', '👍🏽', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🇺🇦🇪🇺', '🫡', '☺️', '❤', '✈️', '1️⃣', '#️⃣', '🤷🏿‍♀️', '🧑🏻‍🚀', '🪖', '💣', '🫨', '🛜']
const spaces = [' ', '  ', '   ', '\t', '\n', '\r\n', '\n\n', '\u000b', '\f', '\u0085', '\u00a0', '\u1680', '\u2000', '\u2002', '\u2003', '\u2007', '\u2009',
  '\u200a', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\u200b', '\u2060', '\ufeff', '\u180e', ' \u00a0 ', '\u00a0\u00a0']
const odd = ['\u0000', '\u0001', '\u0007', '\u001b[31m', '\u007f', '\u0080', '\u009f', '\u00ad', '\u034f', '\u061c', '\u200c', '\u200d', '\u200e', '\u200f', '\u202a', '\u202e',
  '\u2066', '\ufe0f', '\ufff9', '\ufffd', '\ufffe', '\ue000', '\uf8ff', '\u{f0000}', '\u{10fffd}', '\u{e0041}', '\u0301', '\u0327\u0301', '\u0345', '\u05b0', '\u3099', '\u20dd',
  '\u0130', '\u0131', '\u1e9e', '\u212a', '\u212b', '\u2126', '\u0958', '\ufb1d', '\u1d160', '\uac00\u11a8', '\u1100\u1161\u11a8', '\u0344', '\u0f73', '\u0e33', '\u0140', '\ufb4f', '\u2581']
const special = ['[SEP]', '[CLS]', '[UNK]', '[PAD]', '[MASK]', '[AUTHOR]', '[ENT]', '[sep]', '[ SEP ]', '[SEP', 'SEP]', '[[SEP]]', 'x[SEP]y', '[MASK].', ' [MASK] ', '[AUTHOR][ENT]',
  '<s>', '</s>', '<unk>', '<pad>', '<mask>', ' <mask> ', 'a<mask>b', '<S>', '< s >', '<<s>>', '<s></s>', '<|endoftext|>', '▁', '▁▁a', 'Ġ', 'Ċ', '##ing', '<0x0A>', '</w>']
const plain = ['https://www.example.org/world/2026/03/europe-troops?id=42&utm_source=rss#top', 'www.example.com', 'press@example.org', '@KyivDesk', '#StandWithUkraine',
  '3.5%', '€1,200.50', '$4bn', '12:30 GMT', '24/02/2022', '2026-03-04T05:06:07Z', '+44 20 7946 0958', 'F-16', 'MiG-29s', '155mm', '1990s', '50,000-strong', 'Q&A', 'AT&T', 'U.S.',
  "don't", 'don’t', "we'll", "they've", "I'm", "he'd", "DON'T", "rock 'n' roll", "the soldiers' pay", '“Never,” he said—twice.', '‘No’', '«Non»', '„Nein“', '--', '...', '……', '!!!', '?!?!',
  '****', '_____', '=====', '~~~', '* * *', '- - -', '•', '· ·', '|', '\\', '`code`', '{"a": [1, 2]}', '<p class="x">text</p>', '&nbsp;&amp;', 'a/b', 'C++', 'x^2', 'a_b_c', 'CamelCaseWord',
  'aaaa', 'aaaaa', 'aaaaaaa', 'hahahaha', 'hahahahaha', 'no no no no', 'Zzzzzzz', 'ooooooooooo', 'abcabcabcabc', '1111111', '.......', '-----', '      ', '\n\n\n\n', 'ababababab', 'eeeeeeeeee e']
const long = ['a'.repeat(300), 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(7), 'ха'.repeat(150), '字'.repeat(120), 'x'.repeat(100), 'y'.repeat(101), 'é'.repeat(100), 'e\u0301'.repeat(101),
  'qzjxkv'.repeat(60), '0123456789'.repeat(30), 'troops'.repeat(40), 'un'.repeat(64), ('http://a.b/' + 'c-d_e'.repeat(50)), '👍🏽'.repeat(30), 'a\u0301\u0327'.repeat(40), '\u200d'.repeat(50)]

const spoil = [
  s => s.normalize('NFD'), s => s.normalize('NFKD'), s => s.toUpperCase(), s => s.toLowerCase(),
  s => s.replaceAll("'", '’').replaceAll(' ', '\u00a0'), s => s.replaceAll(' ', () => pick(spaces)), s => s.replaceAll(' ', ''),
  s => '\ufeff' + s, s => pick(spaces) + s, s => s + pick(spaces), s => insert(s, '\ufeff'), s => insert(s, '\u00ad'), s => insert(insert(s, pick(odd)), pick(odd)),
  s => insert(s, pick(marks)), s => insert(s, ' ' + pick(marks) + ' '), s => insert(s, pick(special)), s => insert(s, ' ' + pick(special) + ' '), s => insert(s, pick(plain)),
  s => insert(s, ' ' + pick(scripts) + ' '), s => insert(s, pick(spaces)), s => s + ' ' + sentence() + '\n' + sentence(), s => [...s].join(pick(['\u200b', '\u0301', ' ', '-', '\u00ad'])),
  s => [...s].map(c => /[!-~]/.test(c) ? String.fromCodePoint(c.charCodeAt(0) + 0xfee0) : c).join(''), s => [...s].slice(0, 40).reverse().join('')]
function insert (s, what) {
  const chars = [...s]
  chars.splice(random(chars.length + 1), 0, what)
  return chars.join('')
}
// randomly joined code points, of all planes, so that nothing rests on what somebody thought of
function soup () {
  const from = [[0, 0x80], [0x80, 0x500], [0x500, 0x2000], [0x2000, 0x3100], [0x300, 0x370], [0x3100, 0xd800], [0xe000, 0x10000], [0x10000, 0x110000], [0x1f000, 0x1fb00]]
  return Array.from({ length: 1 + random(24) }, () => {
    const [low, high] = pick(from)
    return String.fromCodePoint(low + random(high - low))
  }).join(pick(['', '', ' ']))
}

export function texts () {
  const all = ['', ...spaces, ...scripts, ...marks, ...odd, ...special, ...plain, ...long]
  for (const s of [...spaces, ...odd, ...marks]) all.push(`a${s}b`, `Ab ${s} Cd`, s + s + 'é')
  for (let i = 0; i < 250; i++) all.push(sentence())
  for (let i = 0; i < 1100; i++) all.push(pick(spoil)(random(4) ? sentence() : pick(scripts)))
  for (let i = 0; i < 250; i++) all.push(soup())
  all.push(Array.from({ length: 40 }, sentence).join(' '), Array.from({ length: 60 }, () => pick(spoil)(pick(plain))).join(' '))
  return [...new Set(all.filter(s => s.isWellFormed()))]
}
