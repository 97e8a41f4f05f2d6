"""The figures of package evaluate, computed by scikit-learn, statsmodels and numpy: cases as JSON on stdin, figures on stdout.

A case has for each pair the gold label and what was said, "" where nothing was; its probabilities; whether it is the author;
whether the judge abstained; and, of a second judge, what he said.
"""
import json
import sys
import warnings

import numpy as np
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar

LABELS = ["pro", "anti", "neutral"]
SIDES = ["pro", "anti"]


def f1_of(gold, said, labels):
    """Precision, recall and F1 over some labels together."""
    p, r, f, _ = metrics.precision_recall_fscore_support(gold, said, labels=labels, average="micro", zero_division=0)
    return {"precision": p, "recall": r, "f1": f}


def given(gold, said):
    """Where each gold actor stands; one of whom nothing is said has taken no side."""
    return np.array([g for g in gold if g]), np.array([s or "neutral" for g, s in zip(gold, said) if g])


def figures(case):
    gold, said = np.array(case["gold"]), np.array(case["said"])
    known, author, abstained = gold != "", np.array(case["author"]), np.array(case["abstained"])
    out = {
        "triples": f1_of(gold, said, SIDES),
        "actors": f1_of(known[~author].astype(int), (said[~author] != "").astype(int), [1]) if (~author).any() else f1_of([0], [0], [1]),
        "sure": f1_of(gold[~abstained], said[~abstained], SIDES)["precision"] if (~abstained).any() else 0,
        "percentiles": np.percentile(case["numbers"], case["percents"]).tolist(),
    }
    g, s = given(gold, said)
    if len(g):
        p, r, f, n = metrics.precision_recall_fscore_support(g, s, labels=LABELS, zero_division=0)
        kappa = metrics.cohen_kappa_score(g, s, labels=LABELS)
        out |= {
            "macro_f1": metrics.f1_score(g, s, labels=LABELS, average="macro", zero_division=0),
            "sides_f1": metrics.f1_score(g, s, labels=SIDES, average="macro", zero_division=0),
            "accuracy": metrics.accuracy_score(g, s),
            "kappa": None if np.isnan(kappa) else kappa,
            "matrix": metrics.confusion_matrix(g, s, labels=LABELS).tolist(),
            "precision": p.tolist(), "recall": r.tolist(), "f1": f.tolist(), "gold": n.astype(int).tolist(),
        }
        right, right2 = g == s, g == given(gold, case["second"])[1]
        table = [[(right & right2).sum(), (right & ~right2).sum()], [(~right & right2).sum(), (~right & ~right2).sum()]]
        out |= {"only_first": int(table[0][1]), "only_second": int(table[1][0]), "p": mcnemar(table, exact=True).pvalue}
    seen = known & (said != "")
    if seen.any():
        g, s, p = gold[seen], said[seen], np.array(case["p"])[seen]
        out["brier"] = sum(np.mean((p[:, k] - (g == label)) ** 2) if len(set(g == label)) < 2 else metrics.brier_score_loss(g == label, p[:, k])
                           for k, label in enumerate(LABELS))
        order = sorted(range(3), key=LABELS.__getitem__)  # as scikit-learn has them
        out["log_loss"] = metrics.log_loss(g, p[:, order], labels=[LABELS[k] for k in order])
        confidence = p[np.arange(len(s)), [LABELS.index(x) for x in s]]
        accuracy, mean = calibration_curve(g == s, confidence, n_bins=10) if len(set(g == s)) == 2 else (None, None)
        if accuracy is not None:
            bins = np.searchsorted(np.linspace(0, 1, 11)[1:-1], confidence)
            share = np.unique(bins, return_counts=True)[1] / len(s)
            out |= {"bins_accuracy": accuracy.tolist(), "bins_confidence": mean.tolist(), "ece": float((share * abs(accuracy - mean)).sum())}
    sided = np.isin(said, SIDES)
    if sided.any():  # the area under risk-coverage, by its definition: the mean, over the rows surest first, of the share of wrong ones so far
        wrong = (said != gold)[sided][np.argsort(-np.array(case["margin"])[sided])]
        out["aurc"] = float((wrong.cumsum() / np.arange(1, len(wrong) + 1)).mean())
    return out


warnings.simplefilter("ignore")
print(json.dumps([figures(case) for case in json.load(sys.stdin)]))
