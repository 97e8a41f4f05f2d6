"""Uncased WordPiece: learned from text, written as a `tokenizer.json`, and applied here exactly as the Go side applies it.

Only the shape that this recipe writes is understood: typographic quotes and dashes replaced by their ASCII forms, BERT's
normaliser and word splitting, greedy longest-match pieces. A special token spelt out in a text is plain text here and a
token there, and Python's younger Unicode tables differ in some rare signs; smoke.sh holds both to the same vectors. Offsets
are in characters of the text as given.
"""
import collections
import heapq
import json
import re
import unicodedata

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[AUTHOR]", "[ENT]"]
PAD, UNK, CLS, SEP, MASK, AUTHOR, ENT = range(len(SPECIAL))
REPLACE = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"}
_ASCII_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
MAX_WORD = 100  # characters; a longer word is unknown


def _is_space(c):
    return c in " \t\n\r" or unicodedata.category(c) in ("Zs", "Zl", "Zp")


def _is_control(c):
    return c not in "\t\n\r" and unicodedata.category(c) in ("Cc", "Cf", "Co")


def _is_punctuation(c):
    return (c.isascii() and c.isprintable() and not c.isalnum() and c != " ") or unicodedata.category(c).startswith("P")


def _is_cjk(c):
    o = ord(c)
    return (0x4E00 <= o <= 0x9FFF or 0x3400 <= o <= 0x4DBF or 0x20000 <= o <= 0x2A6DF or 0x2A700 <= o <= 0x2B73F
            or 0x2B740 <= o <= 0x2B81F or 0x2B920 <= o <= 0x2CEAF or 0xF900 <= o <= 0xFAFF or 0x2F800 <= o <= 0x2FA1F)


def _normal_char(c):
    """What one character becomes: "" where it is dropped, " " for any space, lower case without accents otherwise."""
    c = REPLACE.get(c, c)
    if c in "\0\ufffd" or _is_control(c):
        return ""
    if _is_space(c):
        return " "
    bare = "".join(d for d in unicodedata.normalize("NFD", c) if unicodedata.category(d) != "Mn").lower()
    return f" {bare} " if _is_cjk(c) else bare


class Tokenizer:
    """Encodes text with a vocabulary, given as the list of pieces in the order of their ids."""

    def __init__(self, vocab):
        self.vocab = vocab
        self.id = {piece: i for i, piece in enumerate(vocab)}
        self._chars, self._words = {}, {}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            vocab = json.load(f)["model"]["vocab"]
        return cls(sorted(vocab, key=vocab.get))

    def words(self, text):
        """Yields (word, starts): the normalised word and, for each of its characters, the offset it came from."""
        word, starts = [], []
        for i, c in enumerate(text):
            out = self._chars.get(c)
            if out is None:
                out = self._chars[c] = [(d, d == " ", d != " " and _is_punctuation(d)) for d in _normal_char(c)]
            for d, space, punctuation in out:
                if (space or punctuation) and word:
                    yield "".join(word), starts
                    word, starts = [], []
                if punctuation:
                    yield d, [i]
                elif not space:
                    word.append(d)
                    starts.append(i)
        if word:
            yield "".join(word), starts

    def pieces(self, word):
        """The ids of a normalised word and the length of each piece in characters."""
        found = self._words.get(word)
        if found is None:
            found, i = [], 0
            while i < len(word) <= MAX_WORD:
                for j in range(len(word), i, -1):
                    k = self.id.get(("##" if i else "") + word[i:j])
                    if k is not None:
                        found.append((k, j - i))
                        break
                else:
                    found = []
                    break
                i = j
            found = self._words[word] = found or [(UNK, len(word))]
        return found

    def encode(self, text):
        """Returns ids and [(start, end)] of the pieces of text, without special tokens."""
        ids, spans = [], []
        for word, starts in self.words(text):
            at = 0
            for k, n in self.pieces(word):
                ids.append(k)
                spans.append((starts[at], starts[at + n - 1] + 1))
                at += n
        return ids, spans

    def ids(self, text):
        """As encode, without offsets: the fast way for corpora, most of whose text is ASCII."""
        words = _ASCII_WORD.findall(text.lower()) if text.isascii() else (w for w, _ in self.words(text))
        return [k for w in words for k, _ in self.pieces(w)]

    def save(self, path):
        replace = [{"type": "Replace", "pattern": {"String": a}, "content": b} for a, b in REPLACE.items()]
        bert = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
        added = [{"id": i, "content": s, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
                 for i, s in enumerate(SPECIAL)]
        template = lambda *names: [{"SpecialToken" if n.startswith("[") else "Sequence": {"id": n, "type_id": int(n == "B")}} for n in names]
        doc = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
               "normalizer": {"type": "Sequence", "normalizers": replace + [bert]},
               "pre_tokenizer": {"type": "BertPreTokenizer"},
               "post_processor": {"type": "TemplateProcessing", "single": template("[CLS]", "A", "[SEP]"),
                                  "pair": template("[CLS]", "A", "[SEP]", "B", "[SEP]"),
                                  "special_tokens": {s: {"id": s, "ids": [SPECIAL.index(s)], "tokens": [s]} for s in ("[CLS]", "[SEP]")}},
               "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
               "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                         "max_input_chars_per_word": MAX_WORD, "vocab": self.id}}
        with open(path, "w", encoding="utf-8") as f:
            json.dump(doc, f, ensure_ascii=False, indent=0)
            f.write("\n")


def learn(word_counts, size):
    """Learns a vocabulary of the given size by merging the most frequent neighbouring pieces (Sennrich et al. 2016)."""
    letters = collections.Counter()
    for word, n in word_counts.items():
        for i, c in enumerate(word):
            letters[("##" if i else "") + c] += n
    alphabet = {c for c, n in letters.items() if n >= 50}
    words, counts = [], []
    for word, n in word_counts.items():
        pieces = [("##" if i else "") + c for i, c in enumerate(word)]
        if n >= 3 and len(word) < 30 and alphabet.issuperset(pieces):
            words.append(pieces)
            counts.append(n)
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for w, pieces in enumerate(words):
        for pair in zip(pieces, pieces[1:]):
            pairs[pair] += counts[w]
            where[pair].add(w)
    heap = [(-n, pair) for pair, n in pairs.items()]
    heapq.heapify(heap)
    vocab = SPECIAL + sorted(alphabet)
    known = set(vocab)
    while len(vocab) < size and heap:
        n, pair = heapq.heappop(heap)
        if pairs[pair] != -n:  # outdated: queue it again under its count of now
            if pairs[pair] > 0:
                heapq.heappush(heap, (-pairs[pair], pair))
            continue
        merged = pair[0] + pair[1][2:]
        if merged not in known:
            vocab.append(merged)
            known.add(merged)
        for w in where.pop(pair):
            old, new, i = words[w], [], 0
            for q in zip(old, old[1:]):
                pairs[q] -= counts[w]
            while i < len(old):
                both = i + 1 < len(old) and (old[i], old[i + 1]) == pair
                new.append(merged if both else old[i])
                i += 2 if both else 1
            words[w] = new
            for q in zip(new, new[1:]):
                pairs[q] += counts[w]
                where[q].add(w)
                if merged in q:
                    heapq.heappush(heap, (-pairs[q], q))
    return vocab
