"""Puts the figures that `stance eval --json` prints into a model card, between its lines <!-- figures --> and <!-- end -->.

    figures.py CARD.md dev.json test.json
"""
import json
import sys

BEGIN, END = "<!-- figures -->\n", "<!-- end -->\n"
ROWS = [("macro-F1 given the gold actors", "macro_f1"), ("mean F1 of pro and anti", "sides_f1"), ("accuracy", "accuracy"), ("Cohen's κ against gold", "kappa"),
        ("F1 of pro and anti triples, end to end", "triples_f1"), ("precision of pro and anti that are not abstained", "sure_precision"),
        ("their share of all pro and anti", "sure_coverage"), ("finder: precision of actors", "actors_precision"), ("finder: recall of actors", "actors_recall")]


def interval(e):
    return f"{e['value']:.3f} ({e['low']:.3f} - {e['high']:.3f})"


def table(heading, rows):
    lines = [heading, ["---"] * len(heading)] + rows
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def main():
    card = sys.argv[1]
    reports = [json.load(open(path, encoding="utf-8")) for path in sys.argv[2:]]
    names = [r["data"]["path"].rsplit("/", 1)[-1].removesuffix(".jsonl") for r in reports]
    models = [next(j for j in r["judges"] if j["kind"] == "model") for r in reports]
    heading = [f"{n}: {r['data']['articles']} articles, {r['data']['pairs']:,} pairs" for n, r in zip(names, reports)]
    out = table([""] + heading, [[title] + [interval(m["estimates"][key]) for m in models] for title, key in ROWS])
    out += "\n" + table(["macro-F1, triples' F1"] + names, [
        [j["id"]] + [f"{k['metrics']['macro_f1']:.3f}, {k['metrics']['triples']['f1']:.3f}" for k in (next(k for k in r["judges"] if k["id"] == j["id"]) for r in reports)]
        for j in reports[0]["judges"]])
    out += "\n" + table(["precision / recall"] + names, [
        [label] + [f"{m['metrics']['labels'][label]['precision']:.3f} / {m['metrics']['labels'][label]['recall']:.3f}" for m in models] for label in ("pro", "anti", "neutral")]
        + [["triples"] + [f"{m['metrics']['triples']['precision']:.3f} / {m['metrics']['triples']['recall']:.3f}" for m in models]])
    out += "\nmacro-F1 and number of pairs, by kind of actor, rule of the codebook, genre and length (\"few\": too few to say anything):\n\n"
    slices = [{(s["by"], s["name"]): s for s in m["slices"]} for m in models]
    rows = []
    for by in ("actor", "rule", "genre", "length", "sides"):
        for name in sorted({n for part in slices for b, n in part if b == by}):
            cell = lambda s: "-" if s is None else f"few ({s['pairs']})" if s["few"] else f"{s['macro_f1']:.2f} ({s['pairs']})"
            rows.append([f"{by}: {name}"] + [cell(part.get((by, name))) for part in slices])
    out += table([""] + names, rows)
    behaviour = next((m["behaviour"] for m in models if m.get("behaviour")), [])
    if behaviour:
        share = lambda part, whole: f"{100 * part / whole:.0f} %"
        out += "\nBehavioural suite: cases that fail, and cases in which the names alone move a label (the same sentence with other actors is answered otherwise):\n\n"
        out += table(["", "cases", "failed", "moved by names"], [[c["name"], c["cases"], share(c["failed"], c["cases"]), share(c["moved"], c["cases"])] for c in behaviour]
                     + [["all"] + [n := sum(c["cases"] for c in behaviour), share(sum(c["failed"] for c in behaviour), n), share(sum(c["moved"] for c in behaviour), n)]])
    with open(card, encoding="utf-8") as f:
        before, rest = f.read().split(BEGIN)
    with open(card, "w", encoding="utf-8") as f:
        f.write(before + BEGIN + "\n" + out + "\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
