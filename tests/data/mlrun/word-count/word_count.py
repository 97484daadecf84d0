"""Count words."""
import re


def count_words(context, text, at_least: int = 1, lower=True):
    """Count the words of a text and keep the frequent ones.

    Args:
        text: the file with the text,
            in UTF-8
        at_least (int): how often a word has to be there
        lower (bool): whether `The` is `the`

    Returns:
        Nothing; what is counted is logged.
    """
    content = text.get(encoding="utf-8")
    path = text.local()
    words = re.findall(r"\w+", content.lower() if lower else content)
    counts = {word: words.count(word) for word in sorted(set(words)) if words.count(word) >= at_least}
    context.log_result("words", len(words))
    context.log_result("suffix", path[-4:])
    context.log_artifact("counts", body="\n".join(f"{k} {v}" for k, v in counts.items()), local_path="counts.txt")
